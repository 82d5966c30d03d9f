/// A place in a source: both count from 1, columns in characters.
struct SourcePosition: Sendable, Hashable {
    var line: Int32
    var column: Int32
}

/// One value of a parsed manifest, with its place. A class, so that an alias shares the nodes of its anchor.
final class ManifestNode: Sendable {
    struct Entry: Sendable {
        let key: String
        /// The key was a plain scalar, so YAML may read it as something other than a string.
        let keyIsPlain: Bool
        let keyPosition: SourcePosition
        let value: ManifestNode
    }

    enum Content: Sendable {
        /// Plain: not quoted, so that `80`, `true` and `~` are no strings.
        case scalar(String, isPlain: Bool)
        case sequence([ManifestNode])
        case mapping([Entry])
    }

    let content: Content
    let position: SourcePosition
    /// The number of nodes from here on, aliases expanded.
    let count: Int
    /// The number of levels from here on, aliases expanded.
    let height: Int

    init(_ content: Content, at position: SourcePosition) {
        self.content = content
        self.position = position
        var count = 1
        var height = 0
        switch content {
        case .scalar: break
        case .sequence(let items):
            for item in items {
                count += item.count
                height = max(height, item.height)
            }
        case .mapping(let entries):
            for entry in entries {
                count += entry.value.count + 1
                height = max(height, entry.value.height)
            }
        }
        self.count = count
        self.height = height + 1
    }
}

/// Reading without errors: what is not of the asked type counts as left out. The field checker has reported it before.
extension ManifestNode {
    var scalar: ScalarValue? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        return isPlain ? ScalarValue(plain: text) : .string
    }

    var isNull: Bool {
        if case .scalar(_, true) = content, scalar == .null { true } else { false }
    }

    /// nil also for null.
    subscript(_ key: String) -> ManifestNode? {
        guard case .mapping(let entries) = content else { return nil }
        for entry in entries where entry.key == key { return entry.value.isNull ? nil : entry.value }
        return nil
    }

    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    var items: [ManifestNode] {
        if case .sequence(let items) = content { items } else { [] }
    }

    var text: String {
        if case .scalar(let text, _) = content, !isNull { text } else { "" }
    }

    var bool: Bool {
        if case .bool(let value)? = scalar { value } else { false }
    }

    var integer: Int64? {
        switch scalar {
        case .integer(let value)?: value
        case .float(let value)?: Int64(exactly: value)
        default: nil
        }
    }

    func string(_ key: String) -> String { self[key]?.text ?? "" }
    func list(_ key: String) -> [ManifestNode] { self[key]?.items ?? [] }
    func strings(_ key: String) -> [String] { list(key).map(\.text) }

    func dictionary(_ key: String) -> [String: String] {
        var values: [String: String] = [:]
        for entry in self[key]?.entries ?? [] { values[entry.key] = entry.value.text }
        return values
    }

    /// What it is, for messages: `a string`.
    var description: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar:
            switch scalar {
            case .null?: "null"
            case .bool?: "a boolean"
            case .integer?, .float?, .hugeNumber?: "a number"
            case .string?, nil: "a string"
            }
        }
    }
}
