import PodPlan

/// The life of a pod as a pure function: (state, event) → (state, actions). It knows no clock, no process and no file: whoever
/// carries the actions out tells what came of them as the next event.
///
/// The rules are the kubelet's: `computePodActions` and `computeInitContainerActions` (kuberuntime), `killContainersWithSyncResult`
/// with KEP-753's termination order, `getPhase` (kubelet_pods.go), and the back-off of `kubelet.go`.
///
/// Whatever changes the state also yields an action, so saving the state before carrying out a list of actions that is not
/// empty is enough to survive a crash at any moment (see `resume`).
public struct PodLifecycle: Sendable, Equatable {
    public struct ContainerSpec: Sendable, Equatable {
        public var name: String
        public var kind: ContainerPlan.Kind
        public var restart: RestartPlan
        public var checks: ContainerChecks

        public init(
            name: String, kind: ContainerPlan.Kind, restart: RestartPlan = RestartPlan(),
            checks: ContainerChecks = ContainerChecks()
        ) {
            self.name = name
            self.kind = kind
            self.restart = restart
            self.checks = checks
        }
    }

    let restartPolicy: PodPlan.RestartPolicy
    /// Seconds.
    let gracePeriod: Int64
    /// Seconds from the start of the pod; 0: none.
    var activeDeadline: Int64
    var course = Course.preparing
    var containers: [ContainerLife]
    /// The init container or sidecar whose turn it is; those before it are done or started, those after it wait. Equal to the
    /// number of init containers and sidecars once the app containers may start.
    var cursor = 0
    /// The code of the first container, in time, whose final termination is a failure.
    var firstFailure: Int32?
    /// Why the pod fails, whatever becomes of its containers.
    var failure: PodFailure?
    var conditions = Conditions()

    /// - Parameters:
    ///   - containers: Init containers and sidecars in declared order, then the app containers.
    ///   - gracePeriod: `terminationGracePeriodSeconds`.
    ///   - activeDeadline: `activeDeadlineSeconds`; 0: none.
    public init(
        containers: [ContainerSpec], restartPolicy: PodPlan.RestartPolicy, gracePeriod: Int64, activeDeadline: Int64 = 0
    ) {
        self.restartPolicy = restartPolicy
        self.gracePeriod = Ending.clamp(gracePeriod)
        self.activeDeadline = Ending.clamp(activeDeadline)
        self.containers = containers.map(ContainerLife.init)
    }

    /// `activeDeadlineSeconds` of a pod that runs; the deadline is still counted from its start.
    public mutating func setActiveDeadline(_ seconds: Int64) {
        activeDeadline = Ending.clamp(seconds)
    }

    public init(plan: PodPlan) {
        self.init(
            containers: plan.containers.map {
                ContainerSpec(name: $0.name, kind: $0.kind, restart: $0.restart, checks: ContainerChecks($0))
            },
            restartPolicy: plan.restartPolicy, gracePeriod: plan.terminationGracePeriod,
            activeDeadline: plan.activeDeadline)
    }

    /// Takes one event in. Events that are late (about an earlier attempt) or out of place change nothing and yield nothing.
    /// `.makeSandbox` and `.teardown` are always the last action of a list.
    public mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        step(at: now) { state, actions in
            state.record(event, at: now, &actions)
        }
    }

    /// Boot-clock nanoseconds at which `.tick` is due; nil: nothing to wait for.
    public var deadline: Int64? {
        switch course {
        case .preparing, .finished: return nil
        case .restarting: return podDeadline
        case .active: return (containers.compactMap(\.deadline) + [podDeadline].compactMap(\.self)).min()
        case .ending: return containers.compactMap(\.deadline).min()
        }
    }

    /// Everything has ended, and teardown was asked for.
    public var isFinished: Bool {
        if case .finished = course { true } else { false }
    }

    /// The code that `run` ends with: that of the first container, in time, whose final termination is a failure; 1 where the
    /// sandbox could not be made; otherwise 0.
    ///
    /// Under `Never` each failed init or app container's termination is final. Under `OnFailure` and `Always` a failure becomes
    /// final only when the user stops the pod: a container that waits in back-off then has failed with its last code. A
    /// container that runs when the stop comes has not failed where the stop ends it (143 or 137, or exit code 0); any other
    /// code is its own word and counts. Sidecars never count.
    public var exitCode: Int32 { firstFailure ?? 0 }

    /// One transition: records what happened, then does what is due, then tells of the phase and keeps the conditions.
    mutating func step(at now: Moment, _ record: (inout PodLifecycle, inout [Action]) -> Void) -> [Action] {
        let before = (course: course, phase: phase, readiness: readiness)
        var actions: [Action] = []
        record(&self, &actions)
        progress(at: now, &actions)
        if actions.isEmpty && course == before.course { return [] }
        if phase != before.phase { actions.append(.report(.phase(phase.rawValue))) }
        if let now = readiness, now.ready != before.readiness?.ready ?? 0 {
            actions.append(.report(.ready(now.ready, of: now.count)))
        }
        updateConditions(at: now)
        switch (before.course, course) {
        case (.finished, _), (.preparing, .preparing): break
        case (_, .preparing): actions.append(.makeSandbox)
        case (_, .finished): actions.append(.teardown)
        case (_, .active), (_, .restarting), (_, .ending): break
        }
        return actions
    }
}
