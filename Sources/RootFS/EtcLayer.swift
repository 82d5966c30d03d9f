import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// The layer over the `/etc` of a root: the pod's `hosts`, `resolv.conf` and `hostname`, and covers over the host's secrets.
/// Made once for a pod and never written to again; each container has it as a lower layer of an overlay.
struct EtcLayer: ~Copyable {
    let directory: OwnedFD

    /// `path` must not be there. The umask is expected to be 0.
    init(_ path: String) throws(SystemError) {
        try check(swl_mkdirat(SWL_AT_FDCWD, path, 0o755), "mkdir", path)
        directory = OwnedFD(try check(swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
    }

    func write(_ files: [FilePlan]) throws(SystemError) {
        for file in files {
            let fd = try makeFile(file.path, mode: file.mode & 0o777)
            try FileContent.write(file.content, to: fd.raw, file.path)
        }
    }

    func cover(_ secrets: [String], of etc: Int32) throws(SystemError) {
        for path in secrets { try cover(path, of: etc) }
    }

    private func cover(_ path: String, of etc: Int32) throws(SystemError) {
        guard let status = FileStatus(ifPresent: path, in: etc) else { return }
        let components = path.split(separator: "/")
        // A directory's own mode is that of the uppermost layer.
        for count in 1..<max(1, components.count) {
            let parent = components.prefix(count).joined(separator: "/")
            if try makeDirectory(parent, like: FileStatus(etc, parent), opaque: false) == false { return }
        }
        if status.kind == .directory {
            _ = try makeDirectory(path, like: status, opaque: true)
        } else {
            // A link is covered by a file: nobody needs to read through it.
            let fd = try makeFile(path, mode: status.kind == .link ? 0o600 : status.permissions & 0o777)
            try give(fd.raw, like: status, path)
        }
    }

    private func makeFile(_ path: String, mode: UInt32) throws(SystemError) -> OwnedFD {
        OwnedFD(
            try check(swl_openat(directory.raw, path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode), "open", path))
    }

    private func give(_ fd: Int32, like status: FileStatus, _ path: String) throws(SystemError) {
        if status.uid != 0 || status.gid != 0 {
            try check(swl_chown_fd(fd, status.uid, status.gid), "chown", path)
        }
    }

    /// False where the host has a link in its place: what that leads to is not below `/etc` in the container's sense.
    private func makeDirectory(_ path: String, like status: FileStatus, opaque: Bool) throws(SystemError) -> Bool {
        guard status.kind == .directory else { return false }
        let made = swl_mkdirat(directory.raw, path, status.permissions & 0o1777)
        if made == -EEXIST { return true }
        try check(made, "mkdir", path)
        let fd = OwnedFD(
            try check(swl_openat(directory.raw, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try give(fd.raw, like: status, path)
        if opaque { try check(swl_set_opaque(fd.raw), "setxattr", path) }
        return true
    }
}
