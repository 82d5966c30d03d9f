import PodPlan

/// What the pod's life knows of one container.
struct ContainerLife: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Its turn has not come in this sandbox; `notBefore` (boot clock) is what is left of a back-off from the one before.
        case waiting(notBefore: Int64)
        case launching(since: Moment)
        case running(Process)
        /// Terminated, and launched again at `until` (boot clock) after a pause of `delay` nanoseconds.
        case backOff(until: Int64, delay: Int64)
        /// Terminated, for good.
        case ended
    }

    struct Process: Sendable, Equatable {
        var pid: Int32
        var startedAt: Moment
        var stop = Stop.none
        var postStart = PostStart.returned
        /// The startup probe has succeeded, or there is none.
        var isStarted = true
        /// What the readiness probe says; true where there is none.
        var isReady = true
    }

    enum PostStart: UInt8, Sendable {
        /// Also where there is no such hook.
        case returned
        case running
        /// The container is about to end.
        case failed
    }

    /// How far the end of a running container is.
    enum Stop: Sendable, Equatable {
        case none
        /// The preStop hook runs; the grace period is over at `until`, boot clock.
        case hooking(until: Int64)
        /// Its stop signal comes as soon as it is its turn.
        case due(until: Int64)
        /// The stop signal was sent at `since`, SIGKILL follows at `killAt`; boot clock.
        case terminating(since: Int64, killAt: Int64)
        case killed
    }

    let spec: PodLifecycle.ContainerSpec
    var state = State.waiting(notBefore: 0)
    /// How often it was launched; the attempts count from 0.
    var launches: UInt32 = 0
    var backOff = BackOff()
    /// How the latest attempt that has ended did so, and the one before it.
    var last: Termination?
    var previous: Termination?
    /// A user has asked for it: when the attempt that runs has ended, the next one follows at once.
    var restartsAtEnd = false

    init(_ spec: PodLifecycle.ContainerSpec) {
        self.spec = spec
    }

    var kind: ContainerPlan.Kind { spec.kind }

    /// The latest attempt.
    var attempt: UInt32 { launches == 0 ? 0 : launches - 1 }

    /// There is a process, or there will be one in a moment.
    var isAlive: Bool {
        switch state {
        case .launching, .running: true
        case .waiting, .backOff, .ended: false
        }
    }

    /// Whether what waits for this container to be started may go on: its process runs, its postStart hook has returned, and its
    /// startup probe has succeeded (KEP-753).
    var isStarted: Bool {
        if case .running(let process) = state { process.postStart == .returned && process.isStarted } else { false }
    }

    var isReady: Bool {
        if case .running(let process) = state { isStarted && process.isReady } else { false }
    }

    /// Its postStart hook is still to return.
    var isStarting: Bool {
        switch state {
        case .launching: spec.checks.hasPostStart
        case .running(let process): process.postStart == .running
        case .waiting, .backOff, .ended: false
        }
    }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    /// Whether any attempt got as far as a process, now or earlier.
    /// Kubernetes counts a container as running from the return of its postStart hook on.
    var hasRun: Bool { isRunning && !isStarting || last != nil }

    var deadline: Int64? {
        switch state {
        case .backOff(let until, _): return until
        case .running(let process):
            switch process.stop {
            case .hooking(let until): return until
            case .terminating(_, let killAt): return killAt
            case .none, .due, .killed: return nil
            }
        case .waiting, .launching, .ended: return nil
        }
    }

    mutating func terminated(_ termination: Termination) {
        previous = last
        last = termination
    }
}

/// How an attempt ended.
struct Termination: Sendable, Equatable {
    enum Reason: UInt8, Sendable {
        case completed, error, oomKilled, startError, containerStatusUnknown, restartingAllContainers

        var name: String {
            switch self {
            case .completed: "Completed"
            case .error: "Error"
            case .oomKilled: "OOMKilled"
            case .startError: "StartError"
            case .containerStatusUnknown: "ContainerStatusUnknown"
            case .restartingAllContainers: "RestartingAllContainers"
            }
        }
    }

    var attempt: UInt32
    var exitCode: Int32
    /// 0: none.
    var signal: Int32
    var reason: Reason
    var message: String
    var startedAt: Moment
    var finishedAt: Moment
}
