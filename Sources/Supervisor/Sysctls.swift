import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// Kernel parameters of the namespaces that the calling process is in.
enum Sysctls {
    /// By a mount of /proc that nobody else has: no mount over a part of the host's leads a value elsewhere (CVE-2019-16884,
    /// CVE-2025-52881).
    static func write(_ sysctls: [NamespacePlan.Sysctl]) throws(SystemError) {
        if sysctls.isEmpty { return }
        let proc = try MountHandle(type: "proc")
        try write(sysctls, by: proc.fd.raw)
    }

    static func write(_ sysctls: [NamespacePlan.Sysctl], by proc: Int32) throws(SystemError) {
        for sysctl in sysctls {
            let path = "sys/" + sysctl.path
            let resolve = SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_SYMLINKS | SWL_RESOLVE_NO_XDEV
            let file = OwnedFD(
                try check(swl_openat2(proc, path, O_WRONLY, 0, UInt64(resolve)), "open", "/proc/" + path))
            guard swl_file_system(file.raw) == SWL_PROC_MAGIC else {
                throw SystemError(errno: EXDEV, call: "open", path: "/proc/" + path)
            }
            // At once: the kernel takes each write(2) for a value of its own.
            let count = Glibc.write(file.raw, sysctl.value, sysctl.value.utf8.count)
            if count != sysctl.value.utf8.count {
                throw SystemError(errno: count < 0 ? errno : EINVAL, call: "write", path: "/proc/" + path)
            }
        }
    }
}
