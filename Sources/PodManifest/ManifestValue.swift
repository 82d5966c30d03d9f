import PodAPI

/// A part of a manifest as it was written, for whoever prints it again.
public indirect enum ManifestValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case list([ManifestValue])
    case mapping([Entry])

    public struct Entry: Sendable, Equatable {
        public var key: String
        public var value: ManifestValue
    }

    init(_ node: ManifestNode) {
        switch node.content {
        case .sequence(let items): self = .list(items.map(ManifestValue.init))
        case .mapping(let entries): self = .mapping(entries.map { Entry(key: $0.key, value: ManifestValue($0.value)) })
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
    /// A field at the top of the object; null where it is left out.
    public func value(_ field: String) -> ManifestValue {
        node[field].map(ManifestValue.init) ?? .null
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
