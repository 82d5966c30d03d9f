import PodPlan

@testable import PodLifecycle

/// A small generator that gives the same numbers for the same seed everywhere (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What went wrong, and where in the history.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ text: String) { description = text }
}

/// A pod's life against a clock and a keeper that are made up. Containers end by themselves, ignore signals, fail to start;
/// the supervisor crashes, the sandbox is lost, the user stops the pod. Everything that happens is checked against the rules,
/// from what the keeper sees, not from the state under test.
struct Simulation {
    /// A process as the keeper has it.
    struct Container {
        enum State {
            case none
            case launching(readyAt: Int64, fails: Bool)
            case running(endsAt: Int64, code: Int32)
            case failed
            case exited(code: Int32, at: Moment)
        }

        var state = State.none
        var attempt: UInt32 = 0
        var attempts: Int64 = -1
        var startedAt: Int64 = 0
        /// When the latest attempt ended, and how.
        var endedAt: Int64?
        var lastCode: Int32 = 0
        /// The rule's back-off, kept a second time.
        var restarts = 0
        var termAt: Int64?
        var doneInSandbox = false
        var startedInSandbox = false
        /// Launched in this sandbox.
        var launchedInSandbox = false
        var killed = false
        /// The latest attempt ended by itself, and is followed by another after a back-off.
        var backsOff = false
        /// A restart of all containers lets it begin anew, whatever its policy says.
        var isReset = false
        /// When the hook that runs returns; `.max`: never.
        var postStart: Int64?
        var preStop: Int64?
        var hadPreStop = false
        /// A probe or a hook has condemned it; until when it has to end.
        var condemned: Int64?
        var isStartupDone = false

        var isAlive: Bool {
            switch state {
            case .launching, .running: true
            case .none, .failed, .exited: false
            }
        }

        var isRunning: Bool {
            if case .running = state { true } else { false }
        }
    }

    var random: SeededGenerator
    var life: PodLifecycle
    /// What is saved before actions are carried out.
    var saved: PodLifecycle
    let kinds: [ContainerPlan.Kind]
    let rules: [RestartPlan]
    let deadline: Int64
    let checks: [ContainerChecks]
    let policy: PodPlan.RestartPolicy
    let grace: Int64
    var containers: [Container]
    var now = Moment(boot: 1_000_000_000_000, wall: 1_790_000_000_000_000_000)
    var hasSandbox = false
    var makingSandbox = true
    /// When the last stop asked for the end: boot clock.
    var stopBy: Int64?
    /// A container has ended with a code that restarts all, and some still run.
    var restartsAll = false
    /// All containers have begun anew, by a rule or in a new sandbox.
    var hasBegunAnew = false
    var startedAt: Int64?
    var immediate = false
    var ended = false
    var teardowns = 0
    /// Under `Never`: what the first failing init or app container said, and others at the same instant.
    var firstFailure: (at: Int64, codes: [Int32])?
    var terminal: PodPhase?
    var history: [String] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var kinds: [ContainerPlan.Kind] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            kinds.append(Bool.random(using: &random) ? .sidecar : .initContainer)
        }
        for _ in 0..<Int.random(in: 1...3, using: &random) { kinds.append(.app) }
        let policies: [PodPlan.RestartPolicy] = [.always, .onFailure, .never]
        let graces: [Int64] = [0, 1, 5, 30]
        policy = policies[Int.random(in: 0..<3, using: &random)]
        grace = graces[Int.random(in: 0..<4, using: &random)]
        let withChecks = Bool.random(using: &random)
        var checks: [ContainerChecks] = []
        for kind in kinds {
            var check = ContainerChecks()
            if withChecks && kind != .initContainer {
                check.hasPostStart = Bool.random(using: &random)
                check.hasPreStop = Bool.random(using: &random)
                check.hasStartup = Bool.random(using: &random)
                check.hasLiveness = Bool.random(using: &random)
                check.hasReadiness = Bool.random(using: &random)
                check.startupGrace = Bool.random(using: &random) ? Int64.random(in: 1...20, using: &random) : nil
                check.livenessGrace = Bool.random(using: &random) ? Int64.random(in: 1...20, using: &random) : nil
            }
            checks.append(check)
        }
        self.kinds = kinds
        self.checks = checks
        containers = kinds.map { _ in Container() }
        var rules: [RestartPlan] = []
        for kind in kinds { rules.append(Self.rules(of: kind, &random)) }
        self.rules = rules
        let deadlines: [Int64] = [0, 0, 0, 2, 20, 400]
        deadline = deadlines[Int.random(in: 0..<6, using: &random)]
        life = PodLifecycle(
            containers: kinds.indices.map {
                .init(name: "c\($0)", kind: kinds[$0], restart: rules[$0], checks: checks[$0])
            },
            restartPolicy: policy, gracePeriod: grace, activeDeadline: deadline)
        saved = life
        history.append("\(policy) \(grace) s, deadline \(deadline) s, \(kinds) \(rules)")
    }

    /// Most containers have none.
    private static func rules(of kind: ContainerPlan.Kind, _ random: inout SeededGenerator) -> RestartPlan {
        if Int.random(in: 0..<3, using: &random) != 0 { return RestartPlan() }
        let policies: [PodPlan.RestartPolicy] =
            kind == .initContainer ? [.onFailure, .never] : [.always, .onFailure, .never]
        let codes: [[Int32]] = [[1], [2, 137], [0], [], [1, 2]]
        var plan = RestartPlan(
            policy: kind == .sidecar ? .always : policies[Int.random(in: 0..<policies.count, using: &random)])
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            plan.rules.append(
                .init(
                    Int.random(in: 0..<3, using: &random) == 0 ? .restartAllContainers : .restart,
                    Int.random(in: 0..<4, using: &random) == 0 ? .notIn : .in,
                    codes[Int.random(in: 0..<5, using: &random)]))
        }
        return plan
    }

    /// What follows from an exit, by the rules' words (KEP-5307, KEP-5532): worked out a second time.
    private func decision(_ index: Int, _ code: Int32) -> RestartPlan.Decision {
        for rule in rules[index].rules where rule.values.contains(code) == (rule.operator == .in) {
            if rule.action == .restartAllContainers { return .restartAllContainers }
            return kinds[index] == .initContainer && code == 0 ? .end : .restart
        }
        if kinds[index] == .sidecar { return .restart }
        switch rules[index].policy ?? policy {
        case .always: return kinds[index] == .initContainer && code == 0 ? .end : .restart
        case .onFailure: return code == 0 ? .end : .restart
        case .never: return .end
        }
    }

    mutating func run() throws(Violation) {
        try handle(.sandboxReady)
        var steps = 0
        while teardowns == 0 {
            steps += 1
            if steps > 4000 { throw Violation("no end") }
            try step(steps)
        }
        let before = life
        for event: Event in [.tick, .stop(grace: 0), .sandboxReady, .sandboxLost] {
            guard life.handle(event, at: now).isEmpty, life == before else { throw Violation("life after the end") }
        }
        try checkEnd()
    }

    // MARK: What happens

    private mutating func step(_ number: Int) throws(Violation) {
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
    private mutating func probe() throws(Violation) {
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

    private mutating func condemn(_ index: Int, _ seconds: Int64?) {
        containers[index].condemned = now.boot + (seconds ?? grace) * second
    }

    private mutating func noteStarted(_ index: Int) {
        let container = containers[index]
        if container.isRunning && container.postStart == nil && container.isStartupDone && container.condemned == nil {
            containers[index].startedInSandbox = true
        }
    }

    private mutating func hookReturns(_ index: Int) throws(Violation) {
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
    private mutating func nextOfKeeper() throws(Violation) {
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

    private mutating func move(to boot: Int64) {
        guard boot > now.boot else { return }
        now.wall += boot - now.boot
        now.boot = boot
    }

    private mutating func happen(_ index: Int) throws(Violation) {
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

    private func exit(_ index: Int, _ code: Int32) -> Event {
        .exited(
            container: index, attempt: containers[index].attempt, exitCode: code, signal: code > 128 ? code - 128 : 0,
            oomKilled: false, message: "")
    }

    private mutating func run(_ index: Int) {
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
    private mutating func hookTime() -> Int64 {
        let times: [Int64] = [1, 300, 5_000, 20_000]
        return Int.random(in: 0..<8, using: &random) == 0
            ? .max : now.boot + times[Int.random(in: 0..<4, using: &random)] * 1_000_000
    }

    private mutating func runHook(
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

    private mutating func finish(_ index: Int, code: Int32, state: Container.State) {
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

    private mutating func loseSandbox() {
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
    private mutating func beginAnew() {
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
    private mutating func crash() throws(Violation) {
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

    private mutating func handle(_ event: Event) throws(Violation) {
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
    private mutating func noteEnd() {
        guard !ended && life.isEnding else { return }
        ended = true
        stopBy = now.boot + grace * second
        if grace == 0 { immediate = true }
    }

    // MARK: What is done

    private mutating func carryOut(_ actions: [Action], resumed: Bool) throws(Violation) {
        if !actions.isEmpty {
            saved = life
            try checkCodec()
        }
        try checkPhase()
        // A crash in the middle of the list: the rest is never done, and resume has to find out.
        if !ended { beginAnew() }
        let cut = !resumed && actions.count > 1 && Int.random(in: 0..<30, using: &random) == 0
        let count = cut ? Int.random(in: 0..<actions.count, using: &random) : actions.count
        for (position, action) in actions.prefix(count).enumerated() {
            history.append("    \(action)")
            switch action {
            case .report, .keep: break
            case .runHook(let index, let attempt, let hook): try runHook(index, attempt, hook, resumed)
            case .makeSandbox:
                if hasSandbox || position != actions.count - 1 { throw Violation("makeSandbox out of place") }
                makingSandbox = true
            case .launch(let index, let attempt): try launch(index, attempt)
            case .signal(let index, let attempt, let signal): try signalled(index, attempt, signal, resumed)
            case .teardown:
                if containers.contains(where: \.isAlive) { throw Violation("teardown with running containers") }
                if position != actions.count - 1 { throw Violation("actions after teardown") }
                teardowns += 1
            }
        }
        if cut {
            // Without a keeper there is no resuming.
            if makingSandbox || actions.contains(.makeSandbox) {
                makingSandbox = !life.isFinished
                if life.isFinished { teardowns += 1 }
                return
            }
            return try crash()
        }
        if let deadline = life.deadline, deadline <= now.boot { throw Violation("a deadline that is over") }
        if restartsAll, !ended, containers.contains(where: { $0.isRunning && !$0.killed }) {
            throw Violation("a container goes on while all are restarted")
        }
        if deadline > 0, hasSandbox, !ended, let startedAt, startedAt + deadline * second <= now.boot {
            throw Violation("a pod beyond its deadline")
        }
    }

    private mutating func launch(_ index: Int, _ attempt: UInt32) throws(Violation) {
        let container = containers[index]
        if !hasSandbox { throw Violation("a launch without a sandbox") }
        if container.isAlive { throw Violation("two at once of \(index)") }
        if ended { throw Violation("a launch during the end") }
        if restartsAll { throw Violation("a launch before all have ended") }
        if Int64(attempt) <= container.attempts { throw Violation("an attempt that was there before") }
        for other in kinds.indices where other < index && kinds[other] != .app {
            switch kinds[other] {
            case .initContainer where !containers[other].doneInSandbox:
                throw Violation("\(index) before init container \(other) was done")
            case .sidecar where !containers[other].startedInSandbox:
                throw Violation("\(index) before sidecar \(other) was started")
            default: break
            }
        }
        if kinds[index] == .app && !container.launchedInSandbox {
            let before = kinds.indices.filter { $0 < index && kinds[$0] == .app }
            for other in before where checks[other].hasPostStart {
                let other = containers[other]
                if other.isAlive && (!other.isRunning || other.postStart != nil) && other.attempts == 0 {
                    throw Violation("\(index) before a postStart hook had returned")
                }
            }
        }
        containers[index].launchedInSandbox = true
        containers[index].hadPreStop = false
        containers[index].condemned = nil
        containers[index].isStartupDone = false
        if let endedAt = container.endedAt {
            let isFinal = decision(index, container.lastCode) == .end
            if isFinal, !container.isReset, kinds[index] == .app || container.lastCode != 0 {
                throw Violation("a restart against the policy")
            }
            if container.isReset && !container.backsOff {
                containers[index].restarts = Int(life.containers[index].backOff.restarts) - 1
            } else if endedAt - container.startedAt >= 600 * second {
                containers[index].restarts = 0
            }
            let delays: [Int64] = [0, 10, 20, 40, 80, 160]
            let restarts = containers[index].restarts
            let waits = !container.isReset || container.backsOff
            let due = waits ? endedAt + (restarts < 6 ? delays[restarts] : 300) * second : 0
            if now.boot < due { throw Violation("the back-off of \(index) was shortened") }
            containers[index].restarts += 1
        }
        containers[index].attempt = attempt
        containers[index].attempts = Int64(attempt)
        containers[index].termAt = nil
        containers[index].killed = false
        containers[index].isReset = false
        containers[index].startedAt = now.boot
        containers[index].state = .launching(
            readyAt: now.boot + Int64.random(in: 1...9_000_000, using: &random),
            fails: Int.random(in: 0..<10, using: &random) == 0)
    }

    private mutating func signalled(
        _ index: Int, _ attempt: UInt32, _ signal: Int32, _ resumed: Bool
    ) throws(Violation) {
        let container = containers[index]
        guard container.isRunning, container.attempt == attempt else { throw Violation("a signal to nobody") }
        if !ended && !(restartsAll && signal == 9) && container.condemned == nil {
            throw Violation("a signal without an end")
        }
        if kinds[index] == .sidecar && !immediate && !restartsAll && container.condemned == nil {
            let later = containers.indices.filter { kinds[$0] != .sidecar || $0 > index }
            if later.contains(where: { containers[$0].isAlive }) { throw Violation("sidecar \(index) before its turn") }
        }
        switch signal {
        case 15:
            if container.termAt != nil && !resumed { throw Violation("a second SIGTERM") }
            let by = min(stopBy ?? .max, container.condemned ?? .max)
            if checks[index].hasPreStop && now.boot < by && (container.preStop != nil || !container.hadPreStop) {
                throw Violation("SIGTERM before the preStop hook had returned")
            }
            containers[index].termAt = container.termAt ?? now.boot
            // Some heed it, at once or later; some do not at all.
            switch Int.random(in: 0..<4, using: &random) {
            case 0: break
            case 1: setEnd(index, after: 15_000_000_000, code: 0)
            default: setEnd(index, after: 1_000_000, code: 143)
            }
        default:
            if !immediate && !restartsAll {
                guard let termAt = container.termAt else { throw Violation("SIGKILL without SIGTERM") }
                let due = max(termAt + 2 * second, min(stopBy ?? .max, container.condemned ?? .max))
                if now.boot < due { throw Violation("SIGKILL \(due - now.boot) ns before the grace period was over") }
            }
            if container.killed && !resumed { throw Violation("a second SIGKILL") }
            containers[index].killed = true
            setEnd(index, after: 1_000_000, code: 137)
        }
    }

    private mutating func setEnd(_ index: Int, after delay: Int64, code: Int32) {
        guard case .running(let at, _) = containers[index].state, at > now.boot + delay else { return }
        containers[index].state = .running(endsAt: now.boot + delay, code: code)
    }

    // MARK: What holds always

    private mutating func checkPhase() throws(Violation) {
        if let terminal, life.phase != terminal { throw Violation("\(terminal) became \(life.phase)") }
        if life.phase.isTerminal { terminal = life.phase }
        if life.phase.isTerminal != life.isFinished { throw Violation("\(life.phase) is no end") }
    }

    private func checkCodec() throws(Violation) {
        var encoder = Encoder()
        encoder.encode(life)
        var decoder = Decoder(encoder.bytes)
        guard let copy = try? PodLifecycle(from: &decoder), copy == life, decoder.remaining == 0 else {
            throw Violation("encoding and decoding is no round trip")
        }
    }

    /// What the pod has come to, from what the keeper saw.
    private func checkEnd() throws(Violation) {
        let failedSandbox = history.contains { $0.contains("sandboxFailed") }
        let apps = kinds.indices.filter { kinds[$0] == .app }
        let succeeded = apps.allSatisfy { containers[$0].endedAt != nil && containers[$0].lastCode == 0 }
        let exceeded = life.failure != nil
        // What had succeeded before a new beginning counts no more where the pod then failed.
        let failedAnew = hasBegunAnew && life.exitCode != 0
        let expected: PodPhase = succeeded && !failedSandbox && !exceeded && !failedAnew ? .succeeded : .failed
        if life.phase != expected { throw Violation("\(life.phase), not \(expected)") }
        if life.phase == .succeeded && life.exitCode != 0 { throw Violation("success with \(life.exitCode)") }
        if exceeded {
            if life.exitCode != 1 { throw Violation("exit code \(life.exitCode) after the deadline") }
        } else if let codes = firstFailure?.codes, !codes.contains(life.exitCode) {
            throw Violation("exit code \(life.exitCode) after \(codes)")
        }
        if life.deadline != nil { throw Violation("a deadline after the end") }
    }
}

extension PodLifecycle {
    var isEnding: Bool {
        switch course {
        case .ending, .finished: true
        case .preparing, .active, .restarting: false
        }
    }
}
