import PodAPI
import PodPlan

extension Planning {
    mutating func planNamespaces() {
        let namespaces = pod.spec.namespaces
        plan.namespaces.processes =
            namespaces.hostPID ? .host : namespaces.shareProcessNamespace ? .pod : .container
        plan.namespaces.hostIPC = namespaces.hostIPC
        plan.namespaces.ownUsers = !namespaces.hostUsers
        for sysctl in pod.spec.securityContext.sysctls {
            plan.namespaces.sysctls.append(.init(path: sysctl.path, value: sysctl.value))
            if plan.rejection == nil, !planner.sysctls.allows(sysctl.name) {
                plan.rejection = PodRejection(
                    reason: "SysctlForbidden",
                    message: "forbidden sysctl: \(quoted(Sysctl.dotted(sysctl.name))) not allowlisted")
            }
        }
    }

    /// What the pod asks for, and by the policy what `/etc/group` of the root says of the user (KEP-3619).
    mutating func planGroups(_ result: inout ContainerPlan, _ user: UserDatabase.User?, _ users: UserDatabase) {
        let context = pod.spec.securityContext
        var groups: Set<UInt32> = [result.gid]
        for (index, group) in context.supplementalGroups.enumerated() {
            let path = FieldPath("spec", "securityContext").field("supplementalGroups").index(index)
            if let group = id(group, path) { groups.insert(group) }
        }
        if let group = id(context.fsGroup, FieldPath("spec", "securityContext").field("fsGroup")) {
            groups.insert(group)
        }
        if let user, context.supplementalGroupsPolicy == .merge {
            groups.formUnion(users.groups(of: user.name).filter { $0 <= maximumID })
        }
        result.groups = groups.sorted()
    }

    /// The highest user or group id that the pod has.
    var maximumID: UInt32 { plan.namespaces.ownUsers ? NamespacePlan.userCount - 1 : UserDatabase.maximumID }
}
