import PodPlan

extension PodLifecycle {
    /// After a crash of the supervisor: from the state that was saved before the last actions, and from what the keeper really
    /// has, to what has to be done (again). A launch that the keeper has not heard of is asked for again under the same
    /// attempt; a signal that may not have been sent is sent again, and followed by SIGKILL two seconds later at the earliest; reports
    /// may come twice.
    ///
    /// Only where there is a keeper: where it has died as well, `.sandboxLost` is the event.
    public mutating func resume(observed: [Observation], at now: Moment) -> [Action] {
        if isFinished { return [.teardown] }
        return step(at: now) { state, actions in
            if case .preparing = state.course { state.record(.sandboxReady, at: now, &actions) }
            state.actAgain(known: observed, at: now, &actions)
            // In the order in which they happened, since the first failure is the pod's exit code.
            for observation in observed.sorted(by: { $0.order < $1.order }) {
                state.record(observation, at: now, &actions)
            }
            // Beyond its deadline nothing is launched again either.
            state.enforceDeadline(at: now, &actions)
            // Those that ran first: with them the pod may be over, and then no launch is asked for again.
            let unseen = state.containers.indices.filter { state.isUnseen($0, observed) }
            for index in unseen where state.containers[index].isRunning { state.recordUnseen(index, at: now, &actions) }
            for index in unseen where !state.containers[index].isRunning {
                state.recordUnseen(index, at: now, &actions)
            }
        }
    }

    /// Ends that were seen before there was nobody any more to see.
    mutating func take(observed: [Observation], at now: Moment) -> [Action] {
        step(at: now) { state, actions in
            for observation in observed.sorted(by: { $0.order < $1.order }) {
                state.record(observation, at: now, &actions)
            }
        }
    }

    private mutating func actAgain(known: [Observation], at now: Moment, _ actions: inout [Action]) {
        for (index, life) in containers.enumerated() {
            let container = UInt32(index)
            switch life.state {
            case .running(let process):
                let started = PodReport.started(
                    container: container, attempt: life.attempt, pid: process.pid, at: process.startedAt)
                actions.append(.report(started))
                let isThere = known.contains {
                    $0.container == index && $0.attempt == life.attempt && $0.state.isRunning
                }
                if isThere && process.postStart == .running {
                    actions.append(.runHook(container: index, attempt: life.attempt, hook: .postStart))
                }
                switch process.stop {
                case _ where !isThere: break
                case .none, .due: break
                case .hooking:
                    actions.append(.runHook(container: index, attempt: life.attempt, hook: .preStop))
                case .terminating(let since, let killAt):
                    // It may be the first that the container sees.
                    let killAt = max(killAt, now.boot + Ending.minimum)
                    var again = process
                    again.stop = .terminating(since: since, killAt: killAt)
                    containers[index].state = .running(again)
                    actions.append(
                        .signal(container: index, attempt: life.attempt, signal: life.spec.checks.stopSignal))
                case .killed:
                    actions.append(.signal(container: index, attempt: life.attempt, signal: Signal.kill))
                }
            case .backOff, .ended, .waiting, .launching:
                guard let last = life.last, last.reason != .startError else { break }
                let report = PodReport.terminated(
                    container: container, attempt: last.attempt, at: last.finishedAt, exitCode: last.exitCode,
                    signal: last.signal, reason: last.reason.name)
                actions.append(.report(report))
            }
        }
        if phase != .pending { actions.append(.report(.phase(phase.rawValue))) }
    }

    private mutating func record(_ observation: Observation, at now: Moment, _ actions: inout [Action]) {
        let index = observation.container
        guard containers.indices.contains(index), containers[index].isAlive,
            containers[index].attempt == observation.attempt
        else { return }
        switch observation.state {
        case .launching: break
        case .running(let pid, let startedAt): recordStart(index, pid: pid, at: startedAt, &actions)
        case .failed(let failure): recordFailedStart(index, failure, at: now, &actions)
        case .exited(let code, let signal, let at, let oomKilled, let message):
            let reason: Termination.Reason = oomKilled ? .oomKilled : code == 0 ? .completed : .error
            recordExit(index, code: code, signal: signal, reason: reason, message: message, at: at, &actions)
        }
    }

    /// Whether the container should be there, and the keeper knows nothing of it.
    private func isUnseen(_ index: Int, _ observed: [Observation]) -> Bool {
        let life = containers[index]
        return life.isAlive && !observed.contains { $0.container == index && $0.attempt == life.attempt }
    }

    private mutating func recordUnseen(_ index: Int, at now: Moment, _ actions: inout [Action]) {
        if case (.launching, .active) = (containers[index].state, course), !isOver {
            actions.append(.launch(container: index, attempt: containers[index].attempt))
        } else {
            recordExit(
                index, code: 137, signal: 0, reason: .containerStatusUnknown,
                message: "the container is gone, and nobody has seen how it ended", at: now, &actions)
        }
    }
}

extension PodLifecycle.Observation.State {
    fileprivate var isRunning: Bool {
        if case .running = self { true } else { false }
    }
}

extension PodLifecycle.Observation {
    fileprivate var order: Int64 {
        switch state {
        case .exited(_, _, let at, _, _): at.boot
        case .running(_, let startedAt): startedAt.boot
        case .launching, .failed: .max
        }
    }
}
