public import PodAPI

/// What the host has, as Kubernetes writes it into a node's status. Amounts: `cpu` in CPUs, `memory`, `ephemeral-storage`
/// and `hugepages-<size>` in bytes, `pods` and `pids` in numbers.
public struct NodeResources: Sendable, Equatable {
    public var capacity: ResourceList
    /// What pods may have of it.
    public var allocatable: ResourceList

    /// `allocatable` nil: all of it but, as with the kubelet, the memory that huge pages hold.
    public init(capacity: ResourceList, allocatable: ResourceList? = nil) {
        self.capacity = capacity
        if let allocatable {
            self.allocatable = allocatable
            return
        }
        self.allocatable = capacity
        if let memory = capacity[ResourceName.memory] {
            let pages = capacity.filter { ResourceName.isHugePages($0.key) }.reduce(0) { $0 + $1.value.value }
            self.allocatable[ResourceName.memory] = Quantity(value: max(0, memory.value - pages))
        }
    }
}
