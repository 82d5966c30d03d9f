import PodPlan

/// Where the pod as a whole is.
enum Course: Sendable, Equatable {
    /// The sandbox is being made.
    case preparing
    /// Containers are started and restarted by the policy.
    case active
    /// Every container is killed, and when all have ended they start anew, init containers included (KEP-5532).
    case restarting
    /// No container is started any more; those that run are stopped in order.
    case ending(Ending)
    case finished(Verdict)
}

enum Verdict: Sendable, Equatable {
    case succeeded
    case failed
    /// The pod never got to its containers; the reason and message of the pod's status.
    case sandboxFailed(reason: String, message: String)
}

struct Ending: Sendable, Equatable {
    enum Cause: UInt8, Sendable {
        /// Nothing is left to do: the app containers have ended for good, or an init container has failed for good.
        case completed
        /// The user asked for it.
        case requested
        /// The pod has failed as a whole, as `PodLifecycle.failure` says.
        case failed
    }

    enum Pace: Sendable, Equatable {
        /// SIGTERM in order; SIGKILL at the time (boot clock), but never sooner than `minimum` after a container's SIGTERM.
        case graceful(until: Int64)
        /// SIGKILL to all at once.
        case immediate
    }

    /// What a container is given at least between SIGTERM and SIGKILL (`minimumGracePeriodInSeconds`), nanoseconds.
    static let minimum: Int64 = 2 * second

    var cause: Cause
    var pace: Pace

    /// Seconds, from nothing to what the clock can hold.
    static func clamp(_ grace: Int64) -> Int64 {
        min(max(grace, 0), Int64(Int32.max))
    }

    static func pace(grace: Int64, at now: Moment) -> Pace {
        grace <= 0 ? .immediate : .graceful(until: now.boot + clamp(grace) * second)
    }
}

/// The pod's conditions with the times at which they last changed.
struct Conditions: Sendable, Equatable {
    struct Value: Sendable, Equatable {
        var isTrue = false
        var since = Moment(boot: 0, wall: 0)

        mutating func update(_ isTrue: Bool, at now: Moment) {
            if isTrue != self.isTrue { self = Value(isTrue: isTrue, since: now) }
        }
    }

    /// When the first event came; `status.startTime` and the time of `PodScheduled`.
    var startTime: Moment?
    var readyToStartContainers = Value()
    var initialized = Value()
    var ready = Value()
    var allContainersRestarting = Value()
    var disruptionTarget = Value()
}
