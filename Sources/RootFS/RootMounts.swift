import CLinux
import Glibc
import Linux
import Mounts

/// The mounts of a container's own file system: the root, and for a host root the directories on it.
struct RootMounts {
    let root: OwnedDescriptor
    let parts: [OwnedDescriptor]

    var fd: Int32 { root.raw }

    /// Volumes, `/dev` and the like are mounts of their own and stay as they are.
    func makeReadOnly() throws(SystemError) {
        for mount in [root] + parts {
            try check(swl_mount_setattr(mount.raw, 0, MountAttributes.readOnly.rawValue, 0), "mount_setattr", "/")
        }
    }

    /// Paths are relative to the working directory, or absolute.
    static func overlay(
        lower: String, upper: String, work: String, attributes: MountAttributes
    ) throws(SystemError) -> MountHandle {
        try MountHandle(
            type: "overlay", options: [("lowerdir", lower), ("upperdir", upper), ("workdir", work)],
            attributes: attributes)
    }

    /// The umask is expected to be 0.
    static func makeDirectory(_ parent: Int32, _ path: String, _ mode: UInt32) throws(SystemError) {
        try check(swl_mkdirat(parent, path, mode), "mkdir", path)
        // mkdir(2) takes no set-ID bits.
        if mode & 0o6000 == 0 { return }
        let fd = OwnedFD(try check(swl_openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try check(swl_chmod_fd(fd.raw, mode), "chmod", path)
    }
}
