public import PodAPI

/// Reads and changes that become true together, or not at all; only inside `ObjectStore.write`.
public struct ObjectTransaction: ObjectReading {
    let rows: ObjectRows
    /// Seconds since 1970.
    let now: Int64

    /// What has become of an object that was to be deleted.
    public enum Deletion: Sendable, Equatable {
        /// It is gone; its last state.
        case removed(JSONValue)
        /// It stays until its finalizers are gone, or its grace period is over and `delete` is called without one.
        case marked(JSONValue)
    }

    public func find(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue? { try rows.find(key) }

    public func list(
        _ kind: String, namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(ObjectStoreError) -> [JSONValue]
    {
        try rows.list(kind, namespace: namespace, labels: labels, fields: fields)
    }

    public func resourceVersion() throws(ObjectStoreError) -> Int64 { try rows.resourceVersion() }

    /// What has happened since; throws `.expired` where that is not kept any more.
    public func changes(since version: Int64, kind: String? = nil) throws(ObjectStoreError) -> ObjectChanges {
        try rows.changes(since: version, kind: kind)
    }

    /// Stores a new object, with what the API server would fill in: uid, creationTimestamp, resourceVersion, generation.
    /// - Parameter uid: For what has been prepared under its uid already; a random one otherwise.
    public func create(_ object: JSONValue, uid: String? = nil) throws(ObjectStoreError) -> JSONValue {
        let key = ObjectKey(object)
        if key.kind.isEmpty { throw .invalid(key, problem: "kind: Required value") }
        if key.name.isEmpty { throw .invalid(key, problem: "metadata.name: Required value") }
        if try rows.find(key) != nil { throw .alreadyExists(key) }
        var object = object
        var metadata = object["metadata"] ?? .object([])
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields", "generation"] {
            metadata[field] = nil
        }
        metadata["uid"] = .string(uid ?? ObjectUID.random())
        metadata["creationTimestamp"] = .string(Timestamp.text(now))
        if Self.kindsWithGeneration.contains(key.kind) { metadata["generation"] = .integer(1) }
        object["metadata"] = metadata
        return try rows.put(object, replacing: false)
    }

    /// Replaces the object of the same key. Where nothing is different it keeps its resourceVersion. With a
    /// `metadata.resourceVersion` it has to be the state that was read. What only the store changes is kept where it is
    /// missing, and refused where it differs. An object that waits for its finalizers goes with the last of them.
    public func update(_ object: JSONValue) throws(ObjectStoreError) -> JSONValue {
        let key = ObjectKey(object)
        let old = try get(key)
        let stored = old["metadata"] ?? .object([])
        var object = object
        var metadata = object["metadata"] ?? .object([])
        if let version = metadata["resourceVersion"]?.string, !version.isEmpty,
            version != stored["resourceVersion"]?.string
        {
            throw .conflict(key)
        }
        if let uid = metadata["uid"]?.string, !uid.isEmpty, uid != stored["uid"]?.string { throw .conflict(key) }
        for field in ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            if let value = metadata[field], !value.isNull, value != stored[field] {
                throw .invalid(key, problem: "metadata.\(field): Invalid value: \(value.text): field is immutable")
            }
            metadata[field] = stored[field]
        }
        for field in ["uid", "resourceVersion", "generation"] { metadata[field] = stored[field] }
        for field in ["selfLink", "managedFields"] { metadata[field] = nil }
        object["metadata"] = metadata
        if object.isEquivalent(to: old) { return old }
        if metadata["deletionTimestamp"] != nil, Self.finalizers(object).isEmpty,
            metadata["deletionGracePeriodSeconds"]?.integer ?? 0 == 0
        {
            return try remove(object, orphaning: false)
        }
        if let generation = stored["generation"]?.integer, !Self.isSameButStatus(old, object) {
            object[path: "metadata", "generation"] = .integer(generation + 1)
        }
        return try rows.put(object, replacing: true)
    }

    /// Deletes an object, and in the background what it alone owns. Pods among those are given their grace period.
    /// - Parameters:
    ///   - gracePeriod: Seconds that it stays on, for pods: it is marked, and goes with a second call without them. A second
    ///     period can only be a shorter one. nil or 0: it goes at once.
    ///   - uid: Only the object of this uid; another one is a conflict.
    ///   - orphaning: What it owns stays, without it as an owner.
    public func delete(
        _ key: ObjectKey, gracePeriod: Int64? = nil, uid: String? = nil, orphaning: Bool = false
    )
        throws(ObjectStoreError) -> Deletion
    {
        var object = try get(key)
        if let uid, uid != object[path: "metadata", "uid"]?.string { throw .conflict(key) }
        let grace = max(0, gracePeriod ?? 0)
        if grace == 0 && Self.finalizers(object).isEmpty {
            return .removed(try remove(object, orphaning: orphaning))
        }
        // As in apiserver pkg/registry/rest/delete.go: a deletion that is under way can be hastened, not put off.
        var begin = now
        if let marked = object[path: "metadata", "deletionTimestamp"]?.string.flatMap(Timestamp.seconds) {
            let previous = object[path: "metadata", "deletionGracePeriodSeconds"]?.integer ?? 0
            if grace >= previous { return .marked(object) }
            begin = marked - previous
        }
        object[path: "metadata", "deletionTimestamp"] = .string(Timestamp.text(begin + grace))
        object[path: "metadata", "deletionGracePeriodSeconds"] = .integer(grace)
        if let generation = object[path: "metadata", "generation"]?.integer {
            object[path: "metadata", "generation"] = .integer(generation + 1)
        }
        return .marked(try rows.put(object, replacing: true))
    }

    /// Removes events that were last seen before a time (RFC 3339, UTC), and the oldest where there are more than `limit`.
    public func removeEvents(lastSeenBefore time: String, keeping limit: Int) throws(ObjectStoreError) {
        try rows.removeEvents(before: time, keeping: limit)
    }

    private func remove(_ object: JSONValue, orphaning: Bool) throws(ObjectStoreError) -> JSONValue {
        let removed = try rows.remove(object)
        guard let uid = object[path: "metadata", "uid"]?.string else { return removed }
        for dependent in try rows.dependents(of: uid) {
            try release(dependent, from: uid, orphaning: orphaning)
        }
        return removed
    }

    /// The garbage collector's rule: what has another owner that exists loses the reference, else it is deleted.
    private func release(_ dependent: JSONValue, from owner: String, orphaning: Bool) throws(ObjectStoreError) {
        var others: [JSONValue] = []
        var hasOwner = false
        for reference in dependent[path: "metadata", "ownerReferences"]?.items ?? [] {
            guard let uid = reference["uid"]?.string, uid != owner else { continue }
            others.append(reference)
            if try rows.find(uid: uid) != nil { hasOwner = true }
        }
        if hasOwner || orphaning {
            var dependent = dependent
            dependent[path: "metadata", "ownerReferences"] = others.isEmpty ? nil : .array(others)
            _ = try rows.put(dependent, replacing: true)
            return
        }
        let isPod = dependent["kind"]?.string == "Pod"
        let grace = isPod ? dependent[path: "spec", "terminationGracePeriodSeconds"]?.integer ?? 30 : 0
        _ = try delete(ObjectKey(dependent), gracePeriod: grace)
    }

    private static func finalizers(_ object: JSONValue) -> [JSONValue] {
        object[path: "metadata", "finalizers"]?.items ?? []
    }

    /// Kinds whose objects have a generation in Kubernetes.
    private static let kindsWithGeneration: Set<String> = [
        "Pod", "PriorityClass", "VolumeSnapshot", "VolumeSnapshotClass", "VolumeSnapshotContent",
    ]

    private static func isSameButStatus(_ one: JSONValue, _ other: JSONValue) -> Bool {
        func essence(_ object: JSONValue) -> JSONValue {
            .object(object.members.filter { !["metadata", "status", "apiVersion", "kind"].contains($0.key) })
        }
        return essence(one).isEquivalent(to: essence(other))
    }
}
