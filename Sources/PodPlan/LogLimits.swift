/// How much of a container's output is kept: the kubelet's `containerLogMaxSize` and `containerLogMaxFiles`.
public struct LogLimits: Sendable, Equatable, BinaryCodable {
    /// Bytes. A file that has reached this size is written to no more; the next one takes its place.
    public var size: UInt64
    /// The file that is written to included; 2 or more.
    public var files: UInt32

    public init(size: UInt64 = 10 << 20, files: UInt32 = 5) {
        self.size = size
        self.files = files
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(size)
        encoder.encode(files)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        size = try decoder.decode()
        files = try decoder.decode()
    }
}
