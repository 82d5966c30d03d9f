import Glibc
import ObjectStore
import PodAPI
import PodManifest
import Storage

/// Claims of the store and the volumes that they are bound to, for good: what the persistent-volume controller writes
/// (pkg/controller/volume/persistentvolume/pv_controller.go).
struct ClaimBinding {
    static let claimFinalizer = "kubernetes.io/pvc-protection"
    static let volumeFinalizer = "kubernetes.io/pv-protection"
    private static let completed = "pv.kubernetes.io/bind-completed"
    private static let byController = "pv.kubernetes.io/bound-by-controller"

    /// Binds what can be bound, writes what has changed, and returns how all claims stand.
    static func bind(
        in transaction: ObjectTransaction, binder: Binder, now: Int64
    ) throws(ObjectStoreError) -> Bindings {
        let volumes = try transaction.list("PersistentVolume").compactMap(Self.volume)
        // Bound claims first, then by age.
        let claims = try transaction.list("PersistentVolumeClaim").compactMap(Self.claim).sorted {
            ($0.isBound ? 0 : 1, $0.created, $0.claim.metadata.name) < (
                $1.isBound ? 0 : 1, $1.created, $1.claim.metadata.name
            )
        }
        let usable = volumes.filter { !$0.isGoing }
        var bindings = binder.bind(volumes: usable.map(\.volume), claims: claims.map(\.claim))
        for (index, item) in claims.enumerated() {
            try write(&bindings.claims[index], item, transaction, now)
        }
        for item in volumes {
            let status = bindings.volumes.first { $0.volume.metadata.name == item.volume.metadata.name }
            try write(item, status, claims, transaction)
        }
        return bindings
    }

    private struct Claim {
        var json: JSONValue
        var claim: PersistentVolumeClaim
        var isBound: Bool { json[path: "metadata", "annotations", ClaimBinding.completed]?.string == "yes" }
        var created: String { json[path: "metadata", "creationTimestamp"]?.string ?? "" }
    }

    private struct Volume {
        var json: JSONValue
        var volume: PersistentVolume
        var isGoing: Bool {
            json[path: "metadata", "deletionTimestamp"] != nil && json[path: "status", "phase"]?.string != "Bound"
        }
    }

    private static func claim(_ json: JSONValue) -> Claim? {
        guard case .persistentVolumeClaim(let claim)? = StoredObject(json).object else { return nil }
        return Claim(json: json, claim: claim)
    }

    private static func volume(_ json: JSONValue) -> Volume? {
        guard case .persistentVolume(let volume)? = StoredObject(json).object else { return nil }
        return Volume(json: json, volume: volume)
    }

    private static func write(
        _ status: inout ClaimStatus, _ item: Claim, _ transaction: ObjectTransaction, _ now: Int64
    ) throws(ObjectStoreError) {
        var json = item.json
        var event: EventObject?
        if status.phase == .bound, let volume = status.volume {
            if json[path: "spec", "volumeName"]?.string ?? "" == "" {
                json[path: "spec", "volumeName"] = .string(volume.metadata.name)
                json[path: "metadata", "annotations", byController] = .string("yes")
            }
            json[path: "metadata", "annotations", completed] = .string("yes")
            json["status"] = .object([
                .init("accessModes", .array(volume.accessModes.map { .string($0.rawValue) })),
                .init("capacity", JSONValue(["storage": volume.capacity.description])),
                .init("phase", .string("Bound")),
            ])
        } else if item.isBound {
            // Its volume has gone, or is another claim's: it never heals by itself.
            status.phase = .lost
            if json[path: "status", "phase"]?.string != "Lost" {
                json["status"] = JSONValue(["phase": "Lost"])
                event = EventObject(
                    component: "persistentvolume-controller", reason: "ClaimLost",
                    message: "Bound claim has lost its PersistentVolume. Data on the volume is lost!", isWarning: true)
            }
        } else {
            json["status"] = JSONValue(["phase": "Pending"])
            event = status.event.map {
                EventObject(
                    component: "persistentvolume-controller", reason: $0.reason, message: $0.message,
                    isWarning: $0.reason != "FailedBinding")
            }
        }
        let isNew = item.json["status"] == nil
        if !json.isEquivalent(to: item.json) { json = try transaction.update(json.inOrderOfKeys) }
        if let event, isNew || status.phase == .lost { try event.record(about: json, in: transaction, at: now) }
    }

    private static func write(
        _ item: Volume, _ status: VolumeStatus?, _ claims: [Claim], _ transaction: ObjectTransaction
    ) throws(ObjectStoreError) {
        var json = item.json
        var phase = "Available"
        if let status, status.phase == .bound, let reference = status.volume.claimRef {
            phase = "Bound"
            let old = json[path: "spec", "claimRef"]
            if old?["uid"]?.string != reference.uid {
                if old == nil { json[path: "metadata", "annotations", byController] = .string("yes") }
                json[path: "spec", "claimRef"] = JSONValue([
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": reference.name,
                    "namespace": reference.namespace, "uid": reference.uid,
                ])
            }
        } else if let reference = item.volume.claimRef, !reference.uid.isEmpty {
            // Kept for whoever wants the data.
            phase = claims.contains { $0.claim.metadata.uid == reference.uid } ? "Bound" : "Released"
        }
        if json[path: "status", "phase"]?.string != phase { json["status"] = JSONValue(["phase": phase]) }
        if !json.isEquivalent(to: item.json) { _ = try transaction.update(json.inOrderOfKeys) }
    }
}
