/// The steps between `clone3` and a running program. The codes are stable: they stand in status messages and in bug reports.
public enum LaunchStep: UInt8, Sendable, CaseIterable {
    case clone = 1
    case cgroup = 2
    case session = 3
    case propagation = 4
    case rootFS = 5
    case proc = 6
    case sys = 7
    case dev = 8
    case volume = 9
    case mask = 10
    case pivot = 11
    case workingDirectory = 12
    case limits = 13
    case keyring = 14
    case groups = 15
    case user = 16
    case capabilities = 17
    case filter = 18
    case exec = 19
    case terminationMessage = 20
    case confinement = 21
    /// The path says what is wrong.
    case environment = 22
}

/// Why a container did not start: the step, the system's error, and the path it was about.
public struct LaunchFailure: Error, Sendable, Equatable, BinaryCodable {
    public var step: LaunchStep
    public var errno: Int32
    public var path: String

    public init(_ step: LaunchStep, errno: Int32, path: String = "") {
        self.step = step
        self.errno = errno
        self.path = path
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(step)
        encoder.encode(errno)
        encoder.encode(path)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        step = try decoder.decode()
        errno = try decoder.decode()
        path = try decoder.decode()
    }
}
