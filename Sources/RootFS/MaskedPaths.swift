import CLinux
import Glibc
import Linux
import Mounts

/// What of the kernel's file systems a container must not read, and what it must not write: the union of what Docker and
/// podman hide.
enum MaskedPaths {
    static let proc = [
        "acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list",
        "timer_stats",
    ]
    static let readOnlyProc = ["bus", "fs", "irq", "sys", "sysrq-trigger"]
    static let sys = ["firmware", "devices/virtual/powercap", "fs/selinux"]

    /// Puts `null` over a file and `empty`, a read-only directory, over a directory. What does not exist needs no mask.
    static func mask(_ path: String, of mount: Int32, null: Int32, empty: Int32) throws(SystemError) {
        guard let status = FileStatus(ifPresent: path, in: mount) else { return }
        try MountHandle(clone: status.kind == .directory ? empty : null).attach(to: mount, path)
    }

    static func makeReadOnly(_ path: String, of mount: Int32) throws(SystemError) {
        guard FileStatus(ifPresent: path, in: mount) != nil else { return }
        let clone = try MountHandle(clone: mount, path, recursive: true)
        try clone.set(.readOnly, recursive: true)
        try clone.attach(to: mount, path)
    }

    /// The host's `/dev/null`: the descriptor that is mounted is the one that was checked (CVE-2025-31133).
    static func openNull() throws(SystemError) -> OwnedFD {
        let path = "/dev/null"
        let fd = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
        let status = try FileStatus(fd.raw)
        // Device 1:3, by the kernel's Documentation/admin-guide/devices.txt.
        if status.kind != .characterDevice || status.specialDevice != 0x103 {
            throw SystemError(errno: ENODEV, call: "stat", path: path)
        }
        return fd
    }
}
