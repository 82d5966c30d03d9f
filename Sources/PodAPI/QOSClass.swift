/// core/v1 PodQOSClass.
public enum QOSClass: String, Sendable, CaseIterable {
    case guaranteed = "Guaranteed"
    case burstable = "Burstable"
    case bestEffort = "BestEffort"
}

extension PodSpec {
    /// `ComputePodQOS` of pkg/apis/core/v1/helper/qos: only cpu and memory count, and what the pod as a whole asks for
    /// takes the place of what its containers do.
    public var qosClass: QOSClass {
        let counted = hasPodLevelResources ? [resources] : (initContainers + containers).map(\.resources)
        var requests = ResourceList()
        var limits = ResourceList()
        var isLimited = true
        for requirements in counted {
            let own = Self.counting(requirements.limits)
            requests.add(Self.counting(requirements.requests))
            limits.add(own)
            if own.count < 2 { isLimited = false }
        }
        if requests.isEmpty, limits.isEmpty { return .bestEffort }
        return isLimited && requests == limits ? .guaranteed : .burstable
    }

    private static func counting(_ list: ResourceList) -> ResourceList {
        list.filter { ($0.key == ResourceName.cpu || $0.key == ResourceName.memory) && $0.value > Quantity(value: 0) }
    }
}
