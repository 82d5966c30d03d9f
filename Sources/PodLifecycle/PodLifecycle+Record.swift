import PodPlan

/// What an event means for the container that it is about. What follows from it for the others is `progress`'s to find.
extension PodLifecycle {
    mutating func record(_ event: Event, at now: Moment, _ actions: inout [Action]) {
        switch event {
        case .sandboxReady: recordSandboxReady(at: now, &actions)
        case .sandboxFailed(let reason, let message): recordSandboxFailed(reason, message, &actions)
        case .sandboxLost: recordSandboxLost(at: now, &actions)
        case .started(let index, let attempt, let pid):
            if isCurrent(index, attempt) { recordStart(index, pid: pid, at: now, &actions) }
        case .failedToStart(let index, let attempt, let failure):
            if isCurrent(index, attempt) { recordFailedStart(index, failure, at: now, &actions) }
        case .exited(let index, let attempt, let code, let signal, let oomKilled, let message):
            guard isCurrent(index, attempt) else { return }
            let reason: Termination.Reason = oomKilled ? .oomKilled : code == 0 ? .completed : .error
            recordExit(index, code: code, signal: signal, reason: reason, message: message, at: now, &actions)
        case .hookReturned(let index, let attempt, let hook, let failure):
            if isCurrent(index, attempt) { recordHook(index, hook, failure: failure, at: now, &actions) }
        case .probed(let index, let attempt, let probe, let isSuccess):
            if isCurrent(index, attempt) { recordProbe(index, probe, isSuccess: isSuccess, at: now, &actions) }
        case .restart(let index): recordRestart(index, at: now, &actions)
        case .stop(let grace): recordStop(grace, at: now, &actions)
        case .evicted(let message): recordEviction(message, at: now, &actions)
        case .tick: break
        }
    }

    private func isCurrent(_ index: Int, _ attempt: UInt32) -> Bool {
        containers.indices.contains(index) && containers[index].isAlive && containers[index].attempt == attempt
    }

    // MARK: Containers

    mutating func recordStart(_ index: Int, pid: Int32, at now: Moment, _ actions: inout [Action]) {
        guard case .launching = containers[index].state else { return }
        let checks = containers[index].spec.checks
        let attempt = containers[index].attempt
        var process = ContainerLife.Process(pid: pid, startedAt: now)
        process.isStarted = !checks.hasStartup
        process.isReady = !checks.hasReadiness
        actions.append(.report(.started(container: UInt32(index), attempt: attempt, pid: pid, at: now)))
        if checks.hasPostStart, case .active = course {
            process.postStart = .running
            actions.append(.runHook(container: index, attempt: attempt, hook: .postStart))
        }
        containers[index].state = .running(process)
    }

    mutating func recordFailedStart(
        _ index: Int, _ failure: LaunchFailure, at now: Moment, _ actions: inout [Action]
    ) {
        let attempt = containers[index].attempt
        actions.append(
            .report(.failedToStart(container: UInt32(index), attempt: attempt, at: now, failure: failure)))
        end(index, code: 128, signal: 0, reason: .startError, message: failure.message, at: now)
        reportBackOff(index, &actions)
    }

    mutating func recordExit(
        _ index: Int, code: Int32, signal: Int32, reason: Termination.Reason, message: String, at now: Moment,
        _ actions: inout [Action]
    ) {
        reportExit(index, code: code, signal: signal, reason: reason, at: now, &actions)
        end(index, code: code, signal: signal, reason: reason, message: message, at: now)
        reportBackOff(index, &actions)
    }

    private func reportExit(
        _ index: Int, code: Int32, signal: Int32, reason: Termination.Reason, at now: Moment, _ actions: inout [Action]
    ) {
        let report = PodReport.terminated(
            container: UInt32(index), attempt: containers[index].attempt, at: now, exitCode: code, signal: signal,
            reason: reason.name)
        actions.append(.report(report))
    }

    private func reportBackOff(_ index: Int, _ actions: inout [Action]) {
        guard case .backOff(_, let delay) = containers[index].state, delay > 0 else { return }
        actions.append(.report(.backOff(container: UInt32(index), delay: delay)))
    }

    /// The attempt is over: for good, or until its back-off is.
    private mutating func end(
        _ index: Int, code: Int32, signal: Int32, reason: Termination.Reason, message: String, at now: Moment
    ) {
        let startedAt: Moment
        let stop: ContainerLife.Stop
        switch containers[index].state {
        case .running(let process): (startedAt, stop) = (process.startedAt, process.stop)
        case .launching(let since): (startedAt, stop) = (since, .none)
        case .waiting, .backOff, .ended: return
        }
        let termination = Termination(
            attempt: containers[index].attempt, exitCode: code, signal: signal, reason: reason, message: message,
            startedAt: startedAt, finishedAt: now)
        containers[index].terminated(termination)
        let restarts = containers[index].restartsAtEnd
        containers[index].restartsAtEnd = false
        switch course {
        case .active where restarts:
            containers[index].state = .backOff(until: now.boot, delay: 0)
        case .active:
            switch containers[index].spec.decision(exitCode: code, pod: restartPolicy) {
            case .restart: pause(index, after: termination)
            case .restartAllContainers:
                pause(index, after: termination)
                beginRestartOfAllContainers()
            case .end:
                containers[index].state = .ended
                if code != 0 { fail(code) }
            }
        case .restarting:
            containers[index].state = .ended
            if stop == .killed { containers[index].last?.reason = .restartingAllContainers }
        case .ending:
            containers[index].state = .ended
            if isFailureWhenStopped(containers[index], termination, stop) { fail(code) }
        case .preparing, .finished:
            containers[index].state = .ended
        }
    }

    /// Puts a terminated container into its back-off, which may be of no length.
    mutating func pause(_ index: Int, after termination: Termination) {
        let delay = containers[index].backOff.next(ran: termination.finishedAt.boot - termination.startedAt.boot)
        containers[index].state = .backOff(until: termination.finishedAt.boot + delay, delay: delay)
    }

    private func isFailureWhenStopped(
        _ life: ContainerLife, _ termination: Termination, _ stop: ContainerLife.Stop
    ) -> Bool {
        if life.kind == .sidecar || termination.exitCode == 0 { return false }
        switch termination.reason {
        case .oomKilled, .startError: return true
        case .containerStatusUnknown, .restartingAllContainers: return false
        case .completed, .error: break
        }
        let asked = 128 + life.spec.checks.stopSignal
        switch stop {
        case .none: return true
        // A preStop hook may well have sent the signal itself.
        case .hooking, .due, .terminating: return termination.exitCode != asked
        case .killed: return termination.exitCode != asked && termination.exitCode != 128 + Signal.kill
        }
    }

    mutating func fail(_ code: Int32) {
        if firstFailure == nil { firstFailure = code }
    }

    // MARK: The sandbox

    private mutating func recordSandboxReady(at now: Moment, _ actions: inout [Action]) {
        guard course == .preparing else { return }
        course = .active
        actions.append(.report(.sandboxReady(at: now)))
    }

    private mutating func recordSandboxFailed(_ reason: String, _ message: String, _ actions: inout [Action]) {
        guard course == .preparing else { return }
        course = .finished(.sandboxFailed(reason: reason, message: message))
        fail(1)
        actions.append(.report(.sandboxFailed(reason: reason, message: message)))
    }

    private mutating func recordSandboxLost(at now: Moment, _ actions: inout [Action]) {
        switch course {
        case .finished: return
        case .preparing:
            recordSandboxFailed("FailedCreatePodSandBox", "the keeper died before the pod was set up", &actions)
            return
        case .active, .restarting, .ending: break
        }
        actions.append(.report(.note("the pod's keeper died, and all its containers with it")))
        for index in containers.indices where containers[index].isAlive {
            // No report of a back-off: the container's turn comes again in the new sandbox, if at all.
            reportExit(index, code: 137, signal: Signal.kill, reason: .error, at: now, &actions)
            end(index, code: 137, signal: Signal.kill, reason: .error, message: "", at: now)
        }
        switch course {
        case .active, .restarting: break
        case .preparing, .ending, .finished: return
        }
        if restartPolicy == .never {
            // As in computePodActions: no second sandbox for a pod that is not restarted. Unfinished, it has failed.
            if verdict == .failed { fail(137) }
            end(.completed, pace: .immediate)
            return
        }
        if case .restarting = course {
            for index in containers.indices { reset(index) }
        } else if isOver {
            return
        } else {
            for index in containers.indices { rewind(index) }
        }
        cursor = 0
        course = .preparing
    }

    /// Back to before the container's turn, with what is left of its back-off. App containers that are done stay so.
    private mutating func rewind(_ index: Int) {
        switch containers[index].state {
        case .ended where containers[index].kind != .app:
            guard let last = containers[index].last else { return }
            pause(index, after: last)
            rewind(index)
        case .backOff(let until, _): containers[index].state = .waiting(notBefore: until)
        case .waiting, .launching, .running, .ended: break
        }
    }

    // MARK: The user's wish to stop

    private mutating func recordStop(_ grace: Int64?, at now: Moment, _ actions: inout [Action]) {
        let grace = Ending.clamp(grace ?? gracePeriod)
        let pace = Ending.pace(grace: grace, at: now)
        switch course {
        case .finished: return
        case .preparing, .active, .restarting:
            failWaiting()
            end(.requested, pace: pace)
        case .ending(let ending):
            let shorter = ending.pace.isLonger(than: pace)
            guard shorter || ending.cause == .completed else { return }
            course = .ending(.init(cause: .requested, pace: shorter ? pace : ending.pace))
            if shorter { shorten(to: pace) }
        }
        actions.append(.report(.stopping(grace: grace)))
    }

    /// The last termination of a container that waits in back-off becomes its final one.
    private mutating func failWaiting() {
        let failures = containers.filter { life in
            switch life.state {
            case .backOff, .waiting: life.kind != .sidecar && (life.last?.exitCode ?? 0) != 0
            case .launching, .running, .ended: false
            }
        }
        let first = failures.compactMap(\.last).min { $0.finishedAt.boot < $1.finishedAt.boot }
        if let first { fail(first.exitCode) }
    }

    /// From here on nothing is started.
    mutating func end(_ cause: Ending.Cause, pace: Ending.Pace) {
        course = .ending(.init(cause: cause, pace: pace))
        for index in containers.indices {
            if case .backOff = containers[index].state { containers[index].state = .ended }
        }
        shorten(to: pace)
    }
}

extension Ending.Pace {
    func isLonger(than other: Ending.Pace) -> Bool {
        switch (self, other) {
        case (.immediate, _): false
        case (.graceful, .immediate): true
        case (.graceful(let mine), .graceful(let theirs)): theirs < mine
        }
    }
}

enum Signal {
    static let kill: Int32 = 9
    static let terminate: Int32 = 15
}
