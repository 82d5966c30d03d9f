import PodPlan

@testable import PodLifecycle

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
    static func rules(of kind: ContainerPlan.Kind, _ random: inout SeededGenerator) -> RestartPlan {
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
    func decision(_ index: Int, _ code: Int32) -> RestartPlan.Decision {
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
}

extension PodLifecycle {
    var isEnding: Bool {
        switch course {
        case .ending, .finished: true
        case .preparing, .active, .restarting: false
        }
    }
}
