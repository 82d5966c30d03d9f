import PodPlan

extension PodFailure {
    /// `pkg/kubelet/eviction/helpers.go`
    static let evictionReason = "Evicted"
}

extension PodLifecycle {
    /// As the kubelet's eviction manager for local storage: no grace period, and nothing of the pod is started again.
    mutating func recordEviction(_ message: String, at now: Moment, _ actions: inout [Action]) {
        switch course {
        case .active, .restarting:
            fail(PodFailure(reason: PodFailure.evictionReason, message: message), grace: 0, at: now, &actions)
        case .preparing, .ending, .finished: break
        }
    }

    var isEvicted: Bool { failure?.reason == PodFailure.evictionReason }
}

extension PodStatus {
    /// Why the pod was ended that would have gone on (KEP-3329).
    static func disruption(_ lifecycle: PodLifecycle) -> Condition? {
        guard lifecycle.isEvicted, let failure = lifecycle.failure else { return nil }
        return Condition(
            type: "DisruptionTarget", isTrue: true, lastTransitionTime: lifecycle.conditions.disruptionTarget.since,
            reason: "TerminationByKubelet", message: failure.message)
    }
}
