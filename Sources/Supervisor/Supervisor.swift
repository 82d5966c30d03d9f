import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan
import Volumes

/// The process that decides everything about one pod.
///
/// - Role: makes the pod's sandbox, forks the keeper, and from then on turns what happens (exits, requests, time) into events
///   of `PodLifecycle`, and its actions into messages to the keeper, signals and log files. It may be killed at any time:
///   the keeper starts another one, which goes on from the last saved state.
/// - Namespaces: the pod's mount, network, IPC and UTS namespaces, to probe and forward from inside; the host's PID
///   namespace. Handles on the host's mount and network namespaces lead back.
/// - Privileges: those of the caller of swiftlet. Open descriptors: the client's and the keeper's sockets, pidfds, log
///   pipes and files, hostPort listeners, the pod's lock.
final class Supervisor {
    /// As it was given, with the updates of its files since then.
    var plan: PodPlan
    let loop: EventLoop
    let client: Client
    let executable: SupervisorExecutable
    let hostMount: OwnedDescriptor
    let hostNetwork: OwnedDescriptor
    let lock: OwnedDescriptor
    let planFile: OwnedDescriptor
    let cgroups = CgroupTree()
    /// See `cgroupLayout`.
    var layout: CgroupLayout?
    var outOfMemory = OutOfMemoryWatch()
    var storage: StorageMeter?
    var handles = NamespaceHandles(stored: [:])
    var lifecycle: PodLifecycle
    var keeper: KeeperLink?
    var logs: LogPump?
    var pidfds: [Int: (attempt: UInt32, descriptor: OwnedDescriptor)] = [:]
    var containerCgroups: [Int: OwnedDescriptor] = [:]
    /// Containers that wait in their sandbox for their first turn.
    var prepared: Set<Int> = []
    /// Attempts that the supervisor before has had cloned, and that have not executed their program yet.
    var launching: [Int: UInt32] = [:]
    var listeners: [PortListener] = []
    /// Standard input of the container that has one, where the command has something for it: the reading end of a pipe.
    var input: OwnedDescriptor?
    var ports: PortForwarder?
    /// nil: the pod has no hooks and no probes.
    var handlers: Handlers?
    var prober: Prober?
    var execs = Execs()
    var attachments = Attachments()
    var console: Console?
    /// Streams (twice the container's index, and 1 for stderr) whose output could not be written, and containers that have
    /// ended with such output; tried again at the time.
    var waitingLogs: Set<Int> = []
    var unfinishedLogs: Set<Int> = []
    var retryLogsAt: Int64?
    /// All that was taken over since the start.
    var updates = PodUpdate()
    var issued = IssuedTokens()
    var control = ControlState()
    var record = PodRecord()
    var sandboxRetry = SandboxRetry()
    /// Containers that are being restarted for new limits, which their cgroups do not have yet.
    var unsettledLimits: Set<Int> = []
    var hasOwnCgroup = false
    private var tornDown = false

    init(
        plan: PodPlan, planFile: OwnedDescriptor, client: Client, executable: SupervisorExecutable,
        hostMount: OwnedDescriptor, hostNetwork: OwnedDescriptor, lock: OwnedDescriptor, lifecycle: PodLifecycle
    ) throws(SystemError) {
        self.plan = plan
        self.planFile = planFile
        self.client = client
        self.executable = executable
        self.hostMount = hostMount
        self.hostNetwork = hostNetwork
        self.lock = lock
        self.lifecycle = lifecycle
        loop = try EventLoop()
        makeHandlers()
    }

    func run() throws(SystemError) {
        let signals = OwnedDescriptor(OwnedFD(try check(swl_signalfd([SIGTERM, SIGINT], 2), "signalfd")))
        try loop.watch(signals.raw) { [unowned self] _ in
            var buffer = [UInt8](repeating: 0, count: 128)
            while read(signals.raw, &buffer, buffer.count) > 0 {}
            self.leave()
        }
        try client.watch(loop) { [unowned self] request, descriptors in
            switch request {
            case .stop(let grace): self.dispatch(.stop(grace: grace < 0 ? nil : grace))
            case .update:
                if let problem = descriptors.first.flatMap(self.takeUpdate) { self.client.send(.note(problem)) }
            case .start, .startAgain, .secrets: break
            case nil: if !self.plan.isKept { self.dispatch(.stop(grace: nil)) }
            }
        }
        watchStorage()
        try loop.run(
            deadline: {
                [
                    self.lifecycle.deadline, self.retryLogsAt, self.ports?.deadline, self.resourceDeadline,
                    self.handlers?.deadline, self.prober?.deadline, self.issued.renewAt, self.record.dueAt,
                    self.sandboxRetry.at,
                ].compactMap(\.self).min()
            },
            tick: { self.tick() },
            settled: { self.settled() })
    }

    private func tick() {
        let now = Clock.boot
        if let at = retryLogsAt, at <= now { retryLogs() }
        if let at = ports?.deadline, at <= now { ports?.tick(now: now) }
        resourceTick(now: now)
        if let at = handlers?.deadline, at <= now { handlers?.tick(now: now) }
        if let at = prober?.deadline, at <= now { prober?.tick(now: now) }
        if let at = issued.renewAt, at <= now { renewTokens() }
        if let at = lifecycle.deadline, at <= now { dispatch(.tick) }
        if let at = sandboxRetry.at, at <= now { retrySandbox() }
        if let at = record.dueAt, at <= now { writeRecord() }
    }

    private func settled() {
        prober?.reconcile()
        client.flush()
        if lifecycle.isFinished && !tornDown {
            tornDown = true
            finish()
        }
    }

    func dispatch(_ event: PodLifecycle.Event) {
        perform(lifecycle.handle(event, at: .now))
    }

    /// The state is saved before its actions are carried out: a crash in between repeats them, and loses none.
    func perform(_ actions: [PodLifecycle.Action]) {
        if actions.isEmpty { return }
        keeper?.send(.save(lifecycle.packet))
        recordChange()
        for action in actions {
            switch action {
            case .makeSandbox:
                recordEvent("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
                remakeSandbox()
            case .launch(let container, let attempt): launch(container, attempt)
            case .signal(let container, let attempt, let signal):
                guard let known = pidfds[container], known.attempt == attempt else { continue }
                _ = swl_pidfd_send_signal(known.descriptor.raw, signal)
                if signal == SIGKILL { killProcesses(of: container) }
            case .runHook(let container, let attempt, let hook): runHook(container, attempt, hook)
            case .report(let report):
                client.send(report)
                recordEvent(of: report)
            case .keep: break
            case .teardown: break
            }
        }
    }

    // MARK: What the keeper tells

    func keeperReported(_ report: KeeperReport, _ descriptors: [Int32]) {
        switch report {
        case .started(let container, let attempt, let pid, _):
            let index = Int(container)
            if let first = descriptors.first {
                pidfds[index] = (attempt, OwnedDescriptor(OwnedFD(first)))
            }
            watchOutOfMemory(index)
            dispatch(.started(container: index, attempt: attempt, pid: pid))
        case .failed(let container, let attempt, let failure, _):
            closeLogs(Int(container))
            dispatch(.failedToStart(container: Int(container), attempt: attempt, failure: failure))
        case .exited(let container, let attempt, let exitCode, let signal, _):
            let index = Int(container)
            let code = KeeperReport.exitCode(exitCode, signal: signal)
            let oomKilled = isOutOfMemory(index, exitCode: code)
            endProcesses(of: index)
            closeLogs(index)
            endAttachments(index, exitCode: exitCode, signal: signal)
            cancelHooks(index)
            pidfds[index] = nil
            dispatch(
                .exited(
                    container: index, attempt: attempt, exitCode: code, signal: signal,
                    oomKilled: oomKilled, message: terminationMessage(index, attempt, failed: code != 0)))
        case .execEnded, .execFailed: execReported(report)
        case .stored, .saved, .launching, .handedOver, .paused:
            for fd in descriptors { close(fd) }
        }
    }

    func keeperDied() {
        keeper = nil
        handlers?.cancelAll()
        execs = Execs()
        if lifecycle.isFinished { return }
        // The kernel has sent the death signal; this catches what had switched it off. The directories go too: the kernel
        // (6.18) also kills whatever CLONE_INTO_CGROUP puts into a cgroup that was killed once.
        cgroups?.remove(plan.paths.cgroup, until: Clock.boot + 5_000_000_000)
        _ = layout?.removeLegacy(plan.paths.cgroup, until: Clock.boot + 5_000_000_000)
        for container in plan.containers.indices {
            closeLogs(container)
            endAttachments(container, exitCode: 0, signal: SIGKILL)
        }
        pidfds = [:]
        containerCgroups = [:]
        prepared = []
        launching = [:]
        dispatch(.sandboxLost)
    }

    // MARK: Containers

    private func launch(_ container: Int, _ attempt: UInt32) {
        do {
            try openLogs(container, attempt)
        } catch {
            let failure = LaunchFailure(.session, errno: error.errno, path: error.path)
            dispatch(.failedToStart(container: container, attempt: attempt, failure: failure))
        }
    }

    private func openLogs(_ container: Int, _ attempt: UInt32) throws(SystemError) {
        guard let logs, let keeper else { return }
        recordOutOfMemoryKills(container, attempt: attempt)
        settleLimits(container)
        if launching.removeValue(forKey: container) == attempt {
            // It has its pipes already; with new ones what it writes would be lost.
            try logs.open(container, attempt: attempt)
            return watchLogs(container)
        }
        let request = KeeperRequest.launch(container: UInt32(container), attempt: attempt)
        if prepared.remove(container) != nil && attempt == 0 {
            try logs.open(container, attempt: attempt)
            watchLogs(container)
            try keeper.deliver(request)
        } else {
            let descriptors = try wire(container)
            defer { for fd in descriptors { close(fd) } }
            try logs.open(container, attempt: attempt)
            watchLogs(container)
            try keeper.deliver(request, descriptors)
        }
        if attempt == 0 { prepareSuccessors(of: container) }
    }

    /// New pipes for a container's output, and its cgroup: what the keeper needs to clone it. The caller closes them.
    private func wire(_ container: Int) throws(SystemError) -> [Int32] {
        if logs == nil || keeper == nil { return [] }
        releaseLogs(container)
        try prepare(container)
        try TerminationMessage.make(
            in: plan.paths.run, container: container, owner: plan.namespaces.hostID(0))
        var descriptors = try wireOutput(container)
        if let cgroup = containerCgroups[container] {
            descriptors.append(try check(swl_dup_above(cgroup.raw, 3), "fcntl"))
        }
        // Last, so that the keeper knows it from the cgroup, which may be missing.
        if let input = try wireInput(container) { descriptors.append(input) }
        return descriptors
    }

    /// While an init container works, the namespaces and roots of those whose turn comes next are made. Not of those with a
    /// `subPath`, which is resolved when they start: the init container may be there to make it.
    private func prepareSuccessors(of container: Int) {
        // A container sees what has been mounted below a volume when it starts; it may be the init container that mounts it.
        guard plan.containers[container].kind == .initContainer, !plan.hasPropagation else { return }
        // The next one, or all app containers, which start together.
        let following = plan.containers.indices.suffix(from: container + 1)
        let next =
            following.first.map { plan.containers[$0].kind == .app ? following : following.prefix(1) } ?? following
        for index in next where plan.containers[index].mounts.allSatisfy(\.subPath.isEmpty) {
            guard let descriptors = try? wire(index) else { continue }
            keeper?.send(.prepare(container: UInt32(index), attempt: 0), descriptors)
            for fd in descriptors { close(fd) }
            prepared.insert(index)
        }
    }

    /// What a container needs once, whatever number of times it is started.
    private func prepare(_ container: Int) throws(SystemError) {
        guard let logs, let keeper else { return }
        if containerCgroups[container] == nil, let cgroups {
            let path = plan.paths.cgroup + "/" + plan.containers[container].name
            let directory = OwnedDescriptor(try cgroups.make(path))
            try makeContainerCgroups(container, directory: directory.raw)
            containerCgroups[container] = directory
        } else if cgroups == nil {
            try makeContainerCgroups(container, directory: nil)
        }
        for stream in LogPump.Stream.allCases where !logs.hasStaging(container, stream) {
            let staging = try Pipe(nonBlockingReader: true)
            let reader = OwnedDescriptor(try staging.reader.duplicate())
            let writer = OwnedDescriptor(try staging.writer.duplicate())
            keeper.store(StoreTag.stream(container, stream, .stagingReader), reader.raw)
            keeper.store(StoreTag.stream(container, stream, .stagingWriter), writer.raw)
            logs.setStaging(container, stream, reader: reader, writer: writer)
        }
    }

    /// While the first container starts, there is time to prepare the next ones; what fails here fails again at their start.
    func prepareContainers() {
        for container in plan.containers.indices { try? prepare(container) }
        protectFromOutOfMemory()
    }

    func terminationMessage(_ container: Int, _ attempt: UInt32, failed: Bool) -> String {
        let message = TerminationMessage.read(in: plan.paths.run, container: container)
        let policy = plan.containers[container].terminationMessagePolicy
        if !message.isEmpty || !failed || policy == .file { return message }
        guard let log = try? logs?.openForReading(container, attempt: attempt) else { return "" }
        return LogTail.read(log)
    }
}
