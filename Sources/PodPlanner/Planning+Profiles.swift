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

    /// The name of the profile that the kernel is to enforce; empty: none.
    ///
    /// A field that is left out asks for nothing here, though container runtimes have a profile of their own then: the start
    /// of every pod would depend on whether the host has loaded it.
    mutating func planAppArmor(_ container: Container, _ path: FieldPath) -> String {
        let own = container.securityContext.appArmorProfile
        guard let profile = own ?? pod.spec.securityContext.appArmorProfile, profile != .unconfined else { return "" }
        let owner = own != nil ? path : FieldPath("spec")
        let path = owner.field("securityContext").field("appArmorProfile")
        guard let loaded = planner.securityModules().appArmorProfiles else {
            // As the kubelet refuses the pod (pkg/security/apparmor/validate.go).
            fail(path, .appArmor, "Cannot enforce AppArmor: AppArmor is not enabled on the host")
            return ""
        }
        if case .localhost(let name) = profile {
            if loaded.contains(name) { return name }
            fail(
                path.field("localhostProfile"), .createContainerError,
                "apparmor profile not found \(quoted(name)): load it with apparmor_parser")
            return ""
        }
        if container.securityContext.privileged { return "" }
        if let name = SecurityModules.defaultProfiles.first(where: loaded.contains) { return name }
        fail(
            path.field("type"), .createContainerError,
            "apparmor profile not found: none of \(SecurityModules.defaultProfiles.joined(separator: ", ")) is loaded; load one "
                + "with apparmor_parser, or use type Localhost")
        return ""
    }

    /// Container runtimes ignore the options where SELinux is off; where it is on, a container without its label would have
    /// rights that nobody has given it.
    mutating func checkSELinux(_ container: Container, _ path: FieldPath) {
        let own = container.securityContext.seLinuxOptions
        guard own ?? pod.spec.securityContext.seLinuxOptions != nil, planner.securityModules().isSELinuxEnabled else {
            return
        }
        fail(
            (own != nil ? path : FieldPath("spec")).field("securityContext").field("seLinuxOptions"), .refused,
            "SELinux is enabled on this host, and containers cannot be labelled yet; leave it out")
    }
}
