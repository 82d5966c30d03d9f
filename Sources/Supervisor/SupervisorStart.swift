import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan
import RootFS
import Volumes

extension Supervisor {
    /// A new pod. The process prepares what needs no plan first, since the command is still making it.
    static func start(executable: SupervisorExecutable, client descriptor: Int32) throws(SystemError) {
        let client = try Client(PacketSocket(OwnedFD(descriptor)))
        let hostMount = OwnedDescriptor(try NamespaceHandle(current: "mnt").fd.duplicate())
        let hostNetwork = OwnedDescriptor(try NamespaceHandle(current: "net").fd.duplicate())
        // A failure waits until the command has sent its plan, and so can hear of it.
        let entered = Result { () throws(SystemError) in try Sandbox.enterNamespaces() }
        guard let received = try client.receivePlan() else { return }
        var (plan, planFile) = (received.plan, received.file)
        do {
            let handles = try NamespaceHandles(completing: &plan, &planFile)
            let lock = OwnedDescriptor(try Sandbox.claim(plan))
            let supervisor = try Supervisor(
                plan: plan, planFile: planFile, client: client, executable: executable, hostMount: hostMount,
                hostNetwork: hostNetwork, lock: lock, lifecycle: PodLifecycle(plan: plan))
            supervisor.handles = handles
            supervisor.input = received.input
            supervisor.console = received.console
            if plan.isKept { client.send(.claimed) }
            try entered.get()
            if let saved = received.saved {
                supervisor.revive(saved)
            } else {
                supervisor.makeSandbox(isFirst: true)
            }
            try supervisor.run()
        } catch {
            let isHeld = error.errno == EWOULDBLOCK && error.call == "flock"
            let reason = isHeld ? PodReport.alreadyRuns : "FailedCreatePodSandBox"
            client.send(.sandboxFailed(reason: reason, message: error.description))
            LogRetention.prune(plan.paths)
            client.send(.finished(exitCode: 1, status: ""))
            client.drain(1000)
        }
    }

    /// After a crash of the one before: the keeper, at the other end of `descriptor`, tells all that it holds.
    static func resume(executable: SupervisorExecutable, keeper descriptor: Int32) throws(SystemError) {
        let parent = getppid()
        let process = OwnedDescriptor(OwnedFD(try check(swl_pidfd_open(parent), "pidfd_open")))
        let keeper = KeeperLink(socket: PacketSocket(OwnedFD(descriptor)), process: process, pid: parent)
        var saved: [UInt8] = []
        var stored: [UInt32: OwnedDescriptor] = [:]
        var containers: [(report: KeeperReport, pidfd: OwnedDescriptor?)] = []
        var launching: [Int: UInt32] = [:]
        var complete = false
        while !complete {
            try keeper.next { report, descriptors in
                let first = descriptors.first.map { OwnedDescriptor(OwnedFD($0)) }
                switch report {
                case .saved(let bytes): saved = bytes
                case .stored(let tag): stored[tag] = first
                case .handedOver: complete = true
                case .launching(let container, let attempt): launching[Int(container)] = attempt
                case .started, .failed, .exited: containers.append((report, first))
                case .execEnded, .execFailed, .paused: break
                }
            }
        }
        guard let planFile = stored[StoreTag.plan], let clientSocket = stored[StoreTag.client],
            let lock = stored[StoreTag.lock], let hostMount = stored[StoreTag.hostMount],
            let hostNetwork = stored[StoreTag.hostNetwork], let journal = stored[StoreTag.journal],
            let plan = try? PodPlan(decoding: try MemoryFile.read(planFile.raw)),
            let lifecycle = try? PodLifecycle(packet: saved)
        else { throw SystemError(errno: EPROTO, call: "recvmsg", path: "keeper") }
        let client = try Client(PacketSocket(OwnedFD(try check(swl_dup_above(clientSocket.raw, 3), "fcntl"))))
        let supervisor = try Supervisor(
            plan: plan, planFile: planFile, client: client, executable: executable, hostMount: hostMount,
            hostNetwork: hostNetwork, lock: lock, lifecycle: lifecycle)
        supervisor.handles = NamespaceHandles(stored: stored)
        supervisor.launching = launching
        try supervisor.adopt(keeper, stored: stored, journal: journal, containers: containers)
        try supervisor.run()
    }

    private func adopt(
        _ keeper: KeeperLink, stored: [UInt32: OwnedDescriptor], journal: OwnedDescriptor,
        containers: [(report: KeeperReport, pidfd: OwnedDescriptor?)]
    ) throws(SystemError) {
        input = stored[StoreTag.input]
        if let socket = stored[StoreTag.consoleSocket], let pipe = stored[StoreTag.consolePipe] {
            console = Console(socket: socket, pipe: pipe)
        }
        let copy = OwnedFD(try check(swl_dup_above(journal.raw, 3), "fcntl"))
        let logs = try LogPump(
            directory: plan.paths.logs, names: plan.containers.map(\.name), limits: plan.logLimits,
            journal: try SharedMemory(copy, words: LogPump.journalWords))
        self.logs = logs
        logs.onOutput = { [unowned self] in self.attachments.show($0, $1, $2) }
        adoptExecCgroups()
        attachConsole()
        for container in plan.containers.indices {
            attachments.inputs[container] = stored[StoreTag.stream(container, .standardOutput, .inputWriter)]
            for stream in LogPump.Stream.allCases {
                guard let reader = stored[StoreTag.stream(container, stream, .stagingReader)],
                    let writer = stored[StoreTag.stream(container, stream, .stagingWriter)]
                else { continue }
                logs.setStaging(container, stream, reader: reader, writer: writer)
                logs.setSource(container, stream, stored[StoreTag.stream(container, stream, .source)])
                if stream == .standardOutput, let source = logs.source(container, stream) {
                    connectConsole(container, source)
                }
            }
        }
        var observations: [PodLifecycle.Observation] = []
        for (report, pidfd) in containers {
            switch report {
            case .started(let container, let attempt, let pid, let at):
                let index = Int(container)
                logs.reopen(index, attempt: attempt)
                if let pidfd { pidfds[index] = (attempt, pidfd) }
                watchOutOfMemory(index)
                observations.append(
                    .init(container: index, attempt: attempt, state: .running(pid: pid, startedAt: at)))
            case .failed(let container, let attempt, let failure, _):
                observations.append(.init(container: Int(container), attempt: attempt, state: .failed(failure)))
            case .exited(let container, let attempt, let exitCode, let signal, let at):
                logs.reopen(Int(container), attempt: attempt)
                let code = KeeperReport.exitCode(exitCode, signal: signal)
                observations.append(
                    .init(
                        container: Int(container), attempt: attempt,
                        state: .exited(
                            code: code, signal: signal, at: at,
                            oomKilled: isOutOfMemory(Int(container), exitCode: code),
                            message: terminationMessage(Int(container), attempt, failed: code != 0))))
                endProcesses(of: Int(container))
            default: break
            }
        }
        logs.recover()
        for observation in observations {
            switch observation.state {
            case .exited, .failed: closeLogs(observation.container)
            default: watchLogs(observation.container)
            }
        }
        try link(keeper)
        for container in plan.containers.indices { pumpLogs(container) }
        if let file = stored[StoreTag.updates] { resumeUpdates(file) }
        // How old those are which the one before has issued, nobody knows.
        renewTokens()
        for (tag, descriptor) in stored {
            if let port = StoreTag.port(tag) { listeners.append(PortListener(descriptor: descriptor, port: port)) }
        }
        try forwardPorts()
        resumeRecord()
        resumeControl(stored[StoreTag.control])
        client.nudge()
        perform(lifecycle.resume(observed: observations, at: .now))
    }

    func link(_ keeper: KeeperLink) throws(SystemError) {
        self.keeper = keeper
        try keeper.watch(
            loop, reported: { [unowned self] in self.keeperReported($0, $1) },
            died: { [unowned self] in self.keeperDied() })
    }

    /// Volumes, ports, cgroup and keeper, in the namespaces that the process is in.
    /// For the first one the command looks for the host's secrets.
    func makeSandbox(isFirst: Bool = false) {
        if let rejection = plan.rejection {
            return dispatch(.sandboxFailed(reason: rejection.reason, message: rejection.message))
        }
        do {
            try prepare(isFirst) { isFirst ? self.client.receiveSecrets() ?? HostSecrets.find() : HostSecrets.find() }
            sandboxRetry = SandboxRetry()
            dispatch(.sandboxReady)
            prepareContainers()
        } catch {
            sandboxFailed(error)
        }
    }

    /// Back to the host's namespaces, and into new ones.
    func remakeSandbox() {
        do {
            try leaveSandbox()
            try Sandbox.enterNamespaces()
        } catch {
            return sandboxFailed(SandboxError(reason: "FailedCreatePodSandBox", message: error.description))
        }
        makeSandbox()
    }

    var status: PodStatus {
        PodStatus(lifecycle, plan: plan, podIPs: plan.podIPs, hostIPs: plan.hostIPs)
    }

    func leaveSandbox() throws(SystemError) {
        try check(swl_setns(hostMount.raw, 0), "setns")
        try check(swl_setns(hostNetwork.raw, 0), "setns")
    }

    private func prepare(_ isFirst: Bool, secrets: @escaping () -> [String]) throws(SandboxError) {
        do {
            try completeNamespaces()
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.description)
        }
        do {
            // Before the volumes are made, which it sees all the same: so it starts on another processor meanwhile.
            try startKeeper()
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.description)
        }
        try requestPause()
        try openPorts()
        try issueTokens()
        do {
            _ = try VolumeSetup(plan: planWithTokens, hostMount: hostMount.raw).make()
        } catch {
            throw SandboxError(reason: error.reason, message: error.message)
        }
        do {
            _ = try cgroups?.make(plan.paths.cgroup)
            try makePodCgroups()
            try SharedMounts(plan: plan, secrets: secrets).make()
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.description)
        }
        do {
            try applyGroup(isFirst: isFirst)
        } catch {
            throw SandboxError(reason: error.reason, message: error.message)
        }
        if let users = handles.users { try mapMounts(users.raw) }
        try awaitPause()
    }

    /// On the host, so for as long as it takes in the host's network namespace.
    private func openPorts() throws(SandboxError) {
        if plan.ports.isEmpty { return }
        do {
            if listeners.isEmpty {
                let pod = try NamespaceHandle(current: "net")
                try check(swl_setns(hostNetwork.raw, 0), "setns")
                let opened = Result { () throws(PortError) in try PortListener.open(plan.ports) }
                try pod.enter()
                listeners = try opened.get()
            }
            for (position, listener) in listeners.enumerated() {
                keeper?.store(StoreTag.listener(position, port: listener.port), listener.descriptor.raw)
            }
            try forwardPorts()
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: "\(error)")
        }
    }

    private func forwardPorts() throws(SystemError) {
        ports?.close()
        if !listeners.isEmpty { ports = try PortForwarder(listeners: listeners, ports: plan.ports, loop: loop) }
    }

    private func startKeeper() throws(SystemError) {
        let volumes = VolumeTable(plan, mapped: plan.namespaces.ownUsers)
        let users = handles.users?.raw ?? -1
        let (mine, theirs) = try PacketSocket.pair()
        let ours = PacketSocket(OwnedFD(mine))
        let other = PacketSocket(OwnedFD(theirs))
        let exitsPath = plan.paths.run + "/exits"
        let exits = OwnedFD(try check(swl_open(exitsPath, O_WRONLY | O_CREAT | O_APPEND, 0o600), "open", exitsPath))
        let myself = OwnedFD(try check(swl_pidfd_open(getpid()), "pidfd_open"))
        let pid = try check(swl_fork(), "fork")
        if pid == 0 {
            swl_reset_pipe_signal()
            signal(SIGPIPE, SIG_IGN)
            _ = swl_set_process_name("swiftlet-keeper")
            do {
                let keeper = try Keeper(
                    plan: plan, volumes: volumes, executable: executable, socket: other, supervisor: myself,
                    exits: exits, users: users)
                try keeper.run()
            } catch {}
            swl_exit(0)
        }
        let process = OwnedDescriptor(OwnedFD(try check(swl_pidfd_open(pid), "pidfd_open")))
        let keeper = KeeperLink(socket: ours, process: process, pid: pid)
        keeper.store(StoreTag.plan, planFile.raw)
        keeper.store(StoreTag.client, client.raw)
        keeper.store(StoreTag.lock, lock.raw)
        if let listener = control.listener { keeper.store(StoreTag.control, listener.raw) }
        if let input { keeper.store(StoreTag.input, input.raw) }
        keeper.store(StoreTag.hostMount, hostMount.raw)
        keeper.store(StoreTag.hostNetwork, hostNetwork.raw)
        handles.store(with: keeper)
        let journal = try SharedMemory(words: LogPump.journalWords)
        keeper.store(StoreTag.journal, journal.fd.raw)
        logs = try LogPump(
            directory: plan.paths.logs, names: plan.containers.map(\.name), limits: plan.logLimits, journal: journal)
        unfinishedLogs = []
        waitingLogs = []
        logs?.onOutput = { [unowned self] in self.attachments.show($0, $1, $2) }
        attachConsole()
        try link(keeper)
        storeUpdates()
    }

    func releaseKeeper() {
        guard let keeper else { return }
        keeper.unwatch(loop)
        keeper.send(.release)
        if !keeper.waitForDeath(2000) {
            _ = swl_pidfd_send_signal(keeper.process.raw, SIGKILL)
            _ = keeper.waitForDeath(1000)
        }
        self.keeper = nil
    }

    /// Everything has ended: frees what the kernel does not free by itself, tells the command, and stops the loop.
    func finish() {
        ports?.close()
        listeners = []
        retryLogs()
        releaseKeeper()
        try? leaveSandbox()
        // Written before anything of the pod goes: whoever finds it half removed knows that it has ended.
        if plan.isKept { writeRecord() }
        leaveOwnCgroup()
        let remains = PodRemains(plan.paths, !plan.isKept ? .all : record.isFrozen ? .nothing : .volumes)
        for problem in remains.remove(cgroups: cgroups, hasLimits: plan.hasCgroupLimits) { client.send(.note(problem)) }
        LogRetention.prune(plan.paths)
        let status = status.json
        closeControl(.ended(exitCode: lifecycle.exitCode, status: status))
        client.send(.finished(exitCode: lifecycle.exitCode, status: status))
        client.drain(1000)
        loop.stop()
    }
}
