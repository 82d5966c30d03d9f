import PodPlan

/// A restart that a user has asked for.
extension PodLifecycle {
    /// Whether a container can be restarted now: app containers and sidecars, while nothing ends the pod.
    public func mayRestart(_ index: Int) -> Bool {
        guard containers.indices.contains(index), containers[index].kind != .initContainer, case .active = course else {
            return false
        }
        if case .waiting = containers[index].state { return false }
        return true
    }

    /// As after a failed liveness probe, but whatever the restart policy says, and without a back-off. A container that runs
    /// is stopped first, within the pod's grace period.
    mutating func recordRestart(_ index: Int, at now: Moment, _ actions: inout [Action]) {
        guard mayRestart(index) else { return }
        switch containers[index].state {
        case .running:
            if containers[index].restartsAtEnd { return }
            containers[index].restartsAtEnd = true
            tell(
                index, "Killing", "Container \(containers[index].spec.name) is restarted on request", &actions)
            condemn(index, grace: gracePeriod, at: now, &actions)
        case .backOff, .ended:
            containers[index].state = .backOff(until: now.boot, delay: 0)
            actions.append(.keep)
        case .waiting, .launching: break
        }
    }
}
