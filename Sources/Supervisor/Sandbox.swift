import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import Mounts
import PodPlan
import Volumes

/// Why a pod could not be set up, with the Kubernetes event reason.
struct SandboxError: Error {
    var reason: String
    var message: String
}

/// What a pod's containers run in: namespaces, volumes, cgroups, listening ports, and the keeper that holds them.
///
/// Order of making: run directory with its lock (the record that something may have to be swept), state directory, cgroup,
/// namespaces, volumes, ports, keeper. Order of removal: the reverse, the run directory last.
enum Sandbox {
    /// Takes the calling process into new mount, IPC and UTS namespaces, and a network namespace with its loopback up.
    /// Needs no plan, so that it can be done while the plan is still being made.
    static func enterNamespaces() throws(SystemError) {
        try Namespaces([.mount, .ipc, .uts, .network]).unshare()
        // Mounts that appear on the host later are seen in the pod; none of the pod's is seen on the host.
        try check(swl_make_mounts_slave(), "mount", "/")
        try check(swl_loopback_up(), "ioctl", "lo")
        setNetworkDefaults()
    }

    /// As Docker and containerd have them: ping without a capability, and no router that announces itself is believed
    /// (CVE-2020-13401). The kernel shows each process its own network namespace's. What a kernel lacks needs no default.
    /// `lastGroup` is the highest group id of the calling process's user namespace.
    static func setNetworkDefaults(lastGroup: UInt32 = 2_147_483_647) {
        for (path, value) in [
            ("ipv4/ping_group_range", "0 \(lastGroup)"), ("ipv6/conf/all/accept_ra", "0"),
            ("ipv6/conf/default/accept_ra", "0"), ("ipv6/conf/lo/accept_ra", "0"),
        ] {
            let fd = swl_open("/proc/sys/net/" + path, O_WRONLY | O_NOFOLLOW, 0)
            if fd < 0 { continue }
            let file = OwnedFD(fd)
            if swl_file_system(file.raw) == SWL_PROC_MAGIC { _ = write(file.raw, value, value.utf8.count) }
        }
    }

    /// Makes the pod's directories, and takes its lock.
    static func claim(_ plan: PodPlan) throws(SystemError) -> OwnedFD {
        let runRoot = parent(parent(plan.paths.run))
        try makePrivate(runRoot)
        try makePrivate(parent(parent(plan.paths.state)))
        try makeDirectories(parent(plan.paths.run))
        let gate = try PodLock.gate(runRoot, exclusive: false)
        try makeDirectory(plan.paths.run)
        let lock = try PodLock.take(plan.paths.run)
        if !plan.placement.isEmpty { _ = write(lock.raw, plan.placement, plan.placement.count) }
        _ = consume gate
        try makeDirectories(plan.paths.state)
        try makeDirectories(parent(plan.paths.logs), mode: 0o755)
        try LogRetention.make(plan.paths.logs)
        return lock
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    static func makeDirectory(_ path: String, mode: mode_t = 0o700) throws(SystemError) {
        if mkdir(path, mode) < 0 && errno != EEXIST { throw SystemError(errno: errno, call: "mkdir", path: path) }
    }

    /// A root of swiftlet's own; one that an earlier version or somebody else has left open is closed (CVE-2021-41091,
    /// CVE-2024-25621).
    private static func makePrivate(_ path: String) throws(SystemError) {
        try makeDirectories(path)
        let root = OwnedFD(try check(swl_open(path, O_RDONLY | O_DIRECTORY, 0), "open", path))
        if try FileStatus(root.raw).permissions != 0o700 { try check(swl_chmod_fd(root.raw, 0o700), "chmod", path) }
    }

    static func makeDirectories(_ path: String, mode: mode_t = 0o700) throws(SystemError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path != "/" else { throw SystemError(errno: errno, call: "mkdir", path: path) }
        try makeDirectories(parent(path), mode: mode)
        try makeDirectory(path, mode: mode)
    }
}
