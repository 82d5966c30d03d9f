import PodPlan

extension PodLifecycle.ContainerSpec {
    /// What follows from the end of the container by itself.
    ///
    /// An init container that has succeeded is done whatever its policy says (KEP-5307), and one without a policy of its own
    /// takes `Always` for `OnFailure`. A sidecar is always restarted. A rule that restarts all containers holds for all of them
    /// (`ShouldAllContainersRestart` in `pkg/kubelet/container/helpers.go`).
    func decision(exitCode: Int32, pod: PodPlan.RestartPolicy) -> RestartPlan.Decision {
        let decision = restart.decision(exitCode: exitCode, pod: pod)
        switch (kind, decision) {
        case (_, .restartAllContainers): return .restartAllContainers
        case (.sidecar, _): return .restart
        case (.initContainer, .restart) where exitCode == 0: return .end
        case (.initContainer, .restart), (.initContainer, .end), (.app, .restart), (.app, .end): return decision
        }
    }
}

/// A restart of all containers (KEP-5532): they are killed at once, without hooks, order or grace, and start anew with the first
/// init container. Sandbox, volumes and restart counts stay, and so does what is left of the back-off of those that wait in
/// one: it is what keeps a pod that restarts itself for ever from doing so at full speed.
extension PodLifecycle {
    /// Whether a container has a rule that may bring it about.
    var mayRestartAllContainers: Bool { containers.contains { $0.spec.restart.restartsAllContainers } }

    mutating func beginRestartOfAllContainers() {
        course = .restarting
        // Those that have failed for good get another chance.
        firstFailure = nil
    }

    mutating func restartAllContainers(_ actions: inout [Action]) {
        guard case .restarting = course else { return }
        for index in containers.indices { kill(index, &actions) }
        if containers.contains(where: \.isAlive) { return }
        for index in containers.indices { reset(index) }
        cursor = 0
        course = .active
    }

    /// Back to before the container's turn, also where it had ended for good.
    mutating func reset(_ index: Int) {
        switch containers[index].state {
        case .backOff(let until, _): containers[index].state = .waiting(notBefore: until)
        case .ended: containers[index].state = .waiting(notBefore: 0)
        case .waiting, .launching, .running: break
        }
    }
}
