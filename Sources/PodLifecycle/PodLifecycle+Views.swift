import PodPlan

/// What a supervisor asks about the pod's life.
extension PodLifecycle {
    /// The container's first process, as the host counts; nil where none runs.
    public func pid(_ index: Int) -> Int32? {
        guard containers.indices.contains(index), case .running(let process) = containers[index].state else {
            return nil
        }
        return process.pid
    }

    /// The app containers of a pod that is just being started do not run yet.
    public var isStarting: Bool {
        switch course {
        case .preparing, .restarting: true
        case .active: phase == .pending || containers.contains { if case .launching = $0.state { true } else { false } }
        case .ending, .finished: false
        }
    }

    /// Nothing is started any more.
    public var isEnding: Bool {
        switch course {
        case .ending, .finished: true
        case .preparing, .active, .restarting: false
        }
    }

    public var hasFailed: Bool { failure != nil }

    /// Why the pod fails as a whole: an event's reason and message.
    public var failureWords: (reason: String, message: String)? { failure.map { ($0.reason, $0.message) } }
}

extension PodLifecycle {
    /// Whether it is the life of a pod with these containers.
    public func isOf(_ plan: PodPlan) -> Bool {
        containers.count == plan.containers.count
            && zip(containers, plan.containers).allSatisfy { $0.spec.name == $1.name && $0.kind == $1.kind }
    }
}
