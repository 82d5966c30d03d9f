import PodPlan

/// What hooks and probes say of a container.
extension PodLifecycle {
    /// Which probes are to run for a container now: none before its postStart hook has returned, none but the startup probe
    /// before that has succeeded; once the container or its pod is to end, readiness alone.
    public func probes(_ index: Int) -> [ProbeKind] {
        guard containers.indices.contains(index), case .running(let process) = containers[index].state,
            process.postStart == .returned
        else { return [] }
        let checks = containers[index].spec.checks
        var isStaying = process.stop == .none
        switch course {
        case .active: break
        case .ending: isStaying = false
        case .preparing, .restarting, .finished: return []
        }
        if checks.hasStartup && !process.isStarted { return isStaying ? [.startup] : [] }
        var kinds: [ProbeKind] = []
        if checks.hasLiveness && isStaying { kinds.append(.liveness) }
        if checks.hasReadiness { kinds.append(.readiness) }
        return kinds
    }

    /// What a worker for a running container's probe begins with; nil where none runs.
    public func running(_ index: Int) -> (attempt: UInt32, startedAt: Int64, isReady: Bool)? {
        guard containers.indices.contains(index), case .running(let process) = containers[index].state else {
            return nil
        }
        return (containers[index].attempt, process.startedAt.boot, process.isReady)
    }

    mutating func recordHook(
        _ index: Int, _ hook: HookKind, failure: String?, at now: Moment, _ actions: inout [Action]
    ) {
        guard case .running(var process) = containers[index].state else { return }
        switch hook {
        case .postStart:
            guard process.postStart == .running else { return }
            process.postStart = failure == nil ? .returned : .failed
            containers[index].state = .running(process)
            actions.append(.keep)
            guard let failure else { return }
            tell(index, "FailedPostStartHook", failure, &actions)
            condemn(index, grace: gracePeriod, at: now, &actions)
        case .preStop:
            guard case .hooking(let until) = process.stop else { return }
            process.stop = .due(until: until)
            containers[index].state = .running(process)
            actions.append(.keep)
            if let failure { tell(index, "FailedPreStopHook", failure, &actions) }
        }
    }

    mutating func recordProbe(
        _ index: Int, _ kind: ProbeKind, isSuccess: Bool, at now: Moment, _ actions: inout [Action]
    ) {
        guard probes(index).contains(kind), case .running(var process) = containers[index].state else { return }
        let checks = containers[index].spec.checks
        switch (kind, isSuccess) {
        case (.startup, true): process.isStarted = true
        case (.readiness, _):
            if process.isReady == isSuccess { return }
            process.isReady = isSuccess
        case (.liveness, true): return
        case (.startup, false), (.liveness, false):
            // As computePodActions words it.
            let spec = containers[index].spec
            let restarts = spec.kind == .sidecar || spec.restart.policy ?? restartPolicy != .never
            tell(
                index, "Killing",
                "Container \(containers[index].spec.name) failed \(kind == .startup ? "startup" : "liveness") probe"
                    + (restarts ? ", will be restarted" : ""), &actions)
            let grace = kind == .startup ? checks.startupGrace : checks.livenessGrace
            condemn(index, grace: grace ?? gracePeriod, at: now, &actions)
            return
        }
        containers[index].state = .running(process)
        actions.append(.keep)
    }

    func tell(_ index: Int, _ reason: String, _ message: String, _ actions: inout [Action]) {
        actions.append(.report(.event(container: UInt32(index), reason: reason, message: message)))
    }

    /// Of the containers that count for it, how many are ready; nil where no hook and no probe decides on it or the pod ends, so
    /// that it is not worth a word.
    var readiness: (ready: UInt32, count: UInt32)? {
        switch course {
        case .active, .restarting: break
        case .preparing, .ending, .finished: return nil
        }
        guard containers.contains(where: { $0.spec.checks.delaysReadiness }) else { return nil }
        let counted = containers.filter { $0.kind != .initContainer }
        return (UInt32(counted.count { $0.isReady }), UInt32(counted.count))
    }
}
