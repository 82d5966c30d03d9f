import CLinux
import Glibc
import Linux
import PodPlan

/// The pods of one `run`, from their start to their end, on the terminal. One thread and one poll(2): supervisors' reports,
/// the containers' log files, and signals.
final class RunSession {
    private struct Running {
        let process: SupervisorProcess
        let tailer: CRILogTailer
        var isGone = false
    }

    private var pods: [Running] = []
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

    /// The processes wait for their plans.
    init(
        _ plans: [PodPlan], _ processes: [SupervisorProcess], reloader: ManifestReloader, outputDescriptor: Int32
    ) throws {
        self.outputDescriptor = outputDescriptor
        self.reloader = reloader
        terminals = [0, 1, 2].filter { isatty($0) == 1 }
        screen = RunScreen(
            pods: plans, style: ScreenStyle(descriptor: 2), outputStyle: ScreenStyle(descriptor: outputDescriptor))
        statuses = plans.map { _ in "" }
        for (plan, process) in zip(plans, processes) { try process.start(plan) }
        if plans.contains(where: \.hasHostRoot) {
            let secrets = HostSecrets.find()
            for (plan, process) in zip(plans, processes) where plan.hasHostRoot { process.tell(secrets) }
        }
        // The pods start while their logs are being looked for.
        for (plan, process) in zip(plans, processes) {
            let tailer = try CRILogTailer(
                directory: plan.paths.logs, containers: plan.containers.map(\.name), isTold: true)
            pods.append(Running(process: process, tailer: tailer))
        }
    }

    var drawing: String {
        screen.timelines.map { $0.drawing(screen.style) }.joined(separator: "\n")
    }

    /// Returns the exit code: that of the first container that failed.
    func run() throws -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        let signals = OwnedFD(try check(swl_signalfd([SIGINT, SIGTERM, SIGHUP], 3), "signalfd"))
        var more = false
        while pods.contains(where: { !$0.isGone }) {
            var waiting = [pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0)]
            for pod in pods where !pod.isGone {
                waiting.append(pollfd(fd: pod.process.raw, events: Int16(POLLIN), revents: 0))
            }
            if let watch = reloader.watch {
                waiting.append(pollfd(fd: watch.raw, events: Int16(POLLIN), revents: 0))
            }
            let count = poll(&waiting, nfds_t(waiting.count), more ? 0 : delay)
            if count < 0 && errno != EINTR { throw SystemError(errno: errno, call: "poll") }
            if count == 0 && !more { show(screen.settle()) }
            reloadIfDue(sawChange: reloader.watch != nil && waiting[waiting.count - 1].revents != 0)
            if waiting[0].revents != 0 { interrupt(signals.raw) }
            more = false
            for index in pods.indices where !pods[index].isGone {
                while !pods[index].isGone && isReadable(pods[index].process.raw) { readReport(index) }
                if !pods[index].isGone && readLogs(index) { more = true }
            }
        }
        show(screen.settle())
        for pod in pods { pod.process.reap() }
        return exitCode
    }

    /// Milliseconds until what the screen holds back is shown; the next report usually comes at once.
    private var settleDelay: Int32 { screen.isSettled ? -1 : 100 }

    /// Milliseconds until something is due.
    private var delay: Int32 {
        guard let reloadAt else { return settleDelay }
        let left = Int32(clamping: max(0, reloadAt - Clock.boot) / 1_000_000 + 1)
        return settleDelay < 0 ? left : min(left, settleDelay)
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
        for (index, update) in reloader.reload(asked: asked) where !pods[index].isGone {
            do { try pods[index].process.update(update) } catch { Output.error("pod \(index + 1): \(error)") }
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
        let report = try? pods[index].process.receive()
        guard let report else {
            pods[index].isGone = true
            finishLogs(index)
            show(screen.settle())
            Output.error(
                "pod \(index + 1): its supervisor and its keeper were killed; the next command removes what they left")
            if exitCode == 0 { exitCode = 137 }
            return
        }
        if case .output = report { return }
        pods[index].tailer.expectNewFiles()
        // What a container wrote before it ended comes before the news of its end.
        if case .terminated = report { while readLogs(index) {} }
        if case .finished(let code, let status) = report {
            finishLogs(index)
            pods[index].isGone = true
            statuses[index] = status
            if exitCode == 0 { exitCode = code }
        }
        show(screen.take(report, pod: index))
    }

    /// True where there is more to read at once.
    private func readLogs(_ index: Int) -> Bool {
        var output: [UInt8] = []
        let more = pods[index].tailer.read { output += screen.output(pod: index, container: $0.container, $0.text) }
        if !output.isEmpty { Output.write(outputDescriptor, output) }
        for refusal in pods[index].tailer.takeRefusals() { Output.error(refusal) }
        return more
    }

    private func finishLogs(_ index: Int) {
        while readLogs(index) {}
        var output: [UInt8] = []
        pods[index].tailer.finish { output += screen.output(pod: index, container: $0.container, $0.text) }
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
            for pod in pods where !pod.isGone { pod.process.stop(grace: interruptions > 1 ? 0 : -1) }
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
