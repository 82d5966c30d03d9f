import ObjectStore
import PodAPI

/// What has changed since pods were last told: their own objects, and the ConfigMaps and Secrets that they may refer to.
struct ChangedObjects {
    /// Nobody knows: everything may have.
    private var isEverything = false
    private var keys: Set<ObjectKey> = []

    init(since version: Int64?, _ reading: ObjectTransaction) throws(ObjectStoreError) {
        guard let version else {
            isEverything = true
            return
        }
        do throws(ObjectStoreError) {
            for change in try reading.changes(since: version).changes { keys.insert(ObjectKey(change.object)) }
        } catch {
            guard case .expired = error else { throw error }
            isEverything = true
        }
    }

    func concerns(_ pod: JSONValue) -> Bool {
        if isEverything { return true }
        let own = ObjectKey(pod)
        return keys.contains { key in
            if key == own { return true }
            guard key.namespace == own.namespace, key.kind == "ConfigMap" || key.kind == "Secret" else { return false }
            return Self.mentions(pod["spec"] ?? .null, key.name)
        }
    }

    /// Whether some field has the name as its value: dear enough to be wrong on the safe side.
    private static func mentions(_ value: JSONValue, _ name: String) -> Bool {
        switch value {
        case .string(let text): text == name
        case .array(let items): items.contains { mentions($0, name) }
        case .object(let members): members.contains { mentions($0.value, name) }
        default: false
        }
    }
}
