import Glibc
import Linux
import PodLifecycle
import PodPlan

/// Carries the probes out that `PodLifecycle` asks for, when their workers say so, and tells it of the verdicts.
final class Prober {
    private unowned let supervisor: Supervisor
    private var workers: [Handlers.Key: (attempt: UInt32, worker: ProbeWorker)] = [:]
    private var words: [Handlers.Key: EventFilter] = [:]
    private let containers: [Int]

    init(_ supervisor: Supervisor) {
        self.supervisor = supervisor
        containers = supervisor.plan.containers.indices.filter { index in
            ProbeKind.allCases.contains { supervisor.plan.containers[index].probes[$0] != nil }
        }
    }

    /// Starts and ends workers, so that they are those that are to run now.
    func reconcile() {
        for container in containers {
            let wanted = supervisor.lifecycle.probes(container)
            let running = supervisor.lifecycle.running(container)
            for kind in ProbeKind.allCases {
                let key = Handlers.Key(container: container, purpose: .probe(kind))
                guard wanted.contains(kind), let running, let plan = supervisor.plan.containers[container].probes[kind]
                else {
                    if workers.removeValue(forKey: key) != nil { supervisor.handlers?.cancel(key) }
                    continue
                }
                if workers[key]?.attempt == running.attempt { continue }
                supervisor.handlers?.cancel(key)
                words[key] = nil
                workers[key] = (
                    running.attempt,
                    ProbeWorker(
                        kind: kind, plan: plan, startedAt: running.startedAt, isReady: running.isReady, now: Clock.boot)
                )
            }
        }
    }

    var deadline: Int64? { workers.values.compactMap(\.worker.due).min() }

    func tick(now: Int64) {
        for (key, known) in workers {
            guard let due = known.worker.due, due <= now, case .probe(let kind) = key.purpose,
                let plan = supervisor.plan.containers[key.container].probes[kind]
            else { continue }
            workers[key]?.worker.begin(at: now)
            supervisor.handlers?.start(
                key, plan.handler, attempt: known.attempt, timeout: Int64(plan.timeout) * 1_000_000_000
            ) { [unowned self] outcome in
                self.finished(key, kind, outcome)
            }
        }
    }

    private func finished(_ key: Handlers.Key, _ kind: ProbeKind, _ outcome: HandlerOutcome) {
        guard let attempt = workers[key]?.attempt else { return }
        let result: ProbeWorker.Result
        switch outcome {
        case .success:
            words[key] = nil
            result = .success
        case .warning(let message):
            tell(key, "ProbeWarning", "\(kind.name) probe warning: \(message)")
            result = .success
        case .failure(let message):
            tell(key, "Unhealthy", "\(kind.name) probe failed: \(message)")
            result = .failure
        case .errored(let message):
            tell(key, "Unhealthy", "\(kind.name) probe errored and resulted in unknown state: \(message)")
            result = .errored
        }
        guard let isSuccess = workers[key]?.worker.finish(result, at: Clock.boot) else { return }
        supervisor.dispatch(
            .probed(container: key.container, attempt: attempt, probe: kind, isSuccess: isSuccess))
    }

    private func tell(_ key: Handlers.Key, _ reason: String, _ message: String) {
        let message = EventFilter.trimmed(message)
        var filter = words[key] ?? EventFilter()
        if filter.passes(message, at: Clock.boot) {
            let event = PodReport.event(container: UInt32(key.container), reason: reason, message: message)
            supervisor.client.send(event)
            supervisor.recordEvent(of: event)
        }
        words[key] = filter
    }
}

/// Keeps a probe that fails again and again from saying so each time.
struct EventFilter {
    /// Nanoseconds between two events with the same words, and between two with different ones.
    static let same: Int64 = 60_000_000_000
    static let different: Int64 = 5_000_000_000

    private var last: (message: String, at: Int64)?

    mutating func passes(_ message: String, at now: Int64) -> Bool {
        if let last, now - last.at < (message == last.message ? Self.same : Self.different) { return false }
        last = (message, now)
        return true
    }

    /// An event's message has at most 1024 bytes in Kubernetes; blanks at the end are worth nothing.
    static func trimmed(_ message: String) -> String {
        var bytes = message.utf8.prefix(1024)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
