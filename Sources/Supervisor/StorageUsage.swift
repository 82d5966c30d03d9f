import PodPlan

/// What a pod takes of the host's disk, in bytes.
struct StorageUsage: Equatable {
    /// emptyDirs on disk, by their index in the plan.
    var volumes: [UInt32: UInt64] = [:]
    /// Logs and writable layer of each container.
    var containers: [UInt32: UInt64] = [:]

    /// Why the pod has to be evicted, in the words and the order of the kubelet's `localStorageEviction`
    /// (pkg/kubelet/eviction/eviction_manager.go); nil: it stays within its limits.
    func excess(_ plan: PodPlan) -> String? {
        let limits = plan.resources.storage
        for limit in limits.volumes where volumes[limit.index, default: 0] > limit.bytes {
            let name = plan.volumes[Int(limit.index)].name
            return "Usage of EmptyDir volume \"\(name)\" exceeds the limit \"\(limit.quantity)\". "
        }
        let total = (Array(volumes.values) + Array(containers.values)).reduce(0) { $0 &+ $1 }
        if let limit = limits.pod, total > limit.bytes {
            return "Pod ephemeral local storage usage exceeds the total limit of containers \(limit.quantity). "
        }
        for limit in limits.containers where containers[limit.index, default: 0] > limit.bytes {
            let name = plan.containers[Int(limit.index)].name
            return "Container \(name) exceeded its local ephemeral storage limit \"\(limit.quantity)\". "
        }
        return nil
    }
}
