public import PodAPI

/// What an object is known by. `namespace` is empty for kinds that have none.
public struct ObjectKey: Sendable, Hashable, CustomStringConvertible {
    public var kind: String
    public var namespace: String
    public var name: String

    public init(kind: String, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// Of an object in JSON; parts that it lacks are empty.
    public init(_ object: JSONValue) {
        kind = object["kind"]?.string ?? ""
        namespace = object[path: "metadata", "namespace"]?.string ?? ""
        name = object[path: "metadata", "name"]?.string ?? ""
    }

    public var description: String { "\(kind.lowercased())/\(name)" }
}
