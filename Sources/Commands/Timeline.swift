import PodPlan

/// When what happened to the containers of a pod, from its reports; `--timeline` draws it.
public struct Timeline: Sendable, Equatable {
    public struct Attempt: Sendable, Equatable {
        public var number: UInt32
        /// All in nanoseconds of the boot clock.
        public var created: Int64
        public var started: Int64?
        public var ended: Int64?
        public var end: End?
    }

    public enum End: Sendable, Equatable {
        case exited(code: Int32, signal: Int32, reason: String)
        case notStarted(LaunchFailure)
    }

    public struct Container: Sendable, Equatable {
        public var name: String
        public var kind: ContainerPlan.Kind
        public var attempts: [Attempt] = []
    }

    public private(set) var containers: [Container]
    /// The first and the last instant that a report told of.
    public private(set) var begin: Int64?
    public private(set) var end: Int64?

    public init(_ plan: PodPlan) {
        containers = plan.containers.map { Container(name: $0.name, kind: $0.kind) }
    }

    /// What is known already.
    init(containers: [Container], begin: Int64?, end: Int64?) {
        self.containers = containers
        self.begin = begin
        self.end = end
    }

    /// Takes a report in; false where it tells nothing new, as after a crash of the supervisor, which repeats some.
    public mutating func add(_ report: PodReport) -> Bool {
        switch report {
        case .sandboxReady(let at):
            note(at.boot)
            return true
        case .created(let container, let attempt, let at):
            note(at.boot)
            return update(container, attempt, at.boot) { _ in false }
        case .started(let container, let attempt, _, let at):
            note(at.boot)
            return update(container, attempt, at.boot) {
                guard $0.started == nil else { return false }
                $0.started = at.boot
                return true
            }
        case .failedToStart(let container, let attempt, let at, let failure):
            note(at.boot)
            return finish(container, attempt, at.boot, .notStarted(failure))
        case .terminated(let container, let attempt, let at, let exitCode, let signal, let reason):
            note(at.boot)
            return finish(
                container, attempt, at.boot, .exited(code: exitCode, signal: signal, reason: reason))
        case .claimed, .sandboxFailed, .backOff, .phase, .stopping, .note, .ready, .event, .output, .finished:
            return true
        }
    }

    /// The attempt, if it is known.
    func attempt(_ container: Int, _ number: UInt32) -> Attempt? {
        guard containers.indices.contains(container) else { return nil }
        return containers[container].attempts.last { $0.number == number }
    }

    private mutating func note(_ boot: Int64) {
        begin = min(begin ?? boot, boot)
        end = max(end ?? boot, boot)
    }

    private mutating func finish(_ container: UInt32, _ number: UInt32, _ boot: Int64, _ end: End) -> Bool {
        update(container, number, boot) {
            guard $0.ended == nil else { return false }
            $0.ended = boot
            $0.end = end
            return true
        }
    }

    /// Changes the attempt, making it where it is not known; true for a new one as well.
    private mutating func update(
        _ container: UInt32, _ number: UInt32, _ boot: Int64, _ change: (inout Attempt) -> Bool
    ) -> Bool {
        let index = Int(container)
        guard containers.indices.contains(index) else { return false }
        if let known = containers[index].attempts.lastIndex(where: { $0.number == number }) {
            return change(&containers[index].attempts[known])
        }
        if let last = containers[index].attempts.last, last.number > number { return false }
        containers[index].attempts.append(Attempt(number: number, created: boot))
        _ = change(&containers[index].attempts[containers[index].attempts.count - 1])
        return true
    }
}
