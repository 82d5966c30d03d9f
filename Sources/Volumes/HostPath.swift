import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// A hostPath with the check that its type asks for (`pkg/volume/hostpath/host_path.go`). The check is made on the very
/// descriptor that is mounted afterwards, so nobody can put something else there in between.
struct HostPath {
    let volume: String
    let path: String
    let type: VolumePlan.HostPathType

    init(volume: String, path: String, type: VolumePlan.HostPathType) {
        self.volume = volume
        self.path = path
        self.type = type
    }

    /// nil: the volume's data is not a path of the host.
    init?(_ plan: VolumePlan) {
        switch plan.source {
        case .hostPath(let path, let type): self.init(volume: plan.name, path: path, type: type)
        case .directory(let path): self.init(volume: plan.name, path: path, type: .directory)
        case .emptyDirectory, .memory, .hugePages, .files: return nil
        }
    }

    /// The descriptor is O_PATH.
    func open() throws(VolumeError) -> OwnedFD {
        guard path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw VolumeError(volume, "hostPath \(path) must be absolute, without '..'")
        }
        do {
            guard let file = try openOrMake() else { throw VolumeError(volume, "hostPath \(path) doesn't exist") }
            let kind = try FileStatus(file.raw).kind
            if let (wanted, description) = expected, kind != wanted {
                throw VolumeError(
                    volume, "hostPath type check failed: \(path) is not a \(description), it's a \(Self.name(kind))")
            }
            return file
        } catch let error as SystemError {
            throw VolumeError(volume, error)
        } catch let error as VolumeError {
            throw error
        } catch {
            throw VolumeError(volume, "\(error)")
        }
    }

    private func openOrMake() throws(SystemError) -> OwnedFD? {
        let flags = Int32(SWL_O_PATH)
        var fd = swl_openat2(SWL_AT_FDCWD, path, flags, 0, UInt64(SWL_RESOLVE_NO_MAGICLINKS))
        if fd == -ENOENT {
            switch type {
            case .unset, .directoryOrCreate:
                try makeDirectories()
            case .fileOrCreate:
                // Never through a link that somebody has put there, and never into a FIFO that nobody reads.
                let made = swl_open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644)
                if made != -EEXIST { _ = OwnedFD(try check(made, "open", path)) }
            default:
                return nil
            }
            fd = swl_openat2(SWL_AT_FDCWD, path, flags, 0, UInt64(SWL_RESOLVE_NO_MAGICLINKS))
        }
        return OwnedFD(try check(fd, "open", path))
    }

    private var expected: (FileStatus.Kind, String)? {
        switch type {
        case .unset: nil
        case .directory, .directoryOrCreate: (.directory, "directory")
        case .file, .fileOrCreate: (.file, "file")
        case .socket: (.socket, "socket file")
        case .charDevice: (.characterDevice, "character device")
        case .blockDevice: (.blockDevice, "block device")
        }
    }

    /// The API's names for what may be there.
    private static func name(_ kind: FileStatus.Kind) -> String {
        switch kind {
        case .directory: "Directory"
        case .file: "File"
        case .socket: "Socket"
        case .characterDevice: "CharDevice"
        case .blockDevice: "BlockDevice"
        case .fifo: "FIFO"
        case .link: "symbolic link"
        }
    }

    private func makeDirectories() throws(SystemError) {
        var prefix = ""
        for component in path.split(separator: "/") {
            prefix += "/" + component
            let made = swl_mkdirat(SWL_AT_FDCWD, prefix, 0o755)
            if made == -EEXIST { continue }
            try check(made, "mkdir", prefix)
            let directory = OwnedFD(
                try check(swl_open(prefix, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", prefix))
            try check(swl_chmod_fd(directory.raw, 0o755), "chmod", prefix)
        }
    }
}
