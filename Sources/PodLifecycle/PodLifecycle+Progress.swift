import PodPlan

/// What is due, given the state and the time. Doing it twice does nothing the second time.
extension PodLifecycle {
    mutating func progress(at now: Moment, _ actions: inout [Action]) {
        enforceDeadline(at: now, &actions)
        restartAllContainers(&actions)
        if case .active = course {
            if isOver {
                end(.completed, pace: Ending.pace(grace: gracePeriod, at: now))
            } else {
                restartDue(at: now, &actions)
                advance(at: now, &actions)
                stopCondemned(at: now, &actions)
            }
        }
        if case .ending(let ending) = course {
            stop(ending, at: now, &actions)
            if !containers.contains(where: \.isAlive) { course = .finished(verdict) }
        }
    }

    /// The app containers have ended for good, or an init container has failed for good.
    var isOver: Bool {
        if cursor < containers.count, containers[cursor].kind == .initContainer, containers[cursor].state == .ended,
            containers[cursor].last?.exitCode != 0
        {
            return true
        }
        return containers.allSatisfy { $0.kind != .app || $0.state == .ended }
    }

    // MARK: Starting

    private mutating func restartDue(at now: Moment, _ actions: inout [Action]) {
        for index in containers.indices {
            if case .backOff(let until, _) = containers[index].state, until <= now.boot {
                launch(index, at: now, &actions)
            }
        }
    }

    /// Init containers and sidecars in declared order, then the app containers.
    private mutating func advance(at now: Moment, _ actions: inout [Action]) {
        sequence: while cursor < containers.count, containers[cursor].kind != .app {
            switch (containers[cursor].kind, containers[cursor].state) {
            case (_, .waiting):
                begin(cursor, at: now, &actions)
                break sequence
            case (.sidecar, .running) where containers[cursor].isStarted:
                cursor += 1
            case (.initContainer, .ended):
                cursor += 1
            case (_, .launching), (_, .backOff), (_, .running), (_, .ended):
                break sequence
            }
        }
        guard cursor == containers.count || containers[cursor].kind == .app else { return }
        for index in containers.indices where containers[index].kind == .app {
            if case .waiting = containers[index].state { begin(index, at: now, &actions) }
            // As the kubelet, which starts one after the other: the next waits for the postStart hook of the one before.
            if containers[index].isStarting { break }
        }
    }

    /// A container's turn has come.
    private mutating func begin(_ index: Int, at now: Moment, _ actions: inout [Action]) {
        guard case .waiting(let notBefore) = containers[index].state else { return }
        if notBefore <= now.boot {
            launch(index, at: now, &actions)
        } else {
            let delay = notBefore - now.boot
            containers[index].state = .backOff(until: notBefore, delay: delay)
            actions.append(.report(.backOff(container: UInt32(index), delay: delay)))
        }
    }

    private mutating func launch(_ index: Int, at now: Moment, _ actions: inout [Action]) {
        containers[index].launches += 1
        containers[index].state = .launching(since: now)
        let attempt = containers[index].attempt
        actions.append(.report(.created(container: UInt32(index), attempt: attempt, at: now)))
        actions.append(.launch(container: index, attempt: attempt))
    }

    // MARK: What it comes to

    /// Once everything has ended: an app container that never ran, or whose last code is not 0, makes it a failure; so does what
    /// failed after a new beginning, in which the app containers' turn had not come again.
    var verdict: Verdict {
        if failure != nil || firstFailure != nil { return .failed }
        let succeeded = containers.allSatisfy { $0.kind != .app || $0.last?.exitCode == 0 }
        return succeeded ? .succeeded : .failed
    }

    /// As getPhase of kubelet_pods.go; `Succeeded` and `Failed` only once no container runs, as in mergePodStatus.
    public var phase: PodPhase {
        switch course {
        case .finished(.succeeded): return .succeeded
        case .finished(.failed), .finished(.sandboxFailed): return .failed
        case .preparing, .active, .restarting, .ending: break
        }
        let apps = containers.filter { $0.kind == .app }
        return apps.allSatisfy(\.hasRun) ? .running : .pending
    }

    var isInitialized: Bool {
        cursor == containers.count || containers[cursor].kind == .app
            || containers.contains { $0.kind == .app && $0.hasRun }
    }

    mutating func updateConditions(at now: Moment) {
        if conditions.startTime == nil {
            let value = Conditions.Value(isTrue: false, since: now)
            conditions = .init(
                startTime: now, readyToStartContainers: value, initialized: value, ready: value,
                allContainersRestarting: value, disruptionTarget: value)
        }
        let hasSandbox =
            switch course {
            case .preparing, .finished: false
            case .active, .restarting, .ending: true
            }
        let ready = containers.allSatisfy { $0.kind == .initContainer || $0.isReady }
        conditions.readyToStartContainers.update(hasSandbox, at: now)
        conditions.initialized.update(isInitialized && (conditions.initialized.isTrue || hasSandbox), at: now)
        conditions.ready.update(ready && isInitialized && hasSandbox, at: now)
        conditions.allContainersRestarting.update(course == .restarting, at: now)
        conditions.disruptionTarget.update(isEvicted, at: now)
    }
}
