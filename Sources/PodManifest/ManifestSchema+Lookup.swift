/// Finding fields by the path that a user writes: `pod.spec.containers.livenessProbe`, as for `kubectl explain`.
extension ManifestSchema {
    /// A path that leads to no field.
    public struct UnknownField: Error, CustomStringConvertible {
        public let description: String
    }

    /// The short names of kinds that kubectl knows.
    private static let shortNames = [
        "po": "Pod", "pv": "PersistentVolume", "pvc": "PersistentVolumeClaim", "cm": "ConfigMap", "svc": "Service",
    ]

    /// The field at `path` and all that are in it; of a kind alone, all of its fields.
    ///
    /// - Parameter path: Kind and names, separated by points. The kind may be in lower case, a plural or a short name;
    ///   indices and brackets are left out or not: `pod.spec.containers[0].image`.
    public static func fields(at path: String) throws(UnknownField) -> [FieldDescription] {
        let words = names(in: path)
        guard let first = words.first else { throw UnknownField(description: "the path is empty") }
        let all = fields()
        let kinds = ManifestKind.allCases.map(\.rawValue)
        let lowercase = first.lowercased()
        let isKind: (String) -> Bool = {
            $0.lowercased() == lowercase || $0.lowercased() + "s" == lowercase || $0 == shortNames[lowercase]
        }
        guard let kind = kinds.first(where: isKind) else {
            throw UnknownField(
                description: "unknown kind \(quoted(first))" + hint(first, kinds.map { $0.lowercased() }))
        }
        var found = all.filter { $0.kind == kind }
        for (depth, word) in words.dropFirst().enumerated() {
            let inside = found.filter { names(in: $0.path).count > depth }
            found = inside.filter { names(in: $0.path)[depth] == word }
            guard found.isEmpty else { continue }
            let place = ([kind.lowercased()] + words.dropFirst().prefix(depth)).joined(separator: ".")
            let siblings = Set(inside.map { names(in: $0.path)[depth] })
            let problem = siblings.isEmpty ? "\(place) has no fields" : "\(place) has no field \(quoted(word))"
            throw UnknownField(description: problem + hint(word, siblings.sorted()))
        }
        return found
    }

    private static func hint(_ name: String, _ names: [String]) -> String {
        Spelling.suggestion(for: name, among: names).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// `spec.containers[].env[0]`: `spec`, `containers`, `env`.
    private static func names(in path: String) -> [String] {
        var depth = 0
        var text = ""
        for character in path {
            if "[{".contains(character) { depth += 1 }
            if depth == 0 { text.append(character) }
            if "]}".contains(character) { depth -= 1 }
        }
        return text.split(separator: ".").map(String.init)
    }
}
