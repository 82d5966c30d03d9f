import PodManifest

/// Fields of manifests as a table, as JSON, or counted.
struct FieldListing {
    private let fields: [ManifestSchema.FieldDescription]

    init(_ fields: [ManifestSchema.FieldDescription]) { self.fields = fields }

    /// One line a field. On a terminal the third column is coloured.
    func text(_ style: ScreenStyle) -> String {
        let rows = fields.map { (name: Self.name(of: $0), type: $0.type, support: $0.support, note: Self.note(on: $0)) }
        let width = max("FIELD".count, rows.map(\.name.count).max() ?? 0) + 2
        // Lists of choices may be long; they do not push the others to the right.
        let typeWidth = max("TYPE".count, rows.map(\.type.count).filter { $0 <= 32 }.max() ?? 0) + 2
        let supportWidth = Self.words.map(\.count).max().map { $0 + 2 } ?? 0
        let head =
            "FIELD".padding(to: width) + "TYPE".padding(to: typeWidth) + "SUPPORT".padding(to: supportWidth) + "NOTE"
        return
            ([style.colored(head, "1")]
            + rows.map { row in
                let type = row.type.count < typeWidth ? row.type.padding(to: typeWidth) : row.type + "  "
                let word = row.support.word
                let support = row.note.isEmpty ? word : word.padding(to: supportWidth)
                return row.name.padding(to: width) + type + style.colored(support, row.support.color) + row.note
            }).joined(separator: "\n")
    }

    /// A JSON list of objects with kind, path, type, support, meaning, and where there are such, reason and default.
    var json: String {
        JSONText.indented("[" + fields.map(Self.object).joined(separator: ",") + "]")
    }

    /// How many fields of each kind are done, have no effect, are ignored and are refused. What is inside a field that is not
    /// done counts as one with it.
    func summary(_ style: ScreenStyle) -> String {
        let columns = ["KIND"] + Self.words.map { $0.uppercased() } + ["FIELDS"]
        let rows = counts.map { [$0.kind] + $0.numbers.map(String.init) + ["\($0.numbers.reduce(0, +))"] }
        let widths = columns.indices.map { column in ([columns] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            zip(cells, widths).enumerated().map { index, cell in
                let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + blanks : "  " + blanks + cell.0
            }.joined()
        }
        return ([style.colored(line(columns), "1")] + rows.map(line)).joined(separator: "\n")
    }

    var summaryJSON: String {
        let objects = counts.map { kind, numbers in
            JSONText.object(
                [("kind", JSONText.string(kind))] + zip(Self.words, numbers).map { ($0, "\($1)") })
        }
        return JSONText.indented("[" + objects.joined(separator: ",") + "]")
    }

    private static let words = [
        FieldSupport.done.word, FieldSupport.noEffect("").word, FieldSupport.ignored.word,
        FieldSupport.refused("").word,
    ]

    private var counts: [(kind: String, numbers: [Int])] {
        var result: [(kind: String, numbers: [Int])] = []
        var outer: String?
        for field in fields {
            let name = Self.name(of: field)
            if let outer, name.hasPrefix(outer + ".") || name.hasPrefix(outer + "[") || name.hasPrefix(outer + "{") {
                continue
            }
            outer = field.support == .done ? nil : name
            if result.last?.kind != field.kind { result.append((field.kind, Self.words.map { _ in 0 })) }
            if let column = Self.words.firstIndex(of: field.support.word) {
                result[result.count - 1].numbers[column] += 1
            }
        }
        return result
    }

    private static func name(of field: ManifestSchema.FieldDescription) -> String {
        field.kind.lowercased() + "." + field.path
    }

    static func note(on field: ManifestSchema.FieldDescription) -> String {
        guard !field.support.reason.isEmpty else { return "" }
        let exception = field.defaultValue.map { "; \($0) is accepted" } ?? ""
        return field.support.reason + exception
    }

    private static func object(_ field: ManifestSchema.FieldDescription) -> String {
        var members = [
            ("kind", JSONText.string(field.kind)), ("path", JSONText.string(field.path)),
            ("type", JSONText.string(field.type)), ("support", JSONText.string(field.support.word)),
        ]
        if !field.support.reason.isEmpty { members.append(("reason", JSONText.string(field.support.reason))) }
        if let value = field.defaultValue { members.append(("default", JSONText.string(value))) }
        members.append(("meaning", JSONText.string(field.meaning)))
        return JSONText.object(members)
    }
}

extension FieldSupport {
    var word: String {
        switch self {
        case .done: "done"
        case .noEffect: "no effect"
        case .ignored: "ignored"
        case .refused: "refused"
        }
    }

    var reason: String {
        switch self {
        case .done, .ignored: ""
        case .noEffect(let reason), .refused(let reason): reason
        }
    }

    var color: String {
        switch self {
        case .done: "32"
        case .noEffect: "33"
        case .ignored: "2"
        case .refused: "31"
        }
    }
}
