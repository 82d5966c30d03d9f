import ObjectStore
import PodAPI
import PodManifest
import PodPlanner

/// Changes of stored objects as the API server admits them: defaults, validation, what may not change, and what it fills in. Every
/// verb that writes objects does it through this.
struct ObjectWriter {
    /// What is wrong with the object, by the fields.
    struct Invalid: Error {
        var errors: [FieldError]
    }

    let transaction: ObjectTransaction

    init(_ transaction: ObjectTransaction) {
        self.transaction = transaction
    }

    // MARK: New objects

    /// Stores a new object. What is wrong with it comes back instead, and nothing is stored.
    func create(_ object: JSONValue) throws(ObjectStoreError) -> Result<JSONValue, Invalid> {
        var new = ObjectDefaults.complete(object)
        new["status"] = nil
        switch new["kind"]?.string {
        case "PersistentVolumeClaim":
            new[path: "metadata", "finalizers"] = .array([.string(ClaimBinding.claimFinalizer)])
            new["status"] = JSONValue(["phase": "Pending"])
        case "PersistentVolume":
            new[path: "metadata", "finalizers"] = .array([.string(ClaimBinding.volumeFinalizer)])
        case "Service": try giveAddress(to: &new)
        case "Pod":
            let errors = try admit(&new)
            if !errors.isEmpty { return .failure(Invalid(errors: errors)) }
        default: break
        }
        let errors = StoredObject(new).errors
        if !errors.isEmpty { return .failure(Invalid(errors: errors)) }
        let stored = try transaction.create(new.inOrderOfKeys)
        if stored["kind"]?.string == "Pod" { try makeEphemeralClaims(of: stored) }
        return .success(stored)
    }

    private func giveAddress(to service: inout JSONValue) throws(ObjectStoreError) {
        guard service[path: "spec", "clusterIP"]?.string != "None",
            service[path: "spec", "type"]?.string != "ExternalName",
            case .service(let typed)? = StoredObject(service).object
        else { return }
        let others = try transaction.list("Service").compactMap { json -> Service? in
            if case .service(let service)? = StoredObject(json).object { service } else { nil }
        }
        guard let address = typed.newClusterIP(beside: others) else { return }
        service[path: "spec", "clusterIP"] = .string(address)
        service[path: "spec", "clusterIPs"] = .array([.string(address)])
    }

    /// The admission plugins for priority and runtime class.
    private func admit(_ json: inout JSONValue) throws(ObjectStoreError) -> [FieldError] {
        guard case .pod(var pod)? = StoredObject(json).object else { return [] }
        var admission = Admission(runtimeClasses: [], priorityClasses: [])
        for json in try transaction.list("RuntimeClass") + transaction.list("PriorityClass") {
            switch StoredObject(json).object {
            case .runtimeClass(let kind)?: admission.runtimeClasses.append(kind)
            case .priorityClass(let kind)?: admission.priorityClasses.append(kind)
            default: break
            }
        }
        let errors = admission.admit(&pod)
        if !errors.isEmpty { return errors }
        let scheduling = pod.spec.scheduling
        if let priority = scheduling.priority { json[path: "spec", "priority"] = .integer(Int64(priority)) }
        if !scheduling.priorityClassName.isEmpty {
            json[path: "spec", "priorityClassName"] = .string(scheduling.priorityClassName)
        }
        if !scheduling.preempts { json[path: "spec", "preemptionPolicy"] = .string("Never") }
        if !scheduling.overhead.isEmpty {
            json[path: "spec", "overhead"] = JSONValue(scheduling.overhead.mapValues { "\($0)" })
        }
        if !scheduling.nodeSelector.isEmpty {
            json[path: "spec", "nodeSelector"] = JSONValue(scheduling.nodeSelector)
        }
        return []
    }

    /// Those of `ephemeral` volumes, owned by the pod (KEP-1698).
    private func makeEphemeralClaims(of pod: JSONValue) throws(ObjectStoreError) {
        for volume in pod[path: "spec", "volumes"]?.items ?? [] {
            guard let template = volume[path: "ephemeral", "volumeClaimTemplate"] else { continue }
            let key = ObjectKey(pod)
            let name = "\(key.name)-\(volume["name"]?.string ?? "")"
            var metadata = template["metadata"] ?? .object([])
            metadata["name"] = .string(name)
            metadata["namespace"] = .string(key.namespace)
            metadata["ownerReferences"] = .array([
                .object([
                    .init("apiVersion", .string("v1")), .init("blockOwnerDeletion", .bool(true)),
                    .init("controller", .bool(true)), .init("kind", .string("Pod")), .init("name", .string(key.name)),
                    .init("uid", .string(pod.uid ?? "")),
                ])
            ])
            let claim = JSONValue.object([
                .init("apiVersion", .string("v1")), .init("kind", .string("PersistentVolumeClaim")),
                .init("metadata", metadata), .init("spec", template["spec"] ?? .object([])),
            ])
            if try transaction.find(ObjectKey(claim)) == nil { _ = try create(claim) }
        }
    }

    // MARK: Changed objects

    /// Stores another state of an object. What is not allowed of it comes back instead, and nothing is stored. Where nothing is
    /// different, the object comes back with the resourceVersion that it had.
    func update(_ object: JSONValue, from old: JSONValue) throws(ObjectStoreError) -> Result<JSONValue, Invalid> {
        var new = Self.complete(object, from: old)
        let errors = Self.errors(from: old, to: new)
        if !errors.isEmpty { return .failure(Invalid(errors: errors)) }
        new = try transaction.update(new)
        return .success(new)
    }

    /// With its defaults, and what no user changes as it was.
    static func complete(_ object: JSONValue, from old: JSONValue) -> JSONValue {
        var new = ObjectDefaults.complete(object)
        if new["kind"]?.string == "Service", let address = old[path: "spec", "clusterIP"], address != .string("None"),
            new[path: "spec", "clusterIP"] != .string("None"), new[path: "spec", "type"]?.string != "ExternalName"
        {
            new[path: "spec", "clusterIP"] = address
            new[path: "spec", "clusterIPs"] = .array([address])
        }
        new["status"] = old["status"]
        return new.inOrderOfKeys
    }

    /// What is wrong with the change. Both are complete.
    static func errors(from old: JSONValue, to new: JSONValue) -> [FieldError] {
        let forbidden = ObjectUpdate.errors(from: old, to: new)
        if !forbidden.isEmpty { return forbidden }
        let stored = StoredObject(new)
        if !stored.errors.isEmpty { return stored.errors }
        guard case .pod(let pod)? = stored.object, case .pod(let before)? = StoredObject(old).object else { return [] }
        return pod.validateResize(from: before) + imageErrors(from: before, to: pod)
    }

    /// Kubernetes would restart the container with another image.
    private static func imageErrors(from old: Pod, to new: Pod) -> [FieldError] {
        var errors: [FieldError] = []
        let lists = [
            ("initContainers", old.spec.initContainers, new.spec.initContainers),
            ("containers", old.spec.containers, new.spec.containers),
        ]
        for (name, before, after) in lists {
            for (index, (before, after)) in zip(before, after).enumerated() where before.image != after.image {
                errors.append(
                    FieldError(
                        FieldPath("spec", name).index(index).field("image"),
                        "a container is not given another image while its pod is there"))
            }
        }
        return errors
    }
}

extension ObjectWriter.Invalid {
    /// As the API server words it: `spec.x: problem`, or a list of those.
    var problem: String {
        let lines = errors.map { $0.path.components.isEmpty ? $0.message : "\($0.path): \($0.message)" }
        return lines.count == 1 ? lines[0] : "[\(lines.joined(separator: ", "))]"
    }
}
