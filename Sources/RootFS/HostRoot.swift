import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// `host:/`: the host's operating-system directories, each below a writable layer; nothing else of the host.
struct HostRoot {
    /// Only what is named here is ever shown. Where one is a link on the host (`/bin` to `usr/bin`), it is one in the root.
    static let directories = ["usr", "etc", "opt", "bin", "sbin", "lib", "lib32", "lib64", "libx32"]

    /// Empty, and the container's own; `/dev` and the like are mount points.
    private static let empty: [(String, UInt32)] = [
        ("dev", 0o755), ("home", 0o755), ("media", 0o755), ("mnt", 0o755), ("proc", 0o555), ("root", 0o700),
        ("run", 0o755),
        ("run/lock", 0o1777), ("srv", 0o755), ("sys", 0o555), ("tmp", 0o1777), ("var", 0o755), ("var/cache", 0o755),
        ("var/lib", 0o755), ("var/log", 0o755), ("var/mail", 0o755), ("var/spool", 0o755), ("var/tmp", 0o1777),
    ]

    private static let attributes: MountAttributes = [.noSetUserID, .noDevices]

    /// `layers` is the container's own tmpfs, and the working directory; the root is mounted on its directory `root`.
    /// Returns the root, and the mounts that make it up, for a later remount.
    static func mount(layers: Int32, plan: PodPlan) throws(SystemError) -> RootMounts {
        let root = try MountHandle(clone: layers, "root")
        try root.attach(to: layers, "root")
        for (path, mode) in empty { try RootMounts.makeDirectory(root.fd.raw, path, mode) }
        try check(swl_symlinkat("/run", root.fd.raw, "var/run"), "symlink", "/var/run")
        try check(swl_symlinkat("/run/lock", root.fd.raw, "var/lock"), "symlink", "/var/lock")
        var parts: [OwnedDescriptor] = []
        for name in directories {
            if let part = try mount(name, on: root.fd.raw, layers: layers, plan: plan) { parts.append(part) }
        }
        return RootMounts(root: OwnedDescriptor(try root.fd.duplicate()), parts: parts)
    }

    private static func mount(
        _ name: String, on root: Int32, layers: Int32, plan: PodPlan
    ) throws(SystemError) -> OwnedDescriptor? {
        guard let status = FileStatus(ifPresent: "/" + name, in: SWL_AT_FDCWD) else { return nil }
        if status.kind == .link {
            var target = [CChar](repeating: 0, count: 4097)
            try check(swl_readlinkat(SWL_AT_FDCWD, "/" + name, &target, target.count), "readlink", "/" + name)
            try check(swl_symlinkat(target, root, name), "symlink", "/" + name)
            return nil
        }
        guard status.kind == .directory else { return nil }
        try RootMounts.makeDirectory(root, name, status.permissions)
        try RootMounts.makeDirectory(layers, "u/" + name, status.permissions)
        try RootMounts.makeDirectory(layers, "w/" + name, 0o700)
        let cover = try OwnedFD(check(swl_open(SharedMounts.layer(plan, "etc"), Int32(SWL_O_PATH), 0), "open"))
        // By descriptor: a colon in the path would end it.
        var mapped: OwnedDescriptor?
        if plan.namespaces.ownUsers {
            let host = MappedMounts.hostDirectory(plan, name)
            mapped = OwnedDescriptor(OwnedFD(try check(swl_open(host, Int32(SWL_O_PATH), 0), "open", host)))
        }
        let directory = mapped.map { "/proc/self/fd/\($0.raw)" } ?? "/" + name
        let lower = name == "etc" ? "\(cover.procPath):\(directory)" : directory
        let overlay = try RootMounts.overlay(
            lower: lower, upper: "u/" + name, work: "w/" + name, attributes: attributes)
        withExtendedLifetime(mapped) {}
        try overlay.attach(to: root, name)
        return OwnedDescriptor(try overlay.fd.duplicate())
    }
}
