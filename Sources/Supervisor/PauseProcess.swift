import CLinux
import Glibc
import Linux
import Mounts

/// The first process of a PID namespace that a pod's containers share.
///
/// - Role: collects orphans. When it dies, the kernel ends all processes of the namespace. It is a program of its own, so that
///   nothing of the keeper's memory is in it, which containers may be able to look at.
/// - Namespaces: the pod's network, IPC and UTS namespaces, and its user namespace where it has one; a mount namespace of its
///   own with nothing in it. So `/proc/1/root` shows containers an empty directory.
/// - Privileges: none; a user that no file belongs to. Open descriptors: none.
enum PauseProcess {
    /// As of Kubernetes' pause image.
    private static let user: UInt32 = 65_535

    /// Descriptor 3 is where to say that all is done, 4 the user namespace, if there is one. `directory` is one of the pod's.
    static func run(directory: String, hasUsers: Bool) -> Never {
        do throws(SystemError) {
            try become(directory, hasUsers)
        } catch {
            var errno = error.errno
            _ = write(3, &errno, MemoryLayout<Int32>.size)
            swl_exit(1)
        }
        var success: Int32 = 0
        _ = write(3, &success, MemoryLayout<Int32>.size)
        _ = swl_close_range(0)
        swl_reap_for_ever()
    }

    private static func become(_ directory: String, _ hasUsers: Bool) throws(SystemError) {
        _ = swl_set_process_name("swiftlet-pause")
        setsid()
        let empty = try MountHandle(
            type: "tmpfs", options: [("size", "4k"), ("nr_inodes", "1"), ("mode", "0555")],
            attributes: [.readOnly, .noSetUserID, .noDevices, .noExecution])
        try empty.attach(to: SWL_AT_FDCWD, directory)
        try check(swl_fchdir(empty.fd.raw), "fchdir")
        try check(swl_pivot_root(".", "."), "pivot_root")
        try check(swl_unmount(".", 1), "umount")
        try check(swl_chdir("/"), "chdir", "/")
        if hasUsers { try check(swl_setns(4, Namespaces.user.rawValue), "setns", "user") }
        try check(swl_bound_capabilities(0), "prctl")
        try check(swl_no_new_privileges(), "prctl")
        try check(swl_set_groups([], 0), "setgroups")
        try check(swl_set_gid(user), "setresgid")
        try check(swl_set_uid(user), "setresuid")
        try check(swl_set_capabilities(0), "capset")
        _ = swl_set_dumpable(0)
        // The kernel clears it when the identity changes. The keeper may have died before.
        try check(swl_set_parent_death_signal(SIGKILL), "prctl")
        var poll = pollfd(fd: 3, events: 0, revents: 0)
        if Glibc.poll(&poll, 1, 0) == 1 && Int32(poll.revents) & POLLERR != 0 { swl_exit(1) }
    }
}
