import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// A pod's log directory, `<pod>/<container>/<restart>.log`. It is opened before the first container starts: one that is given
/// the logs as a hostPath may put links in their place. No link is followed below it, and nothing but a regular file is taken
/// (CVE-2025-0750, CVE-2026-53489).
struct LogDirectory: ~Copyable {
    let path: String
    private let descriptor: OwnedDescriptor?

    init(_ path: String) {
        self.path = path
        // Where it has gone no log can be written, which is no reason to lose a running pod.
        let opened = swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        descriptor = opened < 0 ? nil : OwnedDescriptor(OwnedFD(opened))
    }

    private static let resolve = UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_SYMLINKS)

    func openFile(_ container: String, attempt: UInt32, _ flags: Int32) throws(SystemError) -> OwnedFD {
        let name = "\(container)/\(attempt).log"
        guard let descriptor else { throw SystemError(errno: ENOENT, call: "open", path: "\(path)/\(name)") }
        let fd = OwnedFD(
            try check(
                swl_openat2(descriptor.raw, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o640, Self.resolve),
                "open", "\(path)/\(name)"))
        guard try FileStatus(fd.raw).kind == .file else {
            throw SystemError(errno: EINVAL, call: "open", path: "\(path)/\(name)")
        }
        return fd
    }

    /// Makes the directory where it is missing. ENOENT: the pod's own has been removed.
    func make(_ container: String) throws(SystemError) {
        guard let descriptor else { throw SystemError(errno: ENOENT, call: "mkdir", path: "\(path)/\(container)") }
        let made = swl_mkdirat(descriptor.raw, container, 0o755)
        if made != -EEXIST { try check(made, "mkdir", "\(path)/\(container)") }
    }

    /// Gives the file that is written to its other name, and removes the oldest, so that with the file that comes next there
    /// are `limits.files`. What was there already when a supervisor died in the middle of it is counted like the rest.
    func rotate(_ container: String, attempt: UInt32, limits: LogLimits) throws(SystemError) {
        let folder = try openDirectory(container)
        let rotated = Self.names(folder.raw).filter { $0.isRotated && $0.restart == attempt }.sorted()
        // First, so that a full disk has room for the new one.
        for name in rotated.dropLast(max(0, Int(limits.files) - 2)) { _ = swl_unlinkat(folder.raw, "\(name)", 0) }
        let next = LogFileName.next(restart: attempt, stamp: LogFormat.rotationStamp(Clock.wall), after: rotated.last)
        let renamed = swl_renameat2(folder.raw, "\(attempt).log", folder.raw, "\(next)", 1)
        if renamed != -ENOENT { try check(renamed, "rename", "\(path)/\(container)/\(attempt).log") }
    }

    /// Of earlier attempts only the last keeps its logs, as of dead containers with the kubelet
    /// (`--maximum-dead-containers-per-container`).
    func dropOld(_ container: String, before attempt: UInt32) {
        guard attempt > 1, let folder = try? openDirectory(container) else { return }
        for name in Self.names(folder.raw) where name.restart < attempt - 1 {
            _ = swl_unlinkat(folder.raw, "\(name)", 0)
        }
    }

    private func openDirectory(_ container: String) throws(SystemError) -> OwnedFD {
        guard let descriptor else { throw SystemError(errno: ENOENT, call: "open", path: "\(path)/\(container)") }
        return OwnedFD(
            try check(
                swl_openat2(descriptor.raw, container, O_RDONLY | O_DIRECTORY, 0, Self.resolve), "open",
                "\(path)/\(container)"))
    }

    private static func names(_ directory: Int32) -> [LogFileName] {
        ((try? DirectoryReader.names(directory)) ?? []).compactMap(LogFileName.init)
    }
}
