import ObjectStore
import PodAPI

/// Claims that a pod refers to, and volumes that are bound, stay until that is over, however they are deleted
/// (pkg/controller/volume/{pvcprotection,pvprotection}).
struct ProtectedClaims {
    /// Lets go of those that are being deleted and are not used any more.
    static func release(in transaction: ObjectTransaction, pods: [JSONValue]) throws(ObjectStoreError) {
        for claim in try transaction.list("PersistentVolumeClaim") where claim.isBeingDeleted {
            let key = ObjectKey(claim)
            let isUsed = pods.contains { pod in
                ObjectKey(pod).namespace == key.namespace && claims(of: pod).contains(key.name)
            }
            if !isUsed { try release(claim, ClaimBinding.claimFinalizer, transaction) }
        }
        for volume in try transaction.list("PersistentVolume") where volume.isBeingDeleted {
            guard let reference = volume[path: "spec", "claimRef"], let uid = reference["uid"]?.string else {
                try release(volume, ClaimBinding.volumeFinalizer, transaction)
                continue
            }
            let key = ObjectKey(
                kind: "PersistentVolumeClaim", namespace: reference["namespace"]?.string ?? "",
                name: reference["name"]?.string ?? "")
            if try transaction.find(key)?.uid != uid {
                try release(volume, ClaimBinding.volumeFinalizer, transaction)
            }
        }
    }

    /// The names of the claims that a pod refers to.
    static func claims(of pod: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for volume in pod[path: "spec", "volumes"]?.items ?? [] {
            if let name = volume[path: "persistentVolumeClaim", "claimName"]?.string { names.insert(name) }
            if volume["ephemeral"] != nil { names.insert("\(pod.name)-\(volume["name"]?.string ?? "")") }
        }
        return names
    }

    private static func release(
        _ object: JSONValue, _ finalizer: String, _ transaction: ObjectTransaction
    ) throws(ObjectStoreError) {
        var object = object
        let left = (object[path: "metadata", "finalizers"]?.items ?? []).filter { $0 != .string(finalizer) }
        object[path: "metadata", "finalizers"] = left.isEmpty ? nil : .array(left)
        _ = try transaction.update(object)
    }
}

extension JSONValue {
    var isBeingDeleted: Bool { self[path: "metadata", "deletionTimestamp"] != nil }
}
