import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// A pod's user namespace, and network, IPC and UTS namespaces that belong to it.
///
/// A child makes them, for the user namespace has to be entered first, which cannot be left again; the calling process then
/// enters the other three, and stays among the host's users. The child is root of the namespace, so it also sets what only
/// the namespace's root may set.
enum UserNamespace {
    /// Returns the user namespace. `first` is what its id 0 is on the host.
    static func make(first: UInt32, sysctls: [NamespacePlan.Sysctl]) throws(SystemError) -> OwnedFD {
        let (mine, theirs) = try PacketSocket.pair()
        let ours = PacketSocket(OwnedFD(mine))
        var other: OwnedDescriptor? = OwnedDescriptor(OwnedFD(theirs))
        // The child may not mount it: the PID namespace is not its own.
        let proc = try MountHandle(type: "proc")
        var pidfd: Int32 = -1
        let pid = try check(swl_clone3(UInt64(SWL_CLONE_NEWUSER), -1, &pidfd), "clone3")
        if pid == 0 {
            _ = swl_set_parent_death_signal(SIGKILL)
            beRoot(OwnedFD(dup(theirs)), sysctls, proc.fd.raw)
            swl_exit(0)
        }
        // So that its death is seen as the end of the conversation.
        withExtendedLifetime(other) {}
        other = nil
        let process = OwnedFD(pidfd)
        defer {
            _ = swl_pidfd_send_signal(process.raw, SIGKILL)
            var code: Int32 = 0
            var signal: Int32 = 0
            while swl_pidfd_reap(process.raw, &code, &signal) == 0 { usleep(50) }
        }
        for name in ["uid_map", "gid_map"] {
            try write("0 \(first) \(NamespacePlan.userCount)\n", to: "/proc/\(pid)/\(name)")
        }
        try ours.send([1])
        guard let answer = try ours.receive() else { throw SystemError(errno: ECHILD, call: "recvmsg") }
        if let failure = try? LaunchFailure(packet: answer.bytes), failure.errno != 0 {
            throw SystemError(errno: failure.errno, call: "write", path: failure.path)
        }
        let path = "/proc/\(pid)/ns/user"
        let users = OwnedFD(try check(swl_open(path, O_RDONLY, 0), "open", path))
        try check(swl_setns(process.raw, Namespaces([.network, .ipc, .uts]).rawValue), "setns")
        return users
    }

    /// In the child: waits until it has users, makes the namespaces, answers, and waits for its end.
    private static func beRoot(
        _ descriptor: consuming OwnedFD, _ sysctls: [NamespacePlan.Sysctl], _ proc: Int32
    ) {
        let socket = PacketSocket(descriptor)
        var failure = LaunchFailure(.user, errno: 0)
        do throws(SystemError) {
            if try socket.receive() == nil { return }
            try check(swl_set_gid(0), "setresgid")
            try check(swl_set_groups([], 0), "setgroups")
            try check(swl_set_uid(0), "setresuid")
            try Namespaces([.network, .ipc, .uts]).unshare()
            try check(swl_loopback_up(), "ioctl", "lo")
            Sandbox.setNetworkDefaults(lastGroup: NamespacePlan.userCount - 1)
            try Sysctls.write(sysctls, by: proc)
        } catch {
            failure = LaunchFailure(.user, errno: error.errno, path: error.path.isEmpty ? "\(error.call)" : error.path)
        }
        _ = swl_set_parent_death_signal(SIGKILL)
        do throws(SystemError) {
            try socket.send(failure.packet)
            _ = try socket.receive()
        } catch {}
    }

    private static func write(_ text: String, to path: String) throws(SystemError) {
        let file = OwnedFD(try check(swl_open(path, O_WRONLY | O_NOFOLLOW, 0), "open", path))
        if Glibc.write(file.raw, text, text.utf8.count) < 0 {
            throw SystemError(errno: errno, call: "write", path: path)
        }
    }
}
