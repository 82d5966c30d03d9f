import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// A container's `/dev`: a directory of its own tmpfs, with the host's harmless devices bound in. Nothing that is made in it
/// works as a device.
public struct DeviceDirectory {
    /// With the kernel's numbers (Documentation/admin-guide/devices.txt), which are checked before one is bound.
    private static let devices: [(String, UInt64)] = [
        ("null", 0x103), ("zero", 0x105), ("full", 0x107), ("random", 0x108), ("urandom", 0x109), ("tty", 0x500),
    ]
    private static let links = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ]
    /// Of the host's `/dev`, what a privileged container gets anew.
    private static let ownMounts: Set<String> = [
        "pts", "shm", "mqueue", "fd", "stdin", "stdout", "stderr", "ptmx", "core",
    ]

    static func mount(
        on root: Int32, layers: Int32, plan: PodPlan, privileged: Bool, terminal: (fileSystem: Int32, device: Int32)?
    ) throws(SystemError) {
        try RootMounts.makeDirectory(layers, "dev", 0o755)
        let dev = try MountHandle(clone: layers, "dev")
        try dev.set([.noSetUserID, .noExecution], clear: privileged ? .noDevices : [])
        if privileged {
            let host = OwnedFD(try check(swl_open("/dev", O_RDONLY | O_DIRECTORY, 0), "open", "/dev"))
            try copyDevices(from: host.raw, to: dev.fd.raw, depth: 0)
        }
        try dev.attach(to: root, "dev")
        if !privileged { try bindDevices(dev.fd.raw) }
        for (name, target) in links { try check(swl_symlinkat(target, dev.fd.raw, name), "symlink", "/dev/" + name) }
        if let terminal {
            try mount(terminal.fileSystem, terminal.device, on: dev.fd.raw)
        } else {
            try RootMounts.makeDirectory(dev.fd.raw, "pts", 0o755)
            try terminals(plan).attach(to: dev.fd.raw, "pts")
        }
        for name in ["shm", "mqueue"] {
            try RootMounts.makeDirectory(dev.fd.raw, name, 0o755)
            let path = name == "shm" ? SharedMounts.layer(plan, name) : SharedMounts.path(plan, name)
            try MountHandle(clone: SWL_AT_FDCWD, path).attach(to: dev.fd.raw, name)
        }
    }

    private static func bindDevices(_ dev: Int32) throws(SystemError) {
        for (name, number) in devices {
            let path = "/dev/" + name
            let node = try MountHandle(clone: SWL_AT_FDCWD, path)
            let status = try FileStatus(node.fd.raw)
            guard status.kind == .characterDevice, status.specialDevice == number else {
                throw SystemError(errno: ENODEV, call: "stat", path: path)
            }
            try check(swl_mknodat(dev, name, 0o100666, 0), "mknod", path)
            try node.attach(to: dev, name)
        }
    }

    /// The container's terminal becomes its console, by descriptor: no name in a directory of the container's decides what
    /// is mounted (CVE-2025-52565).
    private static func mount(_ fileSystem: Int32, _ device: Int32, on dev: Int32) throws(SystemError) {
        try RootMounts.makeDirectory(dev, "pts", 0o755)
        try check(swl_mount_attach(fileSystem, dev, "pts"), "move_mount", "/dev/pts")
        // A privileged container has the host's.
        let removed = swl_unlinkat(dev, "console", 0)
        if removed != -ENOENT { try check(removed, "unlink", "/dev/console") }
        try check(swl_mknodat(dev, "console", 0o100600, 0), "mknod", "/dev/console")
        try MountHandle(clone: device).attach(to: dev, "console")
    }

    /// A file system for the terminals of one container, which has no place yet.
    public static func terminals(_ plan: PodPlan) throws(SystemError) -> MountHandle {
        // gid 5 is the group tty of every distribution.
        try MountHandle(
            type: "devpts",
            options: [
                ("newinstance", nil), ("ptmxmode", "0666"), ("mode", "0620"), ("gid", "\(plan.namespaces.hostID(5))"),
            ],
            attributes: [.noSetUserID, .noExecution])
    }

    /// All devices of the host, as nodes of the container's own: nothing that it does in `/dev` happens on the host.
    private static func copyDevices(from host: Int32, to dev: Int32, depth: Int) throws(SystemError) {
        for name in try DirectoryReader.names(host) where depth > 0 || !ownMounts.contains(name) {
            guard let status = FileStatus(ifPresent: name, in: host) else { continue }
            switch status.kind {
            case .characterDevice, .blockDevice:
                try check(swl_mknodat(dev, name, status.mode, status.specialDevice), "mknod", "/dev/" + name)
                let node = OwnedFD(try check(swl_openat(dev, name, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", name))
                try check(swl_chown_fd(node.raw, status.uid, status.gid), "chown", "/dev/" + name)
                try check(swl_chmod_fd(node.raw, status.permissions), "chmod", "/dev/" + name)
            case .link:
                var target = [CChar](repeating: 0, count: 4097)
                guard swl_readlinkat(host, name, &target, target.count) == 0 else { continue }
                try check(swl_symlinkat(target, dev, name), "symlink", "/dev/" + name)
            case .directory where depth < 8:
                let from = swl_openat2(
                    host, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, UInt64(SWL_RESOLVE_NO_XDEV))
                if from < 0 { continue }
                let source = OwnedFD(from)
                try RootMounts.makeDirectory(dev, name, status.permissions)
                let target = OwnedFD(
                    try check(swl_openat(dev, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", "/dev/" + name))
                try copyDevices(from: source.raw, to: target.raw, depth: depth + 1)
            default:
                continue
            }
        }
    }
}
