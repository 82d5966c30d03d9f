import CLinux
import Glibc
import Linux
import PodPlan

/// What came of a handler.
enum HandlerOutcome {
    case success
    /// Counts as a success, and is worth a word.
    case warning(String)
    case failure(String)
    /// It could not be carried out, which says nothing of what it asks about.
    case errored(String)
}

/// A handler on its way. It tells its outcome once, unless it is cancelled.
protocol HandlerRun: AnyObject {
    /// May come to its end at once.
    func start()
    func cancel()
    /// For what it is waiting when the time is over.
    var waitingFor: String { get }
}

/// The handlers of probes and hooks that are being carried out. Nothing here blocks.
final class Handlers {
    enum Purpose: Hashable {
        case probe(ProbeKind)
        case hook(HookKind)
    }

    /// Of each kind a container has one at a time.
    struct Key: Hashable {
        var container: Int
        var purpose: Purpose
    }

    private struct Entry {
        var run: any HandlerRun
        var deadline: Int64?
        var done: (HandlerOutcome) -> Void
    }

    private unowned let supervisor: Supervisor
    private var entries: [Key: Entry] = [:]

    init(_ supervisor: Supervisor) {
        self.supervisor = supervisor
    }

    /// - Parameters:
    ///   - timeout: Nanoseconds; nil: whatever it takes.
    ///   - done: Called once, possibly at once, unless the handler is cancelled.
    func start(
        _ key: Key, _ plan: HandlerPlan, attempt: UInt32, timeout: Int64?, done: @escaping (HandlerOutcome) -> Void
    ) {
        cancel(key)
        let finish: (HandlerOutcome) -> Void = { [unowned self] in self.finish(key, $0) }
        let now = Clock.boot
        var deadline = timeout.map { now + $0 }
        let run: any HandlerRun
        switch plan {
        case .exec(let command):
            do {
                run = try supervisor.startExec(key.container, attempt, command, finish)
            } catch {
                return done(.errored(error.description))
            }
        case .sleep(let seconds):
            run = SleepRun()
            deadline = now + max(0, seconds) * 1_000_000_000
        case .http(let plan):
            let isHook = if case .hook = key.purpose { true } else { false }
            run = HTTPRun(plan, isHook: isHook, loop: supervisor.loop, finish: finish)
        case .tcp(let host, let port):
            run = TCPRun(host: host, port: port, loop: supervisor.loop, finish: finish)
        case .grpc(let host, let port, let service):
            run = GRPCRun(host: host, port: port, service: service, loop: supervisor.loop, finish: finish)
        }
        entries[key] = Entry(run: run, deadline: deadline, done: done)
        run.start()
    }

    func cancel(_ key: Key) {
        entries.removeValue(forKey: key)?.run.cancel()
    }

    func cancelAll() {
        for key in Array(entries.keys) { cancel(key) }
    }

    private func finish(_ key: Key, _ outcome: HandlerOutcome) {
        entries.removeValue(forKey: key)?.done(outcome)
    }

    var deadline: Int64? { entries.values.compactMap(\.deadline).min() }

    func tick(now: Int64) {
        for (key, entry) in entries {
            // What another's end has ended is there no more.
            guard let deadline = entry.deadline, deadline <= now, entries[key]?.run === entry.run else { continue }
            entries[key] = nil
            entry.run.cancel()
            entry.done(entry.run is SleepRun ? .success : .failure("\(entry.run.waitingFor) timed out"))
        }
    }
}

/// `sleep`: nothing but its deadline.
private final class SleepRun: HandlerRun {
    let waitingFor = "sleep"

    func start() {}
    func cancel() {}
}
