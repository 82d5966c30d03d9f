import CLinux
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

extension ContainerProcess {
    /// Environment and command by the env files, read from the pod's volumes in its own mount namespace, before the container
    /// has a root. Its other containers write there: nothing leads out of the volume, and only a regular file is read.
    func resolve(_ late: LateEnvironment) throws(LaunchFailure) -> (environment: [String], argv: [String]) {
        do throws(EnvFile.Failure) {
            return try late.resolve { (volume, path) throws(EnvFile.Failure) in
                try readFile(path, in: volumes.path(Int(volume)))
            }
        } catch {
            throw LaunchFailure(.environment, errno: EINVAL, path: error.message)
        }
    }

    /// For a further program in a container that runs: as the files are now; without them where they are no longer good.
    mutating func takeFileEnvironment() {
        guard let late = plan.containers[index].lateEnvironment, let resolved = try? resolve(late) else { return }
        plan.containers[index].environment = resolved.environment
    }

    private func readFile(_ path: String, in volume: String) throws(EnvFile.Failure) -> [UInt8]? {
        let directory = swl_open(volume, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        guard directory >= 0 else { return nil }
        let root = OwnedFD(directory)
        let fd = swl_openat2(
            root.raw, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0,
            UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_MAGICLINKS))
        if fd == -ENOENT || fd == -ENOTDIR { return nil }
        guard fd >= 0 else { throw EnvFile.Failure(message: String(cString: strerror(-fd)).lowercased()) }
        let file = OwnedFD(fd)
        guard let status = try? FileStatus(file.raw), status.kind == .file else {
            throw EnvFile.Failure(message: "is no regular file")
        }
        return FileContent.read(file.raw, limit: EnvFile.maximumSize + 1)
    }
}
