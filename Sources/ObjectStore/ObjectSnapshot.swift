import GRDB
public import PodAPI

/// The objects at one moment, inside `ObjectStore.read`.
public struct ObjectSnapshot: ObjectReading {
    let rows: ObjectRows

    public func find(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue? { try rows.find(key) }

    public func list(
        _ kind: String, namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(ObjectStoreError) -> [JSONValue]
    {
        try rows.list(kind, namespace: namespace, labels: labels, fields: fields)
    }

    public func resourceVersion() throws(ObjectStoreError) -> Int64 { try rows.resourceVersion() }

    public func changes(since version: Int64, kind: String? = nil) throws(ObjectStoreError) -> ObjectChanges {
        try rows.changes(since: version, kind: kind)
    }

    /// Those in use, with the creation time of the oldest object in each.
    public func namespaces() throws(ObjectStoreError) -> [String: String] { try rows.namespaces() }
}
