public import PodAPI

/// Reading objects, as they are now or as a transaction sees them.
public protocol ObjectReading {
    /// nil where there is none.
    func find(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue?

    /// Sorted by namespace and name.
    /// - Parameter namespace: nil: of all namespaces.
    func list(
        _ kind: String, namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(ObjectStoreError) -> [JSONValue]

    /// That of the last change in the whole store; 0 in a new one.
    func resourceVersion() throws(ObjectStoreError) -> Int64
}

extension ObjectReading {
    public func get(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue {
        guard let object = try find(key) else { throw .notFound(key) }
        return object
    }

    public func list(_ kind: String, namespace: String? = nil) throws(ObjectStoreError) -> [JSONValue] {
        try list(kind, namespace: namespace, labels: .everything, fields: .everything)
    }
}
