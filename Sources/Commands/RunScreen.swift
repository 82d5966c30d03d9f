import PodPlan

/// What `run` shows while pods live: a line for each change of state, and the containers' output with a prefix. Values in,
/// text out; writing it (changes to stderr, output to stdout) is the caller's.
public struct RunScreen: Sendable {
    public let style: ScreenStyle
    /// The style of the stream that output goes to, which need not be the one that changes go to.
    public let outputStyle: ScreenStyle
    public private(set) var timelines: [Timeline]
    private let pods: [PodPlan]
    /// `[pod][container]`
    private let prefixes: [[[UInt8]]]
    /// The end of a container that waits for the report after it, which may say when the container is restarted.
    private var held: (pod: Int, container: Int, line: String, failed: Bool)?

    public init(pods: [PodPlan], style: ScreenStyle, outputStyle: ScreenStyle? = nil) {
        self.pods = pods
        self.style = style
        self.outputStyle = outputStyle ?? style
        timelines = pods.map(Timeline.init)
        prefixes = Self.prefixes(pods, outputStyle ?? style)
    }

    private static func prefixes(_ pods: [PodPlan], _ style: ScreenStyle) -> [[[UInt8]]] {
        let names = pods.map { pod in
            pod.containers.map { container in
                TerminalText.escaped(pods.count > 1 ? "\(pod.name)/\(container.name)" : container.name)
            }
        }
        let width = names.joined().map(\.count).max() ?? 0
        var number = 0
        return names.map { names in
            names.map { name in
                let color = ScreenStyle.palette[number % ScreenStyle.palette.count]
                number += 1
                let padded = name + String(repeating: " ", count: width - name.count) + " |"
                return Array((style.colored(padded, color) + " ").utf8)
            }
        }
    }

    // MARK: Output

    /// A line of a container's output, given without its line feed. On a terminal only colours pass; otherwise every byte.
    public func output(pod: Int, container: Int, _ line: some Collection<UInt8>) -> [UInt8] {
        guard prefixes.indices.contains(pod), prefixes[pod].indices.contains(container) else { return [] }
        let text = outputStyle.isTerminal ? TerminalText.sanitized(line) : Array(line)
        return prefixes[pod][container] + text + [0x0A]
    }

    // MARK: Changes

    /// The lines that a report is worth; each ends with a line feed. The end of a container is held back until the next
    /// report has come or `settle` is called, since the pause before a restart is told by the next.
    public mutating func take(_ report: PodReport, pod: Int) -> String {
        guard pods.indices.contains(pod) else { return "" }
        let isNew = timelines[pod].add(report)
        var text = ""
        if let held, !continues(report, held.pod == pod ? held.container : nil) { text += settle() }
        guard isNew else { return text }
        switch report {
        case .claimed, .sandboxReady: break
        case .sandboxFailed(let reason, let message):
            text += failure(pod, "pod \(name(pod)): \(TerminalText.escaped(reason)): \(TerminalText.escaped(message))")
        case .created:
            text += settle(", restarting")
        case .started(let container, let attempt, _, _):
            let again = attempt == 0 ? "started" : "started again (restart \(attempt))"
            text += plain(pod, "\(subject(pod, container)) \(again)")
        case .failedToStart(let container, _, _, let failure):
            text += settle()
            let (what, advice) = describe(failure, pod, container)
            let line = "\(subject(pod, container)): \(what)" + (advice.isEmpty ? "" : "; \(advice)")
            held = (pod, Int(container), line, true)
        case .terminated(let container, let attempt, _, let exitCode, let signal, let reason):
            text += settle()
            let (line, failed) = ending(pod, container, attempt, exitCode, signal, reason)
            held = (pod, Int(container), line, failed)
        case .backOff(let container, let delay):
            if held == nil {
                text += plain(pod, "\(subject(pod, container)) restarts in \(DurationText.text(delay))")
            } else {
                text += settle(", restarting in \(DurationText.text(delay))")
            }
        case .phase(let phase): text += plain(pod, "pod \(name(pod)): \(TerminalText.escaped(phase))")
        case .stopping(let grace):
            let what = grace == 0 ? "killing pod \(name(pod))" : "stopping pod \(name(pod)), at most \(grace) s"
            text += plain(pod, what)
        case .ready(let ready, let count): text += plain(pod, "pod \(name(pod)): ready \(ready)/\(count)")
        case .event(let container, let reason, let message):
            text += failure(
                pod, "\(subject(pod, container)): \(TerminalText.escaped(reason)): \(TerminalText.escaped(message))")
        case .note(let note): text += plain(pod, "pod \(name(pod)): \(TerminalText.escaped(note))")
        case .output, .finished: break
        }
        return text
    }

    /// Whether nothing is held back.
    public var isSettled: Bool { held == nil }

    /// What is still held back; to be called when no report is there to be read.
    public mutating func settle() -> String { settle("") }

    private mutating func settle(_ addition: String) -> String {
        guard let held else { return "" }
        self.held = nil
        let line = held.line + addition
        return held.failed ? failure(held.pod, line) : plain(held.pod, line)
    }

    /// Whether the report says more of the container whose end is held back.
    private func continues(_ report: PodReport, _ held: Int?) -> Bool {
        switch report {
        case .backOff(let container, _), .created(let container, _, _): Int(container) == held
        default: false
        }
    }

    private func plain(_ pod: Int, _ line: String) -> String {
        style.colored(qualified(pod, line), "2") + "\n"
    }

    private func failure(_ pod: Int, _ line: String) -> String {
        style.colored(qualified(pod, line), "31") + "\n"
    }

    /// With several pods a line about a container names its pod.
    private func qualified(_ pod: Int, _ line: String) -> String {
        let namesPod = line.hasPrefix("pod ") || line.contains(" pod \(name(pod))")
        return pods.count > 1 && !namesPod ? "pod \(name(pod)): \(line)" : line
    }

    private func name(_ pod: Int) -> String { "\"\(TerminalText.escaped(pods[pod].name))\"" }

    private func plan(_ pod: Int, _ container: UInt32) -> ContainerPlan? {
        pods[pod].containers.indices.contains(Int(container)) ? pods[pod].containers[Int(container)] : nil
    }

    private func subject(_ pod: Int, _ container: UInt32) -> String {
        guard let plan = plan(pod, container) else { return "container \(container)" }
        let kind =
            switch plan.kind {
            case .initContainer: "init"
            case .sidecar: "sidecar"
            case .app: "container"
            }
        return "\(kind) \"\(TerminalText.escaped(plan.name))\""
    }

    private func describe(_ failure: LaunchFailure, _ pod: Int, _ container: UInt32) -> (what: String, advice: String) {
        failure.sentence(plan(pod, container) ?? ContainerPlan())
    }

    private func ending(
        _ pod: Int, _ container: UInt32, _ attempt: UInt32, _ code: Int32, _ signal: Int32, _ reason: String
    ) -> (line: String, failed: Bool) {
        let subject = subject(pod, container)
        let isInit = plan(pod, container)?.kind == .initContainer
        let known = timelines[pod].attempt(Int(container), attempt)
        let ran = known.flatMap { known in
            known.started.flatMap { started in known.ended.map { DurationText.text($0 - started) } }
        }
        let after = ran.map { " after \($0)" } ?? ""
        if reason == "OOMKilled" { return ("\(subject) was killed, out of memory\(after)", true) }
        if signal != 0 { return ("\(subject) was ended by \(SignalName.text(signal))\(after)", signal != 15) }
        switch (isInit, code) {
        case (true, 0): return ("\(subject) finished\(ran.map { " in \($0)" } ?? "")", false)
        case (true, _): return ("\(subject) failed with code \(code)\(after)", true)
        case (false, 0): return ("\(subject) finished\(after)", false)
        case (false, _): return ("\(subject) exited with code \(code)\(after)", true)
        }
    }
}
