public import PodAPI

extension JSONValue {
    /// A part of a manifest as it was written.
    init(_ node: ManifestNode) {
        switch node.content {
        case .sequence(let items): self = .array(items.map(JSONValue.init))
        case .mapping(let entries):
            self = .object(entries.map { Member($0.key, JSONValue($0.value)) })
        case .scalar(let text, _):
            switch node.scalar {
            case .null?: self = .null
            case .bool(let value)?: self = .bool(value)
            case .integer(let value)?: self = .integer(value)
            case .float(let value)?: self = .number(value)
            default: self = .string(text)
            }
        }
    }
}

extension ManifestObject {
    /// The whole object as it was written.
    public var json: JSONValue { JSONValue(node) }

    /// A field at the top of the object; null where it is left out.
    public func value(_ field: String) -> JSONValue {
        node[field].map(JSONValue.init) ?? .null
    }

    /// Whether the name was made out of `metadata.generateName`.
    public var hasGeneratedName: Bool {
        let metadata = node["metadata"]
        return metadata?.string("name") == "" && metadata?.string("generateName") != ""
    }

    /// Whether two readings of a file have them at one place.
    public func isInSamePlace(as other: ManifestObject) -> Bool {
        file == other.file && documentIndex == other.documentIndex && listPath == other.listPath
            && object.kind == other.object.kind
    }
}
