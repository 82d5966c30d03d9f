/// A seccomp program, as seccomp(2) takes it.
public struct FilterPlan: Sendable, Hashable, BinaryCodable {
    /// An array of `struct sock_filter`.
    public var program: [UInt8]
    /// SECCOMP_FILTER_FLAG_ values.
    public var flags: UInt32
    /// It may refuse anything, so nothing but exec may come after it. The default profile lets a container go on to prepare.
    public var isLocalhost: Bool

    public init(program: [UInt8], flags: UInt32 = 0, isLocalhost: Bool = false) {
        self.program = program
        self.flags = flags
        self.isLocalhost = isLocalhost
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(program)
        encoder.encode(flags)
        encoder.encode(isLocalhost)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        program = try decoder.decode()
        flags = try decoder.decode()
        isLocalhost = try decoder.decode()
    }
}
