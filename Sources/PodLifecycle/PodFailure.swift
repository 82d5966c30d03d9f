import PodPlan

/// Why a pod as a whole has failed: `status.reason` and `status.message`.
struct PodFailure: Sendable, Equatable, BinaryCodable {
    var reason: String
    var message: String

    /// `pkg/kubelet/active_deadline.go`
    static let deadlineExceeded = PodFailure(
        reason: "DeadlineExceeded", message: "Pod was active on the node longer than the specified deadline")

    init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }

    func encode(to encoder: inout Encoder) {
        encoder.encode(reason)
        encoder.encode(message)
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        reason = try decoder.decode()
        message = try decoder.decode()
    }
}

extension PodLifecycle {
    /// Boot-clock nanoseconds at which `activeDeadlineSeconds` are over, counted from `status.startTime`; nil: never.
    var podDeadline: Int64? {
        guard activeDeadline > 0, let start = conditions.startTime else { return nil }
        return start.boot + activeDeadline * second
    }

    mutating func enforceDeadline(at now: Moment, _ actions: inout [Action]) {
        guard let podDeadline, podDeadline <= now.boot else { return }
        switch course {
        case .active, .restarting: fail(.deadlineExceeded, grace: gracePeriod, at: now, &actions)
        case .preparing, .ending, .finished: break
        }
    }

    /// Ends a pod that is not allowed to go on: its containers are stopped as for a user, and whatever they say, the pod has
    /// failed, and `run` with it.
    ///
    /// - Parameter grace: Seconds.
    mutating func fail(_ failure: PodFailure, grace: Int64, at now: Moment, _ actions: inout [Action]) {
        self.failure = failure
        firstFailure = 1
        end(.failed, pace: Ending.pace(grace: grace, at: now))
        actions.append(.report(.note("\(failure.reason): \(failure.message)")))
        actions.append(.report(.stopping(grace: grace)))
    }
}
