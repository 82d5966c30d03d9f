import Linux
import ObjectStore
import PodAPI

/// Events: those of the store, and those that living pods' supervisors keep.
extension Host {
    /// Seconds that an event is shown after it was last seen, and how many the store keeps (kube-apiserver `--event-ttl`).
    static let eventLifetime: Int64 = 3600
    static let keptEvents = 1000

    /// Sorted by namespace and name.
    /// - Parameter namespace: nil: all.
    func events(namespace: String?) throws(CommandError) -> [JSONValue] {
        let (stored, storedPods) = try read { (snapshot) throws(ObjectStoreError) in
            (try snapshot.list("Event", namespace: namespace), try snapshot.list("Pod", namespace: namespace))
        }
        let uids = Set(storedPods.compactMap { $0[path: "metadata", "uid"]?.string })
        let others = pods.unstored(except: uids).filter { namespace == nil || ObjectKey($0).namespace == namespace }
        return Self.merged(stored, (storedPods + others).flatMap { pods.events(of: $0) })
    }

    /// Of one object, which need not be there any more, as long as its uid is known.
    func events(about object: JSONValue) throws(CommandError) -> [JSONValue] {
        let key = ObjectKey(object)
        let uid = object[path: "metadata", "uid"]?.string
        let stored = try read { (snapshot) throws(ObjectStoreError) in
            try snapshot.list("Event", namespace: key.namespace.isEmpty ? nil : key.namespace)
        }.filter { event in
            let involved = event["involvedObject"] ?? .null
            return involved["kind"]?.string == key.kind && involved["name"]?.string == key.name
                && (uid == nil || involved["uid"]?.string == uid)
        }
        return Self.merged(stored, key.kind == "Pod" ? pods.events(of: object) : [])
    }

    /// What a pod's supervisor has told, to be kept by the store as the pod is deleted; in the same transaction.
    func keepEvents(of pod: JSONValue, in transaction: ObjectTransaction) throws(ObjectStoreError) {
        for var event in Self.merged([], pods.events(of: pod)) {
            event[path: "metadata", "creationTimestamp"] = nil
            if try transaction.find(ObjectKey(event)) != nil {
                _ = try transaction.update(event)
            } else {
                _ = try transaction.create(event, uid: event[path: "metadata", "uid"]?.string)
            }
        }
        try transaction.removeEvents(lastSeenBefore: Self.oldest, keeping: Self.keptEvents)
    }

    private static var oldest: String { Timestamp.text(Clock.wall / 1_000_000_000 - eventLifetime) }

    /// Kubernetes names events by what they are about and when they came to be, and lists them by their names.
    private struct Order: Comparable {
        let about: String
        let first: String
        let offset: Int

        init(_ event: JSONValue, _ offset: Int) {
            let key = ObjectKey(event)
            about = key.namespace + "/" + (key.name.lastIndex(of: ".").map { String(key.name[..<$0]) } ?? key.name)
            first = event["firstTimestamp"]?.string ?? ""
            self.offset = offset
        }

        static func < (left: Order, right: Order) -> Bool {
            (left.about, left.first, left.offset) < (right.about, right.first, right.offset)
        }
    }

    /// Those of the files replace what the store has of the same name; old ones are left out.
    private static func merged(_ stored: [JSONValue], _ told: [JSONValue]) -> [JSONValue] {
        let names = Set(told.map(ObjectKey.init))
        let oldest = oldest
        return (stored.filter { !names.contains(ObjectKey($0)) } + told)
            .filter {
                ($0["lastTimestamp"]?.string ?? $0[path: "metadata", "creationTimestamp"]?.string ?? "") >= oldest
            }
            .enumerated().map { offset, event in (order: Order(event, offset), event: event) }
            .sorted { $0.order < $1.order }.map(\.event)
    }
}
