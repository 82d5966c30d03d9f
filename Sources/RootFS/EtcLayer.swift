import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// The layer over the `/etc` of a root: the pod's `hosts`, `resolv.conf` and `hostname`, and covers over the host's secrets.
/// Made once for a pod and never written to again; each container has it as a lower layer of an overlay.
struct EtcLayer: ~Copyable {
    let directory: OwnedFD

    /// `path` must not be there.
    init(_ path: String) throws(SystemError) {
        try check(swl_mkdirat(SWL_AT_FDCWD, path, 0o755), "mkdir", path)
        let fd = OwnedFD(try check(swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try check(swl_chmod_fd(fd.raw, 0o755), "chmod", path)
        directory = fd
    }

    func write(_ files: [FilePlan]) throws(SystemError) {
        for file in files {
            let fd = OwnedFD(
                try check(
                    swl_openat(directory.raw, file.path, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW, 0o600), "open",
                    file.path))
            try check(
                file.content.withUnsafeBytes { Glibc.write(fd.raw, $0.baseAddress, $0.count) }, "write", file.path)
            try check(swl_chmod_fd(fd.raw, file.mode & 0o777), "chmod", file.path)
        }
    }

    func coverSecrets(of etc: Int32) throws(SystemError) {
        for path in HostSecrets.paths { try cover(path, of: etc) }
        let ssh = swl_openat(etc, "ssh", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        if ssh < 0 { return }
        let keys = OwnedFD(ssh)
        for name in try DirectoryReader.names(keys.raw) where HostSecrets.isHostKey(name) {
            try cover("ssh/" + name, of: etc)
        }
    }

    private func cover(_ path: String, of etc: Int32) throws(SystemError) {
        guard let status = try? FileStatus(etc, path) else { return }
        let components = path.split(separator: "/")
        // A directory's own mode is that of the uppermost layer.
        for count in 1..<max(1, components.count) {
            let parent = components.prefix(count).joined(separator: "/")
            if try makeDirectory(parent, like: FileStatus(etc, parent), opaque: false) == false { return }
        }
        if status.kind == .directory {
            _ = try makeDirectory(path, like: status, opaque: true)
        } else {
            let fd = OwnedFD(
                try check(swl_openat(directory.raw, path, O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600), "open", path))
            try check(swl_chown_fd(fd.raw, status.uid, status.gid), "chown", path)
            // A link is covered by a file: nobody needs to read through it.
            try check(swl_chmod_fd(fd.raw, status.kind == .link ? 0o600 : status.permissions), "chmod", path)
        }
    }

    /// False where the host has a link in its place: what that leads to is not below `/etc` in the container's sense.
    private func makeDirectory(_ path: String, like status: FileStatus, opaque: Bool) throws(SystemError) -> Bool {
        guard status.kind == .directory else { return false }
        let made = swl_mkdirat(directory.raw, path, 0o755)
        if made == -EEXIST { return true }
        try check(made, "mkdir", path)
        let fd = OwnedFD(
            try check(swl_openat(directory.raw, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try check(swl_chown_fd(fd.raw, status.uid, status.gid), "chown", path)
        try check(swl_chmod_fd(fd.raw, status.permissions), "chmod", path)
        if opaque { try check(swl_set_opaque(fd.raw), "setxattr", path) }
        return true
    }
}
