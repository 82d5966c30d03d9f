import PodPlan

extension PodResources.QOSClass {
    var name: String {
        switch self {
        case .bestEffort: "BestEffort"
        case .burstable: "Burstable"
        case .guaranteed: "Guaranteed"
        }
    }
}

extension ContainerResources {
    /// Of a container's status: what it was allocated and what it has, which is what it asked for.
    var members: [JSON.Member] {
        if requested.isEmpty && limited.isEmpty { return [] }
        func list(_ amounts: [Amount]) -> JSON {
            .object(amounts.map { JSON.Member($0.name, .string($0.quantity)) })
        }
        var lists: [JSON.Member] = []
        if !limited.isEmpty { lists.append(JSON.Member("limits", list(limited))) }
        if !requested.isEmpty { lists.append(JSON.Member("requests", list(requested))) }
        var members: [JSON.Member] = []
        if !requested.isEmpty { members.append(JSON.Member("allocatedResources", list(requested))) }
        return members + [JSON.Member("resources", .object(lists))]
    }
}
