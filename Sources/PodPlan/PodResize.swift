/// Other limits for a pod that runs (KEP-1287).
public struct PodResize: Sendable, Equatable, BinaryCodable {
    public var pod: PodResources
    /// Of all containers, in the plan's order.
    public var containers: [ContainerResources]

    /// What has changed for the pod of `old`; nil: nothing.
    public init?(from old: PodPlan, to new: PodPlan) {
        let isSame =
            old.resources.limits == new.resources.limits
            && old.containers.map(\.resources) == new.containers.map(\.resources)
        if isSame { return nil }
        pod = new.resources
        containers = new.containers.map(\.resources)
    }

    public init(pod: PodResources, containers: [ContainerResources]) {
        self.pod = pod
        self.containers = containers
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(pod)
        encoder.encode(containers)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        pod = try decoder.decode()
        containers = try decoder.decode()
    }
}

extension PodPlan {
    /// Whether it is a resize of this pod. Its QoS class stays, and so whether it has cgroups for its limits.
    func accepts(_ resize: PodResize) -> Bool {
        resize.containers.count == containers.count && resize.pod.qosClass == resources.qosClass
            && (resize.pod.limits == nil) == (resources.limits == nil)
            && zip(containers, resize.containers).allSatisfy { ($0.resources.limits == nil) == ($1.limits == nil) }
    }

    mutating func apply(_ resize: PodResize) {
        resources.limits = resize.pod.limits
        for (index, new) in resize.containers.enumerated() {
            containers[index].resources.limits = new.limits
            containers[index].resources.requested = new.requested
            containers[index].resources.limited = new.limited
        }
    }
}
