import Cgroups
import Glibc
import Linux
import PodLifecycle
import PodPlan

/// Other limits for what runs, as the kubelet sets them (`doPodResizeAction` of `pkg/kubelet/kuberuntime`).
extension Supervisor {
    /// Why it cannot be done; nil: it has been done, and nothing was restarted but what its `resizePolicy` says.
    func resize(_ resize: PodResize) -> String? {
        guard plan.resources.limits != nil else { return nil }
        let restarted = plan.containers.indices.filter { mustRestart($0, resize) }
        if let problem = memoryProblem(resize, besides: restarted) { return problem }
        let old = plan
        do throws(SystemError) {
            try writeLimits(from: old, to: resize, besides: restarted)
        } catch {
            try? writeLimits(
                from: old, to: .init(pod: old.resources, containers: old.containers.map(\.resources)), besides: [])
            return "the pod's limits cannot be changed: \(error)"
        }
        return nil
    }

    /// After the plan has the new limits.
    func finishResize(_ resize: PodResize, old: PodPlan) {
        let restarted = plan.containers.indices.filter { index in
            let (before, after) = (old.containers[index].resources, resize.containers[index])
            return lifecycle.running(index) != nil && before.needsRestart(for: after)
        }
        recordEvent("ResizeCompleted", "Pod resize completed")
        unsettledLimits.formUnion(restarted)
        for container in restarted { dispatch(.restart(container: container)) }
        recordChange()
    }

    /// Before a container starts that was ended for its new limits.
    func settleLimits(_ container: Int) {
        guard unsettledLimits.remove(container) != nil, let whole = plan.resources.limits,
            let limits = plan.containers[container].resources.limits
        else { return }
        for controller in [CgroupController.cpu, .memory] where cgroupLayout.missing(of: [controller]).isEmpty {
            let path = plan.paths.cgroup + "/" + plan.containers[container].name
            // Whichever of the two orders the kernel takes.
            for grows in [false, true] { try? cgroupLayout.resize(path, to: limits, controller, grows: grows) }
            for grows in [false, true] {
                try? cgroupLayout.resize(plan.paths.cgroup, to: whole, controller, grows: grows)
            }
        }
    }

    private func mustRestart(_ container: Int, _ resize: PodResize) -> Bool {
        lifecycle.running(container) != nil
            && plan.containers[container].resources.needsRestart(for: resize.containers[container])
    }

    /// What has more memory than it would be allowed is not to be killed for it.
    private func memoryProblem(_ resize: PodResize, besides restarted: [Int]) -> String? {
        func isBelow(_ path: String, _ old: CgroupLimits?, _ new: CgroupLimits?) -> UInt64? {
            guard let old, let new, new.memory > 0, !old.grows(to: new, .memory),
                let used = cgroupLayout.memoryInUse(path), used > new.memory
            else { return nil }
            return used
        }
        for index in plan.containers.indices where !restarted.contains(index) {
            let name = plan.containers[index].name
            let new = resize.containers[index].limits
            let path = plan.paths.cgroup + "/" + name
            if let used = isBelow(path, plan.containers[index].resources.limits, new) {
                return
                    "attempting to set container \"\(name)\" memory limit (\(new?.memory ?? 0)) below current usage (\(used))"
            }
        }
        if restarted.isEmpty, let used = isBelow(plan.paths.cgroup, plan.resources.limits, resize.pod.limits) {
            return
                "attempting to set pod memory limit (\(resize.pod.limits?.memory ?? 0)) below current usage (\(used))"
        }
        return nil
    }

    /// The pod's limit is never below one of its containers'.
    private func writeLimits(from old: PodPlan, to new: PodResize, besides restarted: [Int]) throws(SystemError) {
        guard let before = old.resources.limits, let after = new.pod.limits else { return }
        for controller in [CgroupController.cpu, .memory] {
            let all = [before, after] + (old.containers.map(\.resources) + new.containers).compactMap(\.limits)
            if !all.contains(where: { $0.controllers.contains(controller) }) { continue }
            let grows = before.grows(to: after, controller)
            if grows { try cgroupLayout.resize(old.paths.cgroup, to: after, controller, grows: true) }
            for (index, resources) in new.containers.enumerated() where !restarted.contains(index) {
                guard let was = old.containers[index].resources.limits, let limits = resources.limits else { continue }
                // Of a container that has not started yet there is no cgroup; it gets one with its limits.
                if containerCgroups[index] == nil && cgroups != nil { continue }
                try cgroupLayout.resize(
                    old.paths.cgroup + "/" + old.containers[index].name, to: limits, controller,
                    grows: was.grows(to: limits, controller))
            }
            if !grows && restarted.isEmpty {
                try cgroupLayout.resize(old.paths.cgroup, to: after, controller, grows: false)
            }
        }
    }
}

extension ContainerResources {
    /// Whether a resource has changed whose `resizePolicy` is `RestartContainer`.
    func needsRestart(for new: ContainerResources) -> Bool {
        restartsOnResize.contains { name in
            func amount(_ list: [Amount]) -> String? { list.first { $0.name == name }?.quantity }
            return amount(limited) != amount(new.limited) || amount(requested) != amount(new.requested)
        }
    }
}
