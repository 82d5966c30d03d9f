/// A volume of the pod and what it is on the host.
public struct VolumePlan: Sendable, Equatable, BinaryCodable {
    public enum Source: Sendable, Equatable {
        /// A directory below the pod's state directory, removed with the pod.
        case emptyDirectory
        /// A tmpfs that the pod's containers share; `size` in bytes, 0: the kernel's default (half of the memory).
        case memory(size: UInt64)
        /// A hugetlbfs; both in bytes, `size` 0: no limit of its own.
        case hugePages(pageSize: UInt64, size: UInt64)
        /// A path of the host, with the check that its type asks for.
        case hostPath(path: String, type: HostPathType)
        /// The data of a bound PersistentVolume: a directory that has to be there.
        case directory(path: String)
        /// Files on a tmpfs, laid out by the kubelet's atomic writer: ConfigMaps and Secrets.
        case files([FilePlan])
    }

    /// As in the API; `unset` means no check, and a missing directory is made, as container runtimes do.
    public enum HostPathType: UInt8, Sendable, CaseIterable {
        case unset, directoryOrCreate, directory, fileOrCreate, file, socket, charDevice, blockDevice
    }

    public var name: String
    public var source: Source
    public var options: VolumeOptions

    public init(name: String, source: Source, options: VolumeOptions = VolumeOptions()) {
        self.name = name
        self.source = source
        self.options = options
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(name)
        encoder.encode(options)
        switch source {
        case .emptyDirectory:
            encoder.encode(UInt8(0))
        case .memory(let size):
            encoder.encode(UInt8(1))
            encoder.encode(size)
        case .hostPath(let path, let type):
            encoder.encode(UInt8(2))
            encoder.encode(path)
            encoder.encode(type)
        case .directory(let path):
            encoder.encode(UInt8(3))
            encoder.encode(path)
        case .files(let files):
            encoder.encode(UInt8(4))
            encoder.encode(files)
        case .hugePages(let pageSize, let size):
            encoder.encode(UInt8(5))
            encoder.encode(pageSize)
            encoder.encode(size)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        name = try decoder.decode()
        options = try decoder.decode()
        switch try decoder.decode(UInt8.self) {
        case 0: source = .emptyDirectory
        case 1: source = .memory(size: try decoder.decode())
        case 2: source = .hostPath(path: try decoder.decode(), type: try decoder.decode())
        case 3: source = .directory(path: try decoder.decode())
        case 4: source = .files(try decoder.decode())
        case 5: source = .hugePages(pageSize: try decoder.decode(), size: try decoder.decode())
        default: throw .invalidValue("VolumePlan.Source")
        }
    }
}

/// A mount of one of the pod's volumes in a container.
public struct MountPlan: Sendable, Equatable, BinaryCodable {
    /// Index into `PodPlan.volumes`.
    public var volume: UInt32
    /// Absolute, inside the container; made there where it is missing.
    public var mountPath: String
    /// Relative, inside the volume; empty: the volume itself.
    public var subPath: String
    public var readOnly: Bool
    public var options: MountOptions

    public init(
        volume: UInt32, mountPath: String, subPath: String = "", readOnly: Bool = false,
        options: MountOptions = MountOptions()
    ) {
        self.volume = volume
        self.mountPath = mountPath
        self.subPath = subPath
        self.readOnly = readOnly
        self.options = options
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(volume)
        encoder.encode(mountPath)
        encoder.encode(subPath)
        encoder.encode(readOnly)
        encoder.encode(options)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        volume = try decoder.decode()
        mountPath = try decoder.decode()
        subPath = try decoder.decode()
        readOnly = try decoder.decode()
        options = try decoder.decode()
    }
}
