import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// `host:/some/dir`: a directory of the host below a writable layer. What is in it is not trusted.
struct DirectoryRoot {
    /// Where something is mounted in every root. A layer of the pod has them as directories, so that they are never links.
    static let mountPoints = ["dev", "proc", "sys"]

    /// As for `HostRoot.mount`. Set-user-ID programs work: a root file system may have been made for them.
    static func mount(_ directory: String, layers: Int32, plan: PodPlan) throws(SystemError) -> RootMounts {
        let path = MappedMounts.directory(plan, directory)
        let lower = OwnedFD(
            try check(
                swl_openat2(
                    SWL_AT_FDCWD, path, Int32(SWL_O_PATH) | O_DIRECTORY, 0, UInt64(SWL_RESOLVE_NO_MAGICLINKS)), "open",
                path))
        for name in mountPoints {
            guard let status = FileStatus(ifPresent: name, in: lower.raw) else { continue }
            // A link here is how a hostile root leads a mount elsewhere (CVE-2019-19921, CVE-2026-41579).
            if status.kind != .directory {
                throw SystemError(errno: ENOTDIR, call: "mount", path: "\(directory)/\(name)")
            }
        }
        let status = try FileStatus(lower.raw)
        // The root's own mode and owner are those of the uppermost layer.
        try RootMounts.makeDirectory(layers, "u/root", 0o700)
        let upper = OwnedFD(
            try check(swl_openat(layers, "u/root", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try check(swl_chown_fd(upper.raw, status.uid, status.gid), "chown", path)
        try check(swl_chmod_fd(upper.raw, status.permissions), "chmod", path)
        try RootMounts.makeDirectory(layers, "w/root", 0o700)
        let cover = OwnedFD(
            try check(swl_open(SharedMounts.layer(plan, "layer"), Int32(SWL_O_PATH), 0), "open", "/"))
        let overlay = try RootMounts.overlay(
            lower: "\(cover.procPath):\(lower.procPath)", upper: "u/root", work: "w/root", attributes: [.noDevices])
        try overlay.attach(to: layers, "root")
        return RootMounts(root: OwnedDescriptor(try overlay.fd.duplicate()), parts: [])
    }
}
