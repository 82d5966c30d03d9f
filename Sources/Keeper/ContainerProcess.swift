import CLinux
import Glibc
import Linux
import PodPlan
import RootFS
import Volumes

/// A container between `clone3` and `exec`.
///
/// - Role: PID 1 of a new PID namespace, in a new mount namespace; network, IPC and UTS namespaces are the pod's. Gives
///   itself its root, its identity and its filter, and becomes the container's program.
/// - Privileges: all of the keeper's until the end of `run`; then exactly the plan's.
/// - Open descriptors: all of the keeper's; only 0, 1 and 2 survive exec.
///
/// It never returns: it execs, or reports `LaunchFailure` on the status pipe and leaves.
struct ContainerProcess {
    var plan: PodPlan
    let index: Int
    let volumes: VolumeTable
    let standardOutput: Int32
    let standardError: Int32
    let status: Int32
    /// Where the word to go on comes from; -1: there is nothing to wait for.
    let gate: Int32
    /// The pod's user namespace; -1: the host's.
    var users: Int32 = -1
    /// -1: /dev/null.
    var standardInput: Int32 = -1
    /// The file system that the container's terminal is of; -1: it has none.
    var terminals: Int32 = -1

    var container: ContainerPlan { plan.containers[index] }

    mutating func run() -> Never {
        let packet = become().packet
        _ = write(status, packet, packet.count)
        swl_exit(127)
    }

    /// Returns only where a step failed.
    private mutating func become() -> LaunchFailure {
        var waits = gate >= 0
        func ready() {
            if waits { waitForWord() }
            waits = false
        }
        do {
            try becomeSession()
            if let late = container.lateEnvironment {
                // Those whose turn comes first write the files.
                ready()
                (plan.containers[index].environment, plan.containers[index].argv) = try resolve(late)
            }
            var root = ContainerRoot(pod: plan, container: index, volumes: volumes)
            if terminals >= 0 { root.terminal = (terminals, standardOutput) }
            let null = try root.build { if root.hasWorkingDirectoryOnVolume { ready() } }
            try limitResources()
            try Confinement(container.confinement).apply()
            try wireStandardStreams(standardInput < 0 ? null.raw : standardInput)
            if container.streams.terminal { try takeTerminal() }
            try enterUsers()
            try takeIdentity(beforeLocalFilter: ready)
            ready()
            return execute(container.argv)
        } catch {
            // A failure is told when it is this container's turn.
            ready()
            return error
        }
    }

    private func waitForWord() {
        var byte: UInt8 = 0
        while true {
            let count = read(gate, &byte, 1)
            if count == 1 { return }
            if count == 0 || errno != EINTR { swl_exit(0) }
        }
    }

    func becomeSession() throws(LaunchFailure) {
        swl_reset_pipe_signal()
        // Not to be taken for the keeper while it waits.
        _ = swl_set_process_name("swiftlet-wait")
        try dieWithKeeper()
        setsid()
        umask(0o022)
        let cgroups = ContainerCgroups(plan: plan, container: container)
        try cgroups.enter()
        cgroups.adjustOutOfMemoryScore()
        try step(.cgroup, swl_unshare(Int32(SWL_CLONE_NEWCGROUP)))
    }

    func dieWithKeeper() throws(LaunchFailure) {
        try step(.session, swl_set_parent_death_signal(SIGKILL))
        // The keeper may have died before the line above.
        var poll = pollfd(fd: status, events: 0, revents: 0)
        if Glibc.poll(&poll, 1, 0) == 1 && Int32(poll.revents) & POLLERR != 0 { swl_exit(127) }
    }

    func limitResources() throws(LaunchFailure) {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        try step(.limits, swl_get_limit(Int32(RLIMIT_NOFILE.rawValue), &soft, &hard))
        let files = min(hard, 1_048_576)
        try step(.limits, swl_lower_limit(Int32(RLIMIT_NOFILE.rawValue), files, files))
        // One byte: no core file is that small, and a handler that core_pattern names after a pipe is not run, as it would
        // be with 0 (core(5); do_coredump in the kernel's fs/coredump.c).
        try step(.limits, swl_lower_limit(Int32(RLIMIT_CORE.rawValue), 1, 1))
        let keyring = swl_join_session_keyring()
        if keyring != -ENOSYS { try step(.keyring, keyring) }
    }

    /// All three streams are the terminal, also where `stdin` is not asked for, as in container runtimes.
    private func takeTerminal() throws(LaunchFailure) {
        if dup2(standardOutput, 0) < 0 { throw LaunchFailure(.session, errno: errno) }
        try step(.session, swl_take_terminal(0))
    }

    func wireStandardStreams(_ null: Int32) throws(LaunchFailure) {
        for (source, target) in [(null, 0), (standardOutput, 1), (standardError, 2)] as [(Int32, Int32)] {
            if dup2(source, target) < 0 { throw LaunchFailure(.session, errno: errno) }
        }
        // A program that opens /dev/stdout anew is checked against the owner of the pipe; a terminal stays its group's.
        let uid = plan.namespaces.hostID(container.uid)
        let gid = terminals < 0 ? plan.namespaces.hostID(container.gid) : gid_t.max
        if uid != 0 {
            fchown(1, uid, gid)
            fchown(2, uid, gid)
            if standardInput >= 0 { fchown(0, uid, gid) }
        }
    }

    /// All that a filter might refuse comes before it. What is left after `loadFilter` is exec.
    func takeIdentity(beforeLocalFilter ready: () -> Void) throws(LaunchFailure) {
        // A caller that lacks some itself has none of them to give; the container gets the rest.
        var held: UInt64 = 0
        try step(.capabilities, swl_get_capabilities(&held))
        let capabilities = container.capabilities & held
        try step(.capabilities, swl_bound_capabilities(capabilities))
        // Without no_new_privs a filter can only be loaded with CAP_SYS_ADMIN, which then goes with exec: what a program
        // starts with comes from the bounding set, or is nothing where the user is not root (capabilities(7)).
        let needsAdmin = container.filter != nil && !container.noNewPrivileges
        if container.noNewPrivileges { try step(.capabilities, swl_no_new_privileges()) }
        try step(.groups, swl_set_groups(container.groups, container.groups.count))
        try step(.groups, swl_set_gid(container.gid))
        // Where the pod has users of its own, the process is nobody among them so far.
        if container.uid != 0 || plan.namespaces.ownUsers {
            if needsAdmin { try step(.capabilities, swl_keep_capabilities()) }
            try step(.user, swl_set_uid(container.uid))
        }
        let sysAdmin: UInt64 = needsAdmin ? held & 1 << 21 : 0
        try step(.capabilities, swl_set_capabilities((container.uid == 0 ? capabilities : 0) | sysAdmin))
        // The kernel clears it when the identity changes.
        try step(.session, swl_set_parent_death_signal(SIGKILL))
        try step(.exec, swl_close_range_cloexec(3))
        guard let index = container.filter else { return }
        let filter = plan.filters[Int(index)]
        if filter.isLocalhost { ready() }
        try step(.filter, swl_set_filter(filter.program, filter.program.count / 8, filter.flags))
    }

    /// Returns only where no program could be executed.
    func execute(_ argv: [String]) -> LaunchFailure {
        let name = argv.first ?? ""
        var candidates = [name]
        if !name.utf8.contains(UInt8(ascii: "/")) {
            let path = container.environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? "/usr/bin:/bin"
            candidates = path.split(separator: ":").map { "\($0)/\(name)" }
        }
        var failure = ENOENT
        withCStrings(argv) { argv in
            withCStrings(container.environment) { environment in
                for candidate in candidates {
                    execve(
                        candidate,
                        UnsafeMutablePointer(
                            mutating: UnsafeRawPointer(argv).assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)),
                        UnsafeMutablePointer(
                            mutating: UnsafeRawPointer(environment).assumingMemoryBound(
                                to: UnsafeMutablePointer<CChar>?.self)))
                    // As a shell does: a file that may not be executed is remembered, and the search goes on.
                    if errno != ENOENT && errno != ENOTDIR { failure = errno }
                    if failure != ENOENT && failure != EACCES { break }
                }
            }
        }
        return LaunchFailure(.exec, errno: failure, path: name)
    }

    @discardableResult
    func step(_ step: LaunchStep, _ result: Int32, _ path: String = "") throws(LaunchFailure) -> Int32 {
        if result < 0 { throw LaunchFailure(step, errno: -result, path: path) }
        return result
    }
}
