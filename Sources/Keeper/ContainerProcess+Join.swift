import CLinux
import Glibc
import PodPlan

/// A further program of a container, between `clone3` and `exec`.
///
/// - Role: a process born into the container's PID namespace, which goes into the container's other namespaces, takes its
///   identity and its filter, and becomes a program there. It runs nothing and opens nothing of the container's before that.
/// - Privileges: all of the keeper's until it has the container's. It cannot be traced, except with CAP_SYS_PTRACE over the host.
/// - Open descriptors: its streams, the status pipe, the container's pidfd, and where it is to have a terminal the socket that
///   its master goes to; all others are closed first (CVE-2016-9962).
extension ContainerProcess {
    /// `target` is a pidfd of the container's first process. Never returns.
    mutating func join(_ target: Int32, _ program: ExecPlan, session: Int32) -> Never {
        let (failure, status) = become(target, program, session)
        let packet = failure.packet
        _ = write(status, packet, packet.count)
        swl_exit(127)
    }

    private mutating func become(
        _ target: Int32, _ program: ExecPlan, _ session: Int32
    ) -> (LaunchFailure, status: Int32) {
        var status = status
        do throws(LaunchFailure) {
            swl_reset_pipe_signal()
            _ = swl_set_process_name("swiftlet-exec")
            try dieWithKeeper()
            // The host's, opened before the container's tree is in sight, where something else may stand in its place.
            let null = swl_open("/dev/null", O_RDWR, 0)
            try step(.session, null, "/dev/null")
            if program.terminal == nil {
                try wireStandardStreams(standardInput < 0 ? null : standardInput)
            } else {
                for place in 0...2 as ClosedRange<Int32> where dup2(null, place) < 0 {
                    throw LaunchFailure(.session, errno: errno)
                }
            }
            // Out of the way of each other, then down to the first free places.
            let pidfd = try step(.session, swl_dup_above(target, 16))
            let pipe = try step(.session, swl_dup_above(status, 16))
            let socket = program.terminal == nil ? -1 : try step(.session, swl_dup_above(session, 16))
            for (source, place) in [(pipe, 3), (pidfd, 4), (socket, 5)] as [(Int32, Int32)] where source >= 0 {
                if dup2(source, place) < 0 { throw LaunchFailure(.session, errno: errno) }
            }
            status = 3
            _ = swl_close_range(socket < 0 ? 5 : 6)
            setsid()
            umask(0o022)
            try limitResources()
            let cgroups = ContainerCgroups(plan: plan, container: container)
            try cgroups.enter()
            cgroups.adjustOutOfMemoryScore()
            try Confinement(container.confinement).apply()
            let namespaces = Int32(SWL_CLONE_NEWNS) | Int32(SWL_CLONE_NEWCGROUP)
            try step(.clone, swl_setns(4, namespaces))
            if let size = program.terminal { try openTerminal(size, session: 5) }
            try changeDirectory()
            if plan.namespaces.ownUsers { try step(.user, swl_setns(4, Int32(SWL_CLONE_NEWUSER)), "user namespace") }
            try takeIdentity {}
        } catch {
            return (error, status)
        }
        return (execute(program.command), status)
    }

    /// A terminal of the container's own, whose master goes to whoever asked for it. No name below /dev/pts is looked up but the
    /// multiplexer's, which has to be one (CVE-2025-52565).
    private mutating func openTerminal(_ size: TerminalSize, session: Int32) throws(LaunchFailure) {
        var slave: Int32 = -1
        let master = try step(.session, swl_open_terminal_at("/dev/pts", &slave), "/dev/pts/ptmx")
        let uid = plan.namespaces.hostID(container.uid)
        if uid != 0 { fchown(slave, uid, gid_t.max) }
        _ = swl_set_window_size(slave, size.rows, size.columns)
        let packet = SessionReport.terminal.packet
        let sent = swl_send(session, packet, packet.count, [master], 1)
        close(master)
        close(session)
        // Who asked for it has gone.
        if sent < 0 { throw LaunchFailure(.session, errno: Int32(-sent)) }
        for place in 0...2 as ClosedRange<Int32> where dup2(slave, place) < 0 {
            throw LaunchFailure(.session, errno: errno)
        }
        close(slave)
        try step(.session, swl_take_terminal(0))
        if !container.environment.contains(where: { $0.hasPrefix("TERM=") }) {
            plan.containers[index].environment.append("TERM=xterm")
        }
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
