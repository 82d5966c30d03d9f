import ObjectStore
import PodAPI

/// Events of what no supervisor sees: placement, claims, objects (core/v1 Event). The same one again is counted.
struct EventObject {
    /// The component that Kubernetes' own events of this kind come from: `default-scheduler`.
    var component: String
    var reason: String
    var message: String
    var isWarning = false

    /// Of one object; several seconds apart, at least, where it is told again and again.
    func record(
        about object: JSONValue, in transaction: ObjectTransaction, at now: Int64
    ) throws(ObjectStoreError) {
        let key = ObjectKey(object)
        let uid = object[path: "metadata", "uid"]?.string ?? ""
        let (name, space) = (self.key(about: object).name, self.key(about: object).namespace)
        let time = JSONValue.string(Timestamp.text(now))
        if var event = try transaction.find(ObjectKey(kind: "Event", namespace: space, name: name)) {
            event["count"] = .integer((event["count"]?.integer ?? 1) + 1)
            event["lastTimestamp"] = time
            _ = try transaction.update(event)
            return
        }
        var involved = JSONValue([
            "kind": key.kind, "name": key.name, "apiVersion": object["apiVersion"]?.string ?? "v1", "uid": uid,
        ])
        if !key.namespace.isEmpty { involved["namespace"] = .string(key.namespace) }
        let event = JSONValue.object([
            .init("apiVersion", .string("v1")), .init("kind", .string("Event")),
            .init("metadata", JSONValue(["name": name, "namespace": space])),
            .init("involvedObject", involved), .init("reason", .string(reason)), .init("message", .string(message)),
            .init("type", .string(isWarning ? "Warning" : "Normal")), .init("count", .integer(1)),
            .init("firstTimestamp", time), .init("lastTimestamp", time),
            .init("source", JSONValue(["component": component])),
            .init("reportingComponent", .string(component)), .init("reportingInstance", .string("")),
        ])
        _ = try transaction.create(event.inOrderOfKeys)
        try transaction.removeEvents(
            lastSeenBefore: Timestamp.text(now - Host.eventLifetime), keeping: Host.keptEvents)
    }

    /// A name that the same event always has.
    private func key(about object: JSONValue) -> ObjectKey {
        let key = ObjectKey(object)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(object.uid ?? "")\0\(component)\0\(reason)\0\(message)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let space = key.namespace.isEmpty ? "default" : key.namespace
        return ObjectKey(kind: "Event", namespace: space, name: "\(key.name).\(String(hash, radix: 16))")
    }
}
