/// Tokens for which the pod's volumes have a place. The supervisor signs them, and puts new ones there in time.
public struct ServiceAccountTokens: Sendable, Equatable, BinaryCodable {
    public struct Token: Sendable, Equatable, BinaryCodable {
        /// Index into `PodPlan.volumes`; one of files.
        public var volume: UInt32
        /// Within the volume.
        public var path: String
        /// Permission bits.
        public var mode: UInt32
        public var audience: String
        /// Seconds.
        public var lifetime: Int64
        /// The uid of the file's owner.
        public var owner: UInt32

        public init(volume: UInt32, path: String, mode: UInt32, audience: String, lifetime: Int64, owner: UInt32) {
            self.volume = volume
            self.path = path
            self.mode = mode
            self.audience = audience
            self.lifetime = lifetime
            self.owner = owner
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(volume)
            encoder.encode(path)
            encoder.encode(mode)
            encoder.encode(audience)
            encoder.encode(lifetime)
            encoder.encode(owner)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            volume = try decoder.decode()
            path = try decoder.decode()
            mode = try decoder.decode()
            audience = try decoder.decode()
            lifetime = try decoder.decode()
            owner = try decoder.decode()
        }
    }

    /// Where the key is kept, for all pods: `/var/lib/swiftlet/service-account`.
    public var directory: String
    public var issuer: String
    public var serviceAccount: String
    public var nodeName: String
    public var tokens: [Token]

    public init(
        directory: String, issuer: String, serviceAccount: String, nodeName: String, tokens: [Token] = []
    ) {
        self.directory = directory
        self.issuer = issuer
        self.serviceAccount = serviceAccount
        self.nodeName = nodeName
        self.tokens = tokens
    }

    /// Seconds after which the first of them has to be renewed, counted from when they were issued: 80 % of its life, and a
    /// day at most (`requiresRefresh` of pkg/kubelet/token/token_manager.go).
    public var renewalInterval: Int64 {
        tokens.map { min($0.lifetime / 10 * 8, 24 * 3600) }.min() ?? 24 * 3600
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode([directory, issuer, serviceAccount, nodeName])
        encoder.encode(tokens)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        let list = try decoder.decode([String].self)
        guard list.count == 4 else { throw .invalidValue("ServiceAccountTokens") }
        self.init(directory: list[0], issuer: list[1], serviceAccount: list[2], nodeName: list[3])
        tokens = try decoder.decode()
    }
}
