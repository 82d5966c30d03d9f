import PodAPI
import Testing

@testable import PodManifest

/// A value of a wrong type in any field of any kind is an error at that field's place, and nothing else happens.
@Suite struct WrongTypeTests {
    /// Values as JSON, and the types that may have them.
    private static let values: [(json: String, types: Set<String>)] = [
        ("\"\\u0007 no value of anything\"", ["string", "IntOrString"]), ("1.5", ["Quantity"]), ("true", ["boolean"]),
        ("[]", ["list"]), ("[[[]]]", []), ("{}", ["mapping"]), ("{\"no-field\": {\"x\": [1]}}", []),
        ("170141183460469231731687303715884105728", ["Quantity"]),  // No number to YAML: too large for one.
        ("-1e999", ["string", "IntOrString"]),
    ]

    @Test(arguments: ManifestKind.allCases)
    func isAnErrorAtItsPlace(kind: ManifestKind) {
        for field in ManifestSchema.fields() where field.kind == kind.rawValue {
            if field.type == "object" || field.path == "kind" { continue }
            for (json, types) in Self.values where types.isDisjoint(with: Self.categories(of: field.type)) {
                let text = Self.manifest(kind, field.path, json)
                var manifest = read(text)
                for object in manifest.objects { manifest.add(object.object.validate(), in: object) }
                for error in manifest.errors { #expect(error.line != nil && error.column != nil, "\(error)") }
                switch field.support {
                case .done, .noEffect:
                    let place = Self.place(field.path)
                    let isTold = manifest.errors.contains { $0.path.map { "\($0)".hasPrefix(place) } ?? false }
                    #expect(isTold, "\(place): \(json): \(manifest.errors)")
                case .ignored, .refused: break
                }
            }
        }
    }

    /// The types of `values` that a field of this type takes.
    private static func categories(of type: String) -> Set<String> {
        if type == "[]byte" { return [] }
        if type.hasPrefix("[]") { return ["list"] }
        if type.hasPrefix("map[")
            || type.first?.isUppercase == true && !type.contains("|") && APIType(rawValue: type) != nil
        {
            return ["mapping"]
        }
        return [type]
    }

    /// `spec.containers[].env` with a value: `{"spec": {"containers": [{"env": …}]}}`.
    private static func manifest(_ kind: ManifestKind, _ path: String, _ json: String) -> String {
        var text = json
        for name in path.split(separator: ".").reversed() {
            var name = String(name)
            while name.hasSuffix("[]") || name.hasSuffix("{}") {
                text = name.hasSuffix("[]") ? "[\(text)]" : "{\"k\": \(text)}"
                name.removeLast(2)
            }
            text = "{\"\(name)\": \(text)}"
        }
        let others = [("apiVersion", "\"\(Self.apiVersion(kind))\""), ("kind", "\"\(kind.rawValue)\"")]
            .filter { !path.hasPrefix($0.0) }.map { "\"\($0.0)\": \($0.1), " }.joined()
        return "{" + others + text.dropFirst()
    }

    /// The one that the reader asks for.
    private static func apiVersion(_ kind: ManifestKind) -> String {
        let message = read("{kind: \(kind.rawValue), apiVersion: other}").errors.first?.message ?? ""
        return String(message.split(separator: "\"").dropFirst().first ?? "")
    }

    private static func place(_ path: String) -> String {
        path.replacing("[]", with: "[0]").replacing("{}", with: "[k]")
    }
}
