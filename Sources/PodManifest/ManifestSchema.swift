/// The fields of all kinds as data, for a table of what is carried out.
public enum ManifestSchema {
    public struct FieldDescription: Sendable, Equatable {
        /// `Pod`
        public var kind: String
        /// `spec.containers[].name`; `{}` stands for a key that is data.
        public var path: String
        /// `string`, `[]Container`, `map[string]Quantity`
        public var type: String
        /// That of the nearest field around it which is refused or has no effect, where there is one.
        public var support: FieldSupport
        /// The value that asks for no more than what happens anyway, where a field that is refused or has no effect has one.
        public var defaultValue: String?
        /// What the field is for, in a sentence.
        public var meaning: String
    }

    /// What an object of a kind is, in a sentence; empty where there is no such kind.
    public static func meaning(ofKind kind: String) -> String {
        ManifestKind(rawValue: kind).flatMap { FieldMeanings.meaning(of: $0.type) } ?? ""
    }

    /// `node.k8s.io/v1`; empty where there is no such kind.
    public static func apiVersion(ofKind kind: String) -> String { ManifestKind(rawValue: kind)?.apiVersion ?? "" }

    /// Every field of every kind, each after the field that it is in.
    public static func fields() -> [FieldDescription] {
        var result: [FieldDescription] = []
        for kind in ManifestKind.allCases {
            append(kind.type, of: kind.rawValue, at: "", inherited: .done, to: &result)
        }
        return result
    }

    private static func append(
        _ type: APIType, of kind: String, at prefix: String, inherited: FieldSupport,
        to result: inout [FieldDescription]
    ) {
        for field in type.fields {
            let support = inherited == .done ? field.support : inherited
            let path = prefix.isEmpty ? field.name : prefix + "." + field.name
            result.append(
                FieldDescription(
                    kind: kind, path: path, type: field.type.description, support: support,
                    defaultValue: field.defaultValue,
                    meaning: FieldMeanings.meaning(of: field.name, in: type) ?? ""))
            var element = field.type
            var suffix = ""
            unwrapping: while true {
                switch element {
                case .list(let inner): (element, suffix) = (inner, suffix + "[]")
                case .map(let inner): (element, suffix) = (inner, suffix + "{}")
                case .object(let inner):
                    append(inner, of: kind, at: path + suffix, inherited: support, to: &result)
                    break unwrapping
                default: break unwrapping
                }
            }
        }
    }
}

extension FieldType: CustomStringConvertible {
    var description: String {
        switch self {
        case .string: "string"
        case .bool: "boolean"
        case .int32, .mode: "int32"
        case .int64: "int64"
        case .quantity: "Quantity"
        case .intOrString: "IntOrString"
        case .base64: "[]byte"
        case .choice(let choices): choices.joined(separator: "|")
        case .list(let element): "[]" + element.description
        case .map(let element): "map[string]" + element.description
        case .object(let type): type.rawValue
        case .any: "object"
        }
    }
}
