/// core/v1 ResourceFieldSelector: a container's limit or request, as a number of `divisor`s, rounded up.
public struct ResourceFieldSelector: Sendable, Equatable {
    /// Empty in a container's own environment: that container.
    public var containerName: String
    /// `limits.cpu`, `requests.memory` …
    public var resource: String
    /// 0: 1.
    public var divisor: Quantity

    public init(containerName: String = "", resource: String, divisor: Quantity = Quantity(value: 0)) {
        self.containerName = containerName
        self.resource = resource
        self.divisor = divisor
    }
}

/// core/v1 DownwardAPIVolumeFile.
public struct DownwardAPIFile: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// A path as the manifest has it: `metadata.labels`, `metadata.annotations['build']` …
        case field(String)
        case resource(ResourceFieldSelector)
    }

    public var path: String
    public var source: Source
    /// Permission bits; nil: the volume's `defaultMode`.
    public var mode: UInt32?

    public init(path: String, source: Source, mode: UInt32? = nil) {
        self.path = path
        self.source = source
        self.mode = mode
    }
}

/// core/v1 VolumeProjection: the sources that are carried out.
public enum VolumeProjection: Sendable, Equatable {
    /// `items` nil: every key.
    case secret(name: String, items: [KeyToPath]?, optional: Bool)
    case configMap(name: String, items: [KeyToPath]?, optional: Bool)
    case downwardAPI(items: [DownwardAPIFile])
    /// `audience` empty: the issuer; `expirationSeconds` of each token's life.
    case serviceAccountToken(audience: String, expirationSeconds: Int64, path: String)
}
