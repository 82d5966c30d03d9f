import PodPlan

/// How containers end: preStop, the stop signal, SIGKILL (`killContainer` of pkg/kubelet/kuberuntime, with KEP-753's order).
extension PodLifecycle {
    /// The whole pod: all preStop hooks at once; app and init containers as soon as theirs has returned; then, when they have
    /// ended, the sidecars one at a time in reverse order.
    mutating func stop(_ ending: Ending, at now: Moment, _ actions: inout [Action]) {
        switch ending.pace {
        case .immediate:
            for index in containers.indices { kill(index, &actions) }
        case .graceful(let until):
            for index in containers.indices { runPreStop(index, until: until, at: now, &actions) }
            passHooks(at: now, &actions)
            for index in turn { terminate(index, until: until, at: now, &actions) }
            killOverdue(at: now, &actions)
        }
    }

    /// Single containers, which a probe or a hook has condemned while the pod goes on.
    mutating func stopCondemned(at now: Moment, _ actions: inout [Action]) {
        passHooks(at: now, &actions)
        for index in containers.indices {
            guard case .running(let process) = containers[index].state, case .due(let until) = process.stop else {
                continue
            }
            terminate(index, until: until, at: now, &actions)
        }
        killOverdue(at: now, &actions)
    }

    /// The container has to end, whatever the others do; what follows is its restart policy's. `grace` in seconds.
    mutating func condemn(_ index: Int, grace: Int64, at now: Moment, _ actions: inout [Action]) {
        guard case .active = course, case .running(var process) = containers[index].state, process.stop == .none
        else { return }
        let until = now.boot + Ending.clamp(grace) * second
        runPreStop(index, until: until, at: now, &actions)
        guard case .running(let current) = containers[index].state, current.stop == .none else { return }
        process.stop = .due(until: until)
        containers[index].state = .running(process)
    }

    private mutating func runPreStop(_ index: Int, until: Int64, at now: Moment, _ actions: inout [Action]) {
        guard containers[index].spec.checks.hasPreStop, until > now.boot,
            case .running(var process) = containers[index].state, process.stop == .none
        else { return }
        process.stop = .hooking(until: until)
        containers[index].state = .running(process)
        actions.append(.runHook(container: index, attempt: containers[index].attempt, hook: .preStop))
    }

    /// A hook that has used up the grace period is waited for no more.
    private mutating func passHooks(at now: Moment, _ actions: inout [Action]) {
        for index in containers.indices {
            guard case .running(var process) = containers[index].state, case .hooking(let until) = process.stop,
                until <= now.boot
            else { continue }
            process.stop = .due(until: until)
            containers[index].state = .running(process)
            actions.append(.keep)
        }
    }

    private mutating func killOverdue(at now: Moment, _ actions: inout [Action]) {
        for index in containers.indices {
            guard case .running(let process) = containers[index].state,
                case .terminating(_, let killAt) = process.stop, killAt <= now.boot
            else { continue }
            kill(index, &actions)
        }
    }

    /// The containers whose turn to end it is.
    private var turn: [Int] {
        let first = containers.indices.filter { containers[$0].kind != .sidecar && containers[$0].isAlive }
        if !first.isEmpty { return first }
        return containers.indices.last { containers[$0].isAlive }.map { [$0] } ?? []
    }

    private mutating func terminate(_ index: Int, until: Int64, at now: Moment, _ actions: inout [Action]) {
        guard case .running(var process) = containers[index].state else { return }
        var until = until
        switch process.stop {
        case .none: break
        case .due(let own): until = own
        case .hooking, .terminating, .killed: return
        }
        let signal = containers[index].spec.checks.stopSignal
        process.stop =
            signal == Signal.kill
            ? .killed : .terminating(since: now.boot, killAt: max(until, now.boot + Ending.minimum))
        containers[index].state = .running(process)
        actions.append(.signal(container: index, attempt: containers[index].attempt, signal: signal))
    }

    mutating func kill(_ index: Int, _ actions: inout [Action]) {
        guard case .running(var process) = containers[index].state, process.stop != .killed else { return }
        process.stop = .killed
        containers[index].state = .running(process)
        actions.append(.signal(container: index, attempt: containers[index].attempt, signal: Signal.kill))
    }

    /// What is under way has no more time than this.
    mutating func shorten(to pace: Ending.Pace) {
        guard case .graceful(let until) = pace else { return }
        for index in containers.indices {
            guard case .running(var process) = containers[index].state else { continue }
            switch process.stop {
            case .none, .killed: continue
            case .hooking(let own): process.stop = .hooking(until: min(own, until))
            case .due(let own): process.stop = .due(until: min(own, until))
            case .terminating(let since, let killAt):
                process.stop = .terminating(since: since, killAt: min(killAt, max(until, since + Ending.minimum)))
            }
            containers[index].state = .running(process)
        }
    }
}
