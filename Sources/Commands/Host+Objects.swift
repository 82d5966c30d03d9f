import ObjectStore
import PodAPI

/// Objects as verbs show them: stored ones, pods with what is observed of them, and what is not stored but there.
extension Host {
    /// Sorted by namespace and name.
    /// - Parameter namespace: nil: all.
    func objects(
        _ kind: ResourceKind, namespace: String?, labels: LabelSelector = .everything,
        fields: FieldSelector = .everything
    ) throws(CommandError) -> [JSONValue] {
        var found: [JSONValue]
        switch kind {
        case .pod: return try podObjects(namespace: namespace, labels: labels, fields: fields)
        case .namespace: found = try namespaces()
        case .node: found = [NodeObject.make(roots)]
        case .event: found = try events(namespace: namespace)
        default:
            return try read { (snapshot) throws(ObjectStoreError) in
                try snapshot.list(
                    kind.kind, namespace: kind.isNamespaced ? namespace : nil, labels: labels, fields: fields)
            }
        }
        found.removeAll { !Self.isSelected($0, labels, fields) }
        return found
    }

    /// nil: there is none.
    func find(_ kind: ResourceKind, _ name: String, namespace: String? = nil) throws(CommandError) -> JSONValue? {
        let namespace = kind.isNamespaced ? namespace ?? self.namespace : ""
        switch kind {
        case .pod:
            let key = ObjectKey(kind: "Pod", namespace: namespace, name: name)
            if let stored = try read({ (snapshot) throws(ObjectStoreError) in try snapshot.find(key) }) {
                return pods.observed(stored)
            }
            return pods.unstored(except: []).first { ObjectKey($0) == key }
        case .namespace, .node, .event:
            let key = ObjectKey(kind: kind.kind, namespace: namespace, name: name)
            return try objects(kind, namespace: kind.isNamespaced ? namespace : nil).first { ObjectKey($0) == key }
        default:
            return try read { (snapshot) throws(ObjectStoreError) in
                try snapshot.find(ObjectKey(kind: kind.kind, namespace: namespace, name: name))
            }
        }
    }

    func get(_ kind: ResourceKind, _ name: String, namespace: String? = nil) throws(CommandError) -> JSONValue {
        guard let object = try find(kind, name, namespace: namespace) else { throw .notFound(kind, name) }
        return object
    }

    /// What a command line names: each object in order, and a line for each that is not there.
    /// - Parameter namespace: nil: all, which only goes without names.
    func resolve(
        _ arguments: ResourceArguments, namespace: String?, labels: LabelSelector = .everything,
        fields: FieldSelector = .everything
    ) throws(CommandError) -> (found: [(kind: ResourceKind, object: JSONValue)], missing: [CommandError]) {
        var found: [(kind: ResourceKind, object: JSONValue)] = []
        var missing: [CommandError] = []
        if arguments.items.isEmpty {
            for kind in arguments.kinds {
                for object in try objects(kind, namespace: namespace, labels: labels, fields: fields) {
                    found.append((kind, object))
                }
            }
            return (found, [])
        }
        if !labels.isEmpty || !fields.isEmpty {
            throw CommandError("error: name cannot be provided when a selector is specified")
        }
        guard let namespace else {
            throw CommandError("error: a resource cannot be retrieved by name across all namespaces")
        }
        for item in arguments.items {
            if let object = try find(item.kind, item.name, namespace: namespace) {
                found.append((item.kind, object))
            } else {
                missing.append(.notFound(item.kind, item.name))
            }
        }
        return (found, missing)
    }

    static func isSelected(_ object: JSONValue, _ labels: LabelSelector, _ fields: FieldSelector) -> Bool {
        (labels.isEmpty || labels.matches(object[path: "metadata", "labels"]?.dictionary ?? [:]))
            && fields.matches(object)
    }

    private func podObjects(
        namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(CommandError) -> [JSONValue]
    {
        // Fields may be those of the status, which the store does not have.
        let stored = try read { (snapshot) throws(ObjectStoreError) in try snapshot.list("Pod") }
        let uids = Set(stored.compactMap { $0[path: "metadata", "uid"]?.string })
        let unstored = pods.unstored(except: uids)
        var all: [JSONValue] = []
        for object in stored {
            if let namespace, ObjectKey(object).namespace != namespace { continue }
            if !labels.isEmpty, !labels.matches(object[path: "metadata", "labels"]?.dictionary ?? [:]) { continue }
            let pod = pods.observed(object)
            if fields.matches(pod) { all.append(pod) }
        }
        let others = unstored.filter {
            (namespace == nil || ObjectKey($0).namespace == namespace) && Self.isSelected($0, labels, fields)
        }
        if others.isEmpty { return all }
        return (all + others).sorted {
            let (one, other) = (ObjectKey($0), ObjectKey($1))
            return (one.namespace, one.name) < (other.namespace, other.name)
        }
    }

    /// Those in use, and the default one.
    private func namespaces() throws(CommandError) -> [JSONValue] {
        var since = try read { (snapshot) throws(ObjectStoreError) in try snapshot.namespaces() }
        for pod in pods.unstored(except: []) {
            let namespace = ObjectKey(pod).namespace
            let time = pod[path: "metadata", "creationTimestamp"]?.string ?? ""
            if since[namespace].map({ time < $0 }) ?? true { since[namespace] = time }
        }
        if since["default"] == nil { since["default"] = Timestamp.text(NodeObject.bootTime) }
        return since.sorted { $0.key < $1.key }.map { name, time in
            .object([
                .init("apiVersion", .string("v1")), .init("kind", .string("Namespace")),
                .init(
                    "metadata",
                    .object([
                        .init("creationTimestamp", .string(time)),
                        .init("labels", JSONValue(["kubernetes.io/metadata.name": name])),
                        .init("name", .string(name)),
                    ])),
                .init("spec", .object([.init("finalizers", .array([.string("kubernetes")]))])),
                .init("status", JSONValue(["phase": "Active"])),
            ])
        }
    }
}
