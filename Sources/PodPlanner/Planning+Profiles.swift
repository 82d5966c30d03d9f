import PodAPI
import PodPlan

extension Planning {
    /// The index of the container's seccomp filter; nil: none. A privileged container has none, as with containerd and CRI-O.
    mutating func planFilter(_ container: Container, _ capabilities: UInt64, _ path: FieldPath) -> UInt32? {
        let context = container.securityContext
        guard !context.privileged else { return nil }
        let profile = context.seccompProfile ?? pod.spec.securityContext.seccompProfile ?? .runtimeDefault
        let isPods = context.seccompProfile == nil && pod.spec.securityContext.seccompProfile != nil
        let owner = isPods ? FieldPath("spec") : path
        let path = owner.field("securityContext").field("seccompProfile")
        do throws(PodPlanner.FilterFailure) {
            switch profile {
            case .unconfined: return nil
            case .runtimeDefault: return try planner.filter(capabilities).map { index(of: FilterPlan(program: $0)) }
            case .localhost(let file): return index(of: try planner.localFilter(file, capabilities))
            }
        } catch {
            if case .localhost = profile {
                fail(path.field("localhostProfile"), .createContainerError, error.message)
            } else {
                fail(
                    path, .createContainerConfigError, "cannot make the RuntimeDefault filter: \(error.message)")
            }
            return nil
        }
    }

    /// Containers with the same filter share it.
    private mutating func index(of filter: FilterPlan) -> UInt32 {
        if let index = filterIndex[filter] { return index }
        let index = UInt32(plan.filters.count)
        plan.filters.append(filter)
        filterIndex[filter] = index
        return index
    }
}
