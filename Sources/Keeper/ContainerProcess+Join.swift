import CLinux
import Glibc
import PodPlan

/// A further program of a container, between `clone3` and `exec`.
///
/// - Role: a process born into the container's PID namespace, which goes into the container's other namespaces, takes its
///   identity and its filter, and becomes a program there. It runs nothing and opens nothing of the container's before that.
/// - Privileges: all of the keeper's until it has the container's. It cannot be traced, except with CAP_SYS_PTRACE over the host.
/// - Open descriptors: its output, the status pipe, and the container's pidfd; all others are closed first (CVE-2016-9962).
extension ContainerProcess {
    /// `target` is a pidfd of the container's first process. Never returns.
    func join(_ target: Int32, _ command: [String]) -> Never {
        let (failure, status) = become(target, command)
        let packet = failure.packet
        _ = write(status, packet, packet.count)
        swl_exit(127)
    }

    private func become(_ target: Int32, _ command: [String]) -> (LaunchFailure, status: Int32) {
        var status = status
        do throws(LaunchFailure) {
            swl_reset_pipe_signal()
            _ = swl_set_process_name("swiftlet-exec")
            try dieWithKeeper()
            // The host's, opened before the container's tree is in sight, where something else may stand in its place.
            let null = swl_open("/dev/null", O_RDONLY, 0)
            try step(.session, null, "/dev/null")
            try wireStandardStreams(null)
            // Out of the way of each other, then down to the first free places.
            let pidfd = try step(.session, swl_dup_above(target, 16))
            let pipe = try step(.session, swl_dup_above(status, 16))
            for (source, place) in [(pipe, 3), (pidfd, 4)] as [(Int32, Int32)] {
                if dup2(source, place) < 0 { throw LaunchFailure(.session, errno: errno) }
            }
            status = 3
            _ = swl_close_range(5)
            setsid()
            umask(0o022)
            try limitResources()
            let cgroups = ContainerCgroups(plan: plan, container: container)
            try cgroups.enter()
            cgroups.adjustOutOfMemoryScore()
            try Confinement(container.confinement).apply()
            let namespaces = Int32(SWL_CLONE_NEWNS) | Int32(SWL_CLONE_NEWCGROUP)
            try step(.clone, swl_setns(4, namespaces))
            try changeDirectory()
            if plan.namespaces.ownUsers { try step(.user, swl_setns(4, Int32(SWL_CLONE_NEWUSER)), "user namespace") }
            try takeIdentity {}
        } catch {
            return (error, status)
        }
        return (execute(command), status)
    }

    /// What is open here are pipes and a pidfd, so no path leads out of the container (CVE-2024-21626).
    private func changeDirectory() throws(LaunchFailure) {
        let path = container.workingDirectory.isEmpty ? "/" : container.workingDirectory
        try step(.workingDirectory, swl_chdir(path), path)
        var buffer = [CChar](repeating: 0, count: 4097)
        guard getcwd(&buffer, buffer.count) != nil, buffer[0] == CChar(bitPattern: UInt8(ascii: "/")) else {
            throw LaunchFailure(.workingDirectory, errno: ENOENT, path: path)
        }
    }
}
