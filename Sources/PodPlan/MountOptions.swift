/// What a mount of a volume is like beyond its place.
public struct MountOptions: Sendable, Equatable, BinaryCodable {
    /// How mounts that are made later, below the volume, spread.
    public enum Propagation: UInt8, Sendable {
        case none, hostToContainer, bidirectional
    }

    public var propagation: Propagation
    /// Also the mounts below it are read-only (KEP-3857).
    public var recursiveReadOnly: Bool
    /// `bindMountOptions` (KEP-5855). Volumes have no devices and no set-user-ID programs anyway, but for a volume that is
    /// a device itself.
    public var noExecution: Bool
    public var noDevices: Bool
    /// Of `volumeDevices`: the volume is a block device.
    public var isDevice: Bool

    public init(
        propagation: Propagation = .none, recursiveReadOnly: Bool = false, noExecution: Bool = false,
        noDevices: Bool = false, isDevice: Bool = false
    ) {
        self.propagation = propagation
        self.recursiveReadOnly = recursiveReadOnly
        self.noExecution = noExecution
        self.noDevices = noDevices
        self.isDevice = isDevice
    }

    /// Whether a plain bind mount will do.
    public var isPlain: Bool { propagation == .none && !recursiveReadOnly && !noExecution && !noDevices }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(propagation)
        encoder.encode(recursiveReadOnly)
        encoder.encode(noExecution)
        encoder.encode(noDevices)
        encoder.encode(isDevice)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        propagation = try decoder.decode()
        recursiveReadOnly = try decoder.decode()
        noExecution = try decoder.decode()
        noDevices = try decoder.decode()
        isDevice = try decoder.decode()
    }
}
