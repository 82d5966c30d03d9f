/// core/v1 HostPathType.
public enum HostPathType: String, Sendable, CaseIterable {
    case unset = ""
    case directoryOrCreate = "DirectoryOrCreate"
    case directory = "Directory"
    case fileOrCreate = "FileOrCreate"
    case file = "File"
    case socket = "Socket"
    case charDevice = "CharDevice"
    case blockDevice = "BlockDevice"
}

/// core/v1 KeyToPath.
public struct KeyToPath: Sendable, Equatable {
    public var key: String
    public var path: String
    /// Permission bits; nil: the volume's `defaultMode`.
    public var mode: UInt32?

    public init(key: String, path: String, mode: UInt32? = nil) {
        self.key = key
        self.path = path
        self.mode = mode
    }
}

/// core/v1 Volume: the sources that are carried out.
public struct Volume: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        case emptyDir(EmptyDir)
        case hostPath(path: String, type: HostPathType)
        /// `items` nil: every key.
        case configMap(name: String, items: [KeyToPath]?, defaultMode: UInt32, optional: Bool)
        case secret(name: String, items: [KeyToPath]?, defaultMode: UInt32, optional: Bool)
        case persistentVolumeClaim(name: String, readOnly: Bool)
        case ephemeral(VolumeClaimTemplate)
        /// `host:/some/dir`, or an image reference.
        case image(reference: String)
        case downwardAPI(items: [DownwardAPIFile], defaultMode: UInt32)
        case projected(sources: [VolumeProjection], defaultMode: UInt32)
    }

    public var name: String
    public var source: Source

    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}
