/// How much of the host's disk a pod's emptyDirs, logs and writable layers may take. A pod that takes more is evicted.
public struct StorageLimits: Sendable, Equatable, BinaryCodable {
    public struct Limit: Sendable, Equatable, BinaryCodable {
        /// Index of the volume or container.
        public var index: UInt32
        public var bytes: UInt64
        /// As the API writes it.
        public var quantity: String

        public init(index: UInt32 = 0, bytes: UInt64, quantity: String) {
            self.index = index
            self.bytes = bytes
            self.quantity = quantity
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(index)
            encoder.encode(bytes)
            encoder.encode(quantity)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            index = try decoder.decode()
            bytes = try decoder.decode()
            quantity = try decoder.decode()
        }
    }

    /// `sizeLimit` of emptyDirs on disk.
    public var volumes: [Limit] = []
    /// All `ephemeral-storage` limits together.
    public var pod: Limit?
    /// `ephemeral-storage` of each app container that has such a limit.
    public var containers: [Limit] = []

    public init() {}

    public var isEmpty: Bool { volumes.isEmpty && pod == nil && containers.isEmpty }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(volumes)
        encoder.encode(pod)
        encoder.encode(containers)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        volumes = try decoder.decode()
        pod = try decoder.decode()
        containers = try decoder.decode()
    }
}
