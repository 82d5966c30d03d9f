import PodAPI

/// What `label` and `annotate` are to change, as `KEY=VALUE` and `KEY-`.
struct MetadataChange: Equatable {
    enum Field: String {
        case labels, annotations

        /// As kubectl speaks of one.
        var noun: String { self == .labels ? "label" : "annotation" }
    }

    let field: Field
    private(set) var values: [(key: String, value: String)] = []
    private(set) var removed: [String] = []

    static func == (one: MetadataChange, other: MetadataChange) -> Bool {
        one.field == other.field && one.removed == other.removed && one.values.elementsEqual(other.values, by: ==)
    }

    /// The arguments that name objects come first; all from the first change on are changes.
    static func split(_ arguments: [String]) -> (resources: [String], changes: [String]) {
        let index = arguments.firstIndex { $0.contains("=") || $0.hasSuffix("-") } ?? arguments.endIndex
        return (Array(arguments[..<index]), Array(arguments[index...]))
    }

    init(_ field: Field, _ changes: [String]) throws(CommandError) {
        self.field = field
        for text in changes {
            if let sign = text.firstIndex(of: "=") {
                let (key, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
                try check(key, value, text)
                values.append((key, value))
            } else if text.hasSuffix("-") {
                removed.append(String(text.dropLast()))
            } else {
                throw CommandError(
                    "error: all resources must be specified before \(field.noun) changes: \(TerminalText.escaped(text))"
                )
            }
        }
        if let key = removed.first(where: { key in values.contains { $0.key == key } }) {
            throw CommandError(
                "error: can not both modify and remove the \(field.noun) \"\(TerminalText.escaped(key))\" in the same command"
            )
        }
    }

    var isEmpty: Bool { values.isEmpty && removed.isEmpty }

    private func check(_ key: String, _ value: String, _ text: String) throws(CommandError) {
        let problem = MetadataRules.key(key) ?? (field == .labels ? MetadataRules.labelValue(value) : nil)
        if let problem {
            throw CommandError("error: invalid \(field.noun) value: \"\(TerminalText.escaped(text))\": \(problem)")
        }
    }

    /// The object with the changes. Without `overwrites` a value that is there already stays, and is an error.
    func apply(to object: JSONValue, overwrites: Bool) throws(CommandError) -> JSONValue {
        var map = object[path: "metadata", field.rawValue]?.dictionary ?? [:]
        let declared = values.compactMap { key, value in
            map[key].flatMap { $0 == value ? nil : "'\(key)' already has a value (\($0))" }
        }
        if !declared.isEmpty && !overwrites {
            let list = TerminalText.escaped(declared.joined(separator: "; "))
            throw CommandError(
                field == .labels
                    ? "error: \(list), and --overwrite is false"
                    : "error: --overwrite is false but found the following declared annotation(s): \(list)")
        }
        for key in removed { map[key] = nil }
        for (key, value) in values { map[key] = value }
        var changed = object
        changed[path: "metadata", field.rawValue] = map.isEmpty ? nil : JSONValue(map)
        return changed
    }

    /// Those that are to be removed, and are not there.
    func missing(in object: JSONValue) -> [String] {
        let map = object[path: "metadata", field.rawValue]?.dictionary ?? [:]
        return removed.filter { map[$0] == nil }
    }

    /// kubectl's word for what has happened.
    func outcome(isDifferent: Bool) -> String {
        switch field {
        case .annotations: "annotated"
        case .labels where !isDifferent: "not labeled"
        case .labels: values.isEmpty ? "unlabeled" : "labeled"
        }
    }
}
