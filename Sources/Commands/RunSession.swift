import CLinux
import Glibc
import Linux
import PodPlan
import PodPlanner

/// The pods of one `run`, from their start to their end, on the terminal. One thread and one poll(2): supervisors' reports,
/// the containers' log files, and signals.
final class RunSession {
    private struct Running {
        let process: SupervisorProcess
        let tailer: CRILogTailer
        /// Boot-clock time at which other commands are to see the pod; nil: they do.
        var showAt: Int64?
    }

    private enum State {
        /// It has no place yet. `shown`: what the user has been told of it.
        case pending(shown: String)
        case running(Running)
        case gone
    }

    private var preparation: Preparation
    private let executable: SupervisorExecutable
    private var pods: [State] = []
    private var started: [SupervisorProcess] = []
    private let input: (pod: Int, descriptor: Int32)?
    private let console: RunConsole?
    private var screen: RunScreen
    private var interruptions = 0
    private(set) var statuses: [String]
    private var exitCode: Int32 = 0

    /// Where the containers' lines go: 1, or 2 where standard output is to hold an object alone.
    private let outputDescriptor: Int32
    private let reloader: ManifestReloader
    /// Boot-clock time at which changed manifests are read: what is written in one go is read once.
    private var reloadAt: Int64?
    private let terminals: [Int32]

    /// The first pod that has a place gets `early`, which waits for its plan.
    init(
        _ preparation: Preparation, executable: SupervisorExecutable, early: SupervisorProcess,
        reloader: ManifestReloader, readsManifest: Bool, outputDescriptor: Int32
    ) throws {
        self.preparation = preparation
        self.executable = executable
        self.outputDescriptor = outputDescriptor
        self.reloader = reloader
        terminals = [0, 1, 2].filter { isatty($0) == 1 }
        let plans = preparation.pods.map(\.plan)
        screen = RunScreen(
            pods: plans, style: ScreenStyle(descriptor: 2), outputStyle: ScreenStyle(descriptor: outputDescriptor))
        statuses = plans.map { _ in "" }
        input = StandardInput.attachment(plans, takenByManifest: readsManifest)
        console = readsManifest || outputDescriptor != 1 ? nil : RunConsole(plans)
        let placed = preparation.pods.indices.filter { preparation.pods[$0].verdict == .scheduled }
        let processes = try placed.map { index throws in
            index == placed[0] ? early : try SupervisorProcess(executable: executable)
        }
        pods = plans.map { _ in .pending(shown: "") }
        try start(Array(zip(placed, processes)))
        showUnplaced()
    }

    private func start(_ list: [(index: Int, process: SupervisorProcess)]) throws {
        let plans = preparation.pods.map(\.plan)
        for (index, process) in list {
            started.append(process)
            let given = console.map { $0.pod == index ? $0.given : [] } ?? []
            try process.start(
                plans[index], input: input.map { $0.pod == index ? $0.descriptor : -1 } ?? -1,
                console: given.map(\.raw))
            if !given.isEmpty { console?.hasGiven() }
        }
        if list.contains(where: { plans[$0.index].hasHostRoot }) {
            let secrets = HostSecrets.find()
            for (index, process) in list where plans[index].hasHostRoot { process.tell(secrets) }
        }
        // The pods start while their logs are being looked for.
        for (index, process) in list {
            let tailer = try CRILogTailer(
                directory: plans[index].paths.logs, containers: plans[index].containers.map(\.name), isTold: true)
            pods[index] = .running(Running(process: process, tailer: tailer, showAt: Clock.boot + Self.unseen))
        }
    }

    // MARK: Pods without a place

    private var hasPending: Bool {
        pods.contains { if case .pending = $0 { true } else { false } }
    }

    /// Says why pods do not start, once each; those that never will have failed.
    private func showUnplaced() {
        for (index, state) in pods.enumerated() {
            let pod = preparation.pods[index]
            guard case .pending(let shown) = state, let line = preparation.placement?.line(pod.pod, pod.verdict) else {
                continue
            }
            if line != shown { Output.error(line) }
            pods[index] = .pending(shown: line)
            if case .rejected(_, _) = pod.verdict { giveUp(index) }
        }
    }

    private func giveUp(_ index: Int) {
        pods[index] = .gone
        statuses[index] = Placement.status(preparation.pods[index].pod, preparation.pods[index].verdict)
        if exitCode == 0 { exitCode = 1 }
    }

    /// The node or what runs on it has changed.
    private func placeAgain() throws {
        guard hasPending else { return }
        let pending = pods.indices.filter { if case .pending = pods[$0] { true } else { false } }
        for error in preparation.scheduleAgain(pending, beside: pods.indices.filter { running($0) != nil }) {
            Output.error("\(error)")
        }
        showUnplaced()
        let placed = pending.filter { preparation.pods[$0].verdict == .scheduled }
        try start(try placed.map { index throws in (index, try SupervisorProcess(executable: executable)) })
    }

    var drawing: String {
        screen.timelines.map { $0.drawing(screen.style) }.joined(separator: "\n")
    }

    /// Returns the exit code: that of the first container that failed.
    func run() throws -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        let signals = OwnedFD(try check(swl_signalfd([SIGINT, SIGTERM, SIGHUP], 3), "signalfd"))
        var more = false
        let watch = hasPending ? preparation.watch() : nil
        // What has changed before it was watched.
        if watch != nil { try placeAgain() }
        while pods.contains(where: { if case .gone = $0 { false } else { true } }) {
            var waiting = [
                pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: watch?.raw ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            for case .running(let pod) in pods {
                waiting.append(pollfd(fd: pod.process.raw, events: Int16(POLLIN), revents: 0))
            }
            if let watch = reloader.watch {
                waiting.append(pollfd(fd: watch.raw, events: Int16(POLLIN), revents: 0))
            }
            let own = waiting.count
            console?.prepare(&waiting)
            let wait = more ? 0 : delay
            let isSettling = wait == settleDelay
            let count = poll(&waiting, nfds_t(waiting.count), wait)
            if count < 0 && errno != EINTR { throw SystemError(errno: errno, call: "poll") }
            if count == 0 && isSettling { show(screen.settle()) }
            showObjectsIfDue()
            console?.handle(waiting[own...])
            reloadIfDue(sawChange: reloader.watch != nil && waiting[own - 1].revents != 0)
            if waiting[0].revents != 0 { interrupt(signals.raw) }
            more = false
            var hasChanged = waiting[1].revents != 0
            for index in pods.indices {
                let wasRunning = running(index) != nil
                while let process = running(index)?.process, isReadable(process.raw) { readReport(index) }
                if readLogs(index) { more = true }
                if wasRunning && running(index) == nil { hasChanged = true }
            }
            if hasChanged {
                watch?.drain()
                try placeAgain()
            }
        }
        console?.end()
        show(screen.settle())
        for process in started { process.reap() }
        return exitCode
    }

    private func running(_ index: Int) -> Running? {
        if case .running(let pod) = pods[index] { pod } else { nil }
    }

    /// Milliseconds until what the screen holds back is shown; the next report usually comes at once.
    private var settleDelay: Int32 { screen.isSettled ? -1 : 100 }

    /// Milliseconds until something is due.
    private var delay: Int32 {
        let due = pods.indices.compactMap { running($0)?.showAt } + [reloadAt].compactMap(\.self)
        guard let next = due.min() else { return settleDelay }
        let left = Int32(clamping: max(0, next - Clock.boot) / 1_000_000 + 1)
        return settleDelay < 0 ? left : min(left, settleDelay)
    }

    // MARK: What other commands see

    /// Nanoseconds: nothing of it is done while the pod starts.
    private static let unseen: Int64 = 100_000_000

    /// `object.json` in the pod's state directory, as the kubelet has a mirror of a static pod.
    private func showObjectsIfDue() {
        let now = Clock.boot
        for index in pods.indices {
            guard case .running(var pod) = pods[index], let due = pod.showAt, due <= now else { continue }
            pod.showAt = nil
            pods[index] = .running(pod)
            let prepared = reloader.current.pods[index]
            let text = PodJSON.object(of: prepared.pod, reloader.current) + "\n"
            // Where the pod has gone meanwhile, there is nobody to be seen.
            try? StateDirectory(prepared.plan.paths.state).replace("object.json", Array(text.utf8), isDurable: false)
        }
    }

    private func reloadIfDue(sawChange: Bool) {
        if sawChange {
            reloader.watch?.drain()
            if reloadAt == nil { reloadAt = Clock.boot + 50_000_000 }
        }
        guard let due = reloadAt, due <= Clock.boot else { return }
        reloadAt = nil
        reload(asked: false)
    }

    private func reload(asked: Bool) {
        show(screen.settle())
        for (index, update) in reloader.reload(asked: asked) {
            guard var pod = running(index) else { continue }
            pod.showAt = Clock.boot
            pods[index] = .running(pod)
            do { try pod.process.update(update) } catch { Output.error("pod \(index + 1): \(error)") }
        }
    }

    private func isReadable(_ fd: Int32) -> Bool {
        var waiting = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) == 1
    }

    private func show(_ text: String) {
        if !text.isEmpty { Output.write(2, Array(text.utf8)) }
    }

    private func readReport(_ index: Int) {
        guard let pod = running(index) else { return }
        let report = try? pod.process.receive()
        guard let report else {
            finishLogs(index)
            pods[index] = .gone
            show(screen.settle())
            Output.error(
                "pod \(index + 1): its supervisor and its keeper were killed; the next command removes what they left")
            if exitCode == 0 { exitCode = 137 }
            return
        }
        if case .output = report { return }
        pod.tailer.expectNewFiles()
        // What a container wrote before it ended comes before the news of its end.
        if case .terminated = report { while readLogs(index) {} }
        if case .finished(let code, let status) = report {
            finishLogs(index)
            pods[index] = .gone
            statuses[index] = status
            if exitCode == 0 { exitCode = code }
        }
        show(screen.take(report, pod: index))
    }

    /// True where there is more to read at once.
    private func readLogs(_ index: Int) -> Bool {
        guard let pod = running(index) else { return false }
        var output: [UInt8] = []
        let more = pod.tailer.read { line in
            if isConsole(index, line.container) { return }
            output += screen.output(pod: index, container: line.container, line.text)
        }
        if !output.isEmpty { Output.write(outputDescriptor, output) }
        for refusal in pod.tailer.takeRefusals() { Output.error(refusal) }
        return more
    }

    private func isConsole(_ pod: Int, _ container: Int) -> Bool {
        console?.pod == pod && console?.container == container
    }

    private func finishLogs(_ index: Int) {
        guard let pod = running(index) else { return }
        while readLogs(index) {}
        var output: [UInt8] = []
        pod.tailer.finish { line in
            if isConsole(index, line.container) { return }
            output += screen.output(pod: index, container: line.container, line.text)
        }
        Output.write(outputDescriptor, output)
    }

    private func interrupt(_ fd: Int32) {
        // struct signalfd_siginfo, of signalfd(2): the signal's number comes first, its code third.
        var information = [Int32](repeating: 0, count: 32)
        while read(fd, &information, 128) > 0 {
            if information[0] == SIGHUP, !hasLostTerminal(code: information[2]) {
                reload(asked: true)
                continue
            }
            interruptions += 1
            for index in pods.indices {
                switch pods[index] {
                case .running(let pod): pod.process.stop(grace: interruptions > 1 ? 0 : -1)
                case .pending: giveUp(index)
                case .gone: break
                }
            }
        }
    }

    /// Whether a SIGHUP tells of a terminal that is gone. That of the kernel does; a shell that ends sends one of its own.
    private func hasLostTerminal(code: Int32) -> Bool {
        let sentByKernel: Int32 = 0x80
        if code == sentByKernel { return true }
        return terminals.contains { descriptor in
            var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
            return poll(&waiting, 1, 0) == 1 && waiting.revents & Int16(POLLHUP) != 0
        }
    }
}
