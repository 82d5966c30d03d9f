import PodPlan

@testable import PodLifecycle

/// What happens.
extension Simulation {
    mutating func step(_ number: Int) throws(Violation) {
        if makingSandbox {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: try handle(.sandboxFailed(reason: "FailedMount", message: ""))
            case 1: try handle(.stop(grace: nil))
            default: try handle(.sandboxReady)
            }
            return
        }
        switch Int.random(in: 0..<(number > 300 ? 6 : 60), using: &random) {
        case 0:
            let graces: [Int64?] = [nil, 0, 1, 3, 10, 60]
            try handle(.stop(grace: graces[Int.random(in: 0..<6, using: &random)]))
        case 10: try crash()
        case 11:
            loseSandbox()
            try handle(.sandboxLost)
        case 12...16: try probe()
        default: try nextOfKeeper()
        }
    }

    /// A probe of some container comes to a verdict.
    mutating func probe() throws(Violation) {
        let probed = kinds.indices.filter { !life.probes($0).isEmpty }
        guard let index = probed.randomElement(using: &random) else { return }
        let wanted = life.probes(index)
        let container = containers[index]
        for kind in wanted {
            if container.postStart != nil || !container.isRunning { throw Violation("\(kind) of what does not run") }
            switch kind {
            case .startup where !checks[index].hasStartup || container.isStartupDone || ended,
                .liveness
            where !checks[index].hasLiveness || checks[index].hasStartup && !container.isStartupDone || ended,
                .readiness where !checks[index].hasReadiness || checks[index].hasStartup && !container.isStartupDone:
                throw Violation("\(kind) probe out of place")
            default: break
            }
            if kind != .readiness && container.condemned != nil { throw Violation("\(kind) of the condemned") }
        }
        guard let kind = wanted.randomElement(using: &random) else { return }
        let isSuccess = kind == .readiness ? Bool.random(using: &random) : Int.random(in: 0..<4, using: &random) > 0
        switch (kind, isSuccess) {
        case (.startup, true):
            containers[index].isStartupDone = true
            noteStarted(index)
        case (.startup, false): condemn(index, checks[index].startupGrace)
        case (.liveness, false): condemn(index, checks[index].livenessGrace)
        case (.liveness, true), (.readiness, _): break
        }
        try handle(.probed(container: index, attempt: container.attempt, probe: kind, isSuccess: isSuccess))
    }

    mutating func condemn(_ index: Int, _ seconds: Int64?) {
        containers[index].condemned = now.boot + (seconds ?? grace) * second
    }

    mutating func noteStarted(_ index: Int) {
        let container = containers[index]
        if container.isRunning && container.postStart == nil && container.isStartupDone && container.condemned == nil {
            containers[index].startedInSandbox = true
        }
    }

    mutating func hookReturns(_ index: Int) throws(Violation) {
        let attempt = containers[index].attempt
        let hook: HookKind = containers[index].postStart == now.boot ? .postStart : .preStop
        let fails = Int.random(in: 0..<4, using: &random) == 0
        if hook == .postStart {
            containers[index].postStart = nil
            if fails && !ended && containers[index].condemned == nil { condemn(index, nil) } else { noteStarted(index) }
        } else {
            containers[index].preStop = nil
        }
        try handle(
            .hookReturned(container: index, attempt: attempt, hook: hook, failure: fails ? "it failed" : nil))
    }

    /// Time goes on to what comes next: the clock's deadline or something in a container.
    mutating func nextOfKeeper() throws(Violation) {
        let due = containers.indices.compactMap { index -> (Int64, Int)? in
            switch containers[index].state {
            case .launching(let at, _): (at, index)
            case .running(let at, _):
                (min(at, containers[index].postStart ?? .max, containers[index].preStop ?? .max), index)
            case .none, .failed, .exited: nil
            }
        }.min { $0.0 < $1.0 }
        if let deadline = life.deadline, deadline <= due?.0 ?? .max {
            // Late now and then, as timers are.
            move(to: deadline + (Bool.random(using: &random) ? 0 : Int64.random(in: 0...50_000_000, using: &random)))
            let before = life
            try handle(.tick)
            if life == before { throw Violation("a tick at the deadline did nothing") }
            return
        }
        guard let (at, index) = due, at < .max else {
            // Nothing will happen by itself any more: the user stops the pod, in the end with SIGKILL.
            return try handle(.stop(grace: ended ? 0 : nil))
        }
        move(to: at)
        try happen(index)
    }

    mutating func move(to boot: Int64) {
        guard boot > now.boot else { return }
        now.wall += boot - now.boot
        now.boot = boot
    }

    mutating func happen(_ index: Int) throws(Violation) {
        let attempt = containers[index].attempt
        switch containers[index].state {
        case .running(let at, _) where at > now.boot: try hookReturns(index)
        case .launching(_, true):
            finish(index, code: 128, state: .failed)
            try handle(
                .failedToStart(container: index, attempt: attempt, failure: LaunchFailure(.exec, errno: 2)))
        case .launching(_, false):
            run(index)
            try handle(.started(container: index, attempt: attempt, pid: 7))
        case .running(_, let code):
            finish(index, code: code, state: .exited(code: code, at: now))
            try handle(exit(index, code))
        case .none, .failed, .exited: break
        }
    }

    func exit(_ index: Int, _ code: Int32) -> Event {
        .exited(
            container: index, attempt: containers[index].attempt, exitCode: code, signal: code > 128 ? code - 128 : 0,
            oomKilled: false, message: "")
    }

    mutating func run(_ index: Int) {
        let lengths: [Int64] = [0, 1, 5_000, 30_000, 700_000]
        let codes: [Int32] = [0, 0, 0, 1, 2, 137]
        let ends = Bool.random(using: &random) || kinds[index] == .initContainer
        let length = lengths[Int.random(in: 0..<5, using: &random)] * 1_000_000
        containers[index].state = .running(
            endsAt: ends ? now.boot + length : .max, code: codes[Int.random(in: 0..<6, using: &random)])
        containers[index].startedAt = now.boot
        containers[index].isStartupDone = !checks[index].hasStartup
        if !checks[index].hasPostStart { noteStarted(index) }
    }

    /// Most hooks return at once or in a while, some never.
    mutating func hookTime() -> Int64 {
        let times: [Int64] = [1, 300, 5_000, 20_000]
        return Int.random(in: 0..<8, using: &random) == 0
            ? .max : now.boot + times[Int.random(in: 0..<4, using: &random)] * 1_000_000
    }

    mutating func runHook(
        _ index: Int, _ attempt: UInt32, _ hook: HookKind, _ resumed: Bool
    ) throws(Violation) {
        let container = containers[index]
        guard container.isRunning, container.attempt == attempt else { throw Violation("a hook for nobody") }
        switch hook {
        case .postStart:
            if container.postStart != nil && !resumed { throw Violation("a second postStart") }
            if ended && !resumed { throw Violation("postStart during the end") }
            containers[index].postStart = hookTime()
        case .preStop:
            if container.hadPreStop && !resumed { throw Violation("a second preStop") }
            if immediate { throw Violation("preStop without a grace period") }
            if !ended && container.condemned == nil { throw Violation("preStop without an end") }
            if container.termAt != nil { throw Violation("preStop after the stop signal") }
            containers[index].hadPreStop = true
            containers[index].preStop = hookTime()
        }
    }

    mutating func finish(_ index: Int, code: Int32, state: Container.State) {
        containers[index].state = state
        containers[index].postStart = nil
        containers[index].preStop = nil
        containers[index].endedAt = now.boot
        containers[index].lastCode = code
        containers[index].doneInSandbox = code == 0
        let decision = decision(index, code)
        containers[index].backsOff = decision != .end && !restartsAll
        if ended || restartsAll { return }
        if decision == .restartAllContainers {
            restartsAll = true
            firstFailure = nil
            // In which order they ended at this instant, nobody knows.
            for other in containers.indices where containers[other].endedAt == now.boot && other != index {
                containers[other].backsOff = false
            }
        }
        guard decision == .end, code != 0 else { return }
        if firstFailure == nil { firstFailure = (now.boot, []) }
        if firstFailure?.at == now.boot { firstFailure?.codes.append(code) }
    }

    mutating func loseSandbox() {
        hasBegunAnew = true
        hasSandbox = false
        for index in containers.indices {
            if containers[index].isAlive {
                if case .launching = containers[index].state { containers[index].startedAt = now.boot }
                finish(index, code: 137, state: .none)
            }
            containers[index].state = .none
            containers[index].startedInSandbox = false
            containers[index].launchedInSandbox = false
            containers[index].doneInSandbox = false
        }
        beginAnew()
    }

    /// All have ended for a restart of all.
    mutating func beginAnew() {
        guard restartsAll, !containers.contains(where: \.isAlive) else { return }
        restartsAll = false
        hasBegunAnew = true
        for index in containers.indices {
            containers[index].isReset = true
            containers[index].startedInSandbox = false
            containers[index].launchedInSandbox = false
            containers[index].doneInSandbox = false
        }
    }

    /// The supervisor dies: what it had not carried out or not yet heard of is lost, and the keeper goes on for a while.
    mutating func crash() throws(Violation) {
        history.append("crash")
        life = saved
        if Bool.random(using: &random) {
            move(to: now.boot + Int64.random(in: 0...20_000_000_000, using: &random))
            for index in containers.indices where Bool.random(using: &random) {
                switch containers[index].state {
                case .launching(_, true): finish(index, code: 128, state: .failed)
                case .launching(_, false): run(index)
                case .running(let at, let code) where at < .max:
                    finish(index, code: code, state: .exited(code: code, at: now))
                case .running, .none, .failed, .exited: break
                }
            }
        }
        var observed: [PodLifecycle.Observation] = []
        for (index, container) in containers.enumerated() {
            let start = Moment(boot: container.startedAt, wall: 0)
            let state: PodLifecycle.Observation.State? =
                switch container.state {
                case .none: nil
                case .launching: .launching
                case .running: .running(pid: 7, startedAt: start)
                case .failed: .failed(LaunchFailure(.exec, errno: 2))
                case .exited(let code, let at): .exited(code: code, signal: code > 128 ? code - 128 : 0, at: at)
                }
            if let state { observed.append(.init(container: index, attempt: container.attempt, state: state)) }
        }
        observed.shuffle(using: &random)
        let actions = life.resume(observed: observed, at: now)
        noteEnd()
        try carryOut(actions, resumed: true)
    }

    mutating func handle(_ event: Event) throws(Violation) {
        history.append("\(now.boot / 1_000_000) \(event)")
        switch event {
        case .sandboxReady: (hasSandbox, makingSandbox) = (true, false)
        case .sandboxFailed: makingSandbox = false
        case .stop(let seconds):
            let seconds = seconds ?? grace
            if seconds == 0 { immediate = true }
            // What the user has asked for bounds it; the pod's own end bounds it too.
            stopBy = min(stopBy ?? .max, now.boot + seconds * second)
            ended = true
        default: break
        }
        startedAt = startedAt ?? now.boot
        let before = life
        let actions = life.handle(event, at: now)
        if actions.isEmpty && life != before { throw Violation("a change without an action would not be saved") }
        noteEnd()
        try carryOut(actions, resumed: false)
    }

    /// The pod has come to an end by itself.
    mutating func noteEnd() {
        guard !ended && life.isEnding else { return }
        ended = true
        stopBy = now.boot + grace * second
        if grace == 0 { immediate = true }
    }
}
