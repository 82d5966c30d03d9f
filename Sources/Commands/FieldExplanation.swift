import PodManifest

/// A field and what is in it, as `kubectl explain` shows it, with what is done with each beside.
struct FieldExplanation {
    private let field: ManifestSchema.FieldDescription?
    private let kind: String
    private let inner: [ManifestSchema.FieldDescription]
    /// How many names the path of the field has.
    private let depth: Int

    /// - Parameters:
    ///   - fields: A field and all that are in it, or all of a kind.
    ///   - isKind: Whether the path that was asked for is a kind alone.
    init(_ fields: [ManifestSchema.FieldDescription], isKind: Bool) {
        kind = fields.first?.kind ?? ""
        field = isKind ? nil : fields.first
        inner = Array(isKind ? fields[...] : fields.dropFirst())
        depth = field.map { Self.depth($0.path) } ?? 0
    }

    func text(_ style: ScreenStyle, recursive: Bool) -> String {
        let version = ManifestSchema.apiVersion(ofKind: kind)
        let parts = version.split(separator: "/").map(String.init)
        var lines: [String] = []
        if parts.count > 1 { lines.append("GROUP:      " + parts[0]) }
        lines += ["KIND:       " + kind, "VERSION:    " + (parts.last ?? ""), ""]
        if let field {
            let name = field.path.split(separator: ".").last.map(Self.bare) ?? ""
            lines += ["FIELD: \(name) <\(field.type)>", ""]
        }
        lines += ["DESCRIPTION:", "    " + (field?.meaning ?? ManifestSchema.meaning(ofKind: kind))]
        if let field { lines += support(field, style).map { "    " + $0 } }
        lines.append("")
        if inner.isEmpty { return lines.joined(separator: "\n") }
        lines.append("FIELDS:")
        for entry in inner {
            let level = Self.depth(entry.path) - depth
            guard recursive || level == 1 else { continue }
            let indent = String(repeating: "  ", count: level)
            let name = entry.path.split(separator: ".").last.map(Self.bare) ?? ""
            if recursive {
                let word = entry.support == .done ? "" : "\t" + style.colored(entry.support.word, entry.support.color)
                lines.append("\(indent)\(name)\t<\(entry.type)>\(word)")
                continue
            }
            lines.append("\(indent)\(style.colored(name, "1"))\t<\(entry.type)>")
            lines += ([entry.meaning] + support(entry, style)).map { indent + "  " + $0 }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// Nothing of a field that is carried out.
    private func support(_ field: ManifestSchema.FieldDescription, _ style: ScreenStyle) -> [String] {
        if field.support == .done { return [] }
        let note = FieldListing.note(on: field)
        return [style.colored(field.support.word, field.support.color) + (note.isEmpty ? "" : ": " + note)]
    }

    private static func depth(_ path: String) -> Int { path.split(separator: ".").count }

    /// Without the brackets of lists and maps.
    private static func bare(_ name: Substring) -> String { String(name.prefix { $0 != "[" && $0 != "{" }) }
}
