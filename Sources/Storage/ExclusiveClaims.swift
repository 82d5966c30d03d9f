public import PodAPI

extension Bindings {
    /// Which of some pods have to wait for a claim with ReadWriteOncePod that an earlier one of them uses (KEP-2485). The
    /// message is the scheduler's.
    public func exclusiveClaimConflicts(among pods: [Pod]) -> [(pod: Int, error: FieldError)] {
        var users: Set<String> = []
        var conflicts: [(pod: Int, error: FieldError)] = []
        for (podIndex, pod) in pods.enumerated() {
            var own: Set<String> = []
            for (index, volume) in pod.spec.volumes.enumerated() {
                guard case .persistentVolumeClaim(let name, _) = volume.source,
                    let status = claim(namespace: pod.metadata.namespace, name: name),
                    status.claim.accessModes == [.readWriteOncePod]
                else { continue }
                let key = pod.metadata.namespace + "/" + name
                own.insert(key)
                guard users.contains(key) else { continue }
                let path = FieldPath("spec", "volumes").index(index).field("persistentVolumeClaim").field("claimName")
                let message =
                    "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"
                conflicts.append((podIndex, FieldError(path, message)))
            }
            users.formUnion(own)
        }
        return conflicts
    }
}
