/// What a volume is like, whatever its source is.
public struct VolumeOptions: Sendable, Equatable, BinaryCodable {
    /// Permission bits, the sticky bit among them, of a volume's root that is made for the pod.
    public var mode: UInt32
    /// The claim's own `readOnly`: no container writes to it, and its owner and permissions are left alone.
    public var readOnly: Bool

    public init(mode: UInt32 = 0o777, readOnly: Bool = false) {
        self.mode = mode
        self.readOnly = readOnly
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(mode)
        encoder.encode(readOnly)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        mode = try decoder.decode()
        readOnly = try decoder.decode()
    }
}
