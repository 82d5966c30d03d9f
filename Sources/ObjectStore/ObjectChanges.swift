public import PodAPI

/// One change of an object (meta/v1 WatchEvent).
public struct ObjectChange: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    public var kind: Kind
    /// As it was after the change; of a deleted one its last state.
    public var object: JSONValue

    public init(_ kind: Kind, _ object: JSONValue) {
        self.kind = kind
        self.object = object
    }
}

/// What has happened since some resourceVersion, in order.
public struct ObjectChanges: Sendable, Equatable {
    public var changes: [ObjectChange]
    /// Up to which these are all; where the next look begins.
    public var resourceVersion: Int64
}
