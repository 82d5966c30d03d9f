import PodAPI
import Printing

/// What `wait --for` waits for (kubectl pkg/cmd/wait).
enum WaitCondition: Equatable {
    case deleted
    case created
    /// One of `status.conditions`.
    case condition(name: String, value: String)
    /// nil: any value.
    case field(JSONPath, value: String?)

    init(_ text: String) throws(CommandError) {
        switch text.lowercased() {
        case "delete": self = .deleted
        case "create": self = .created
        case let word where word.hasPrefix("condition="):
            let rest = text.dropFirst(10)
            let name = rest.prefix { $0 != "=" }
            let value = rest.count == name.count ? "true" : String(rest.dropFirst(name.count + 1))
            self = .condition(name: String(name), value: value)
        case let word where word.hasPrefix("jsonpath="):
            self = try Self.field(String(text.dropFirst(9)))
        default: throw CommandError("error: unrecognized condition: \"\(TerminalText.escaped(text))\"")
        }
    }

    private static let format =
        "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
        + "--for=jsonpath='{.status.readyReplicas}'"

    private static func field(_ text: String) throws(CommandError) -> WaitCondition {
        if text.isEmpty { throw CommandError("error: jsonpath expression cannot be empty") }
        let end = endOfPath(text)
        let rest = text[end...]
        guard rest.isEmpty || rest.hasPrefix("=") else { throw CommandError(format) }
        let path: JSONPath
        do throws(JSONPathError) {
            path = try JSONPath(relaxed: String(text[..<end]))
        } catch {
            throw CommandError("error: \(error.description)")
        }
        if rest.isEmpty { return .field(path, value: nil) }
        let value = rest.dropFirst().trimming { $0 == "'" || $0 == "\"" }
        if value.isEmpty { throw CommandError("error: jsonpath wait has to have a value after equal sign") }
        return .field(path, value: String(value))
    }

    /// An equals sign in brackets or in a text belongs to the path.
    private static func endOfPath(_ text: String) -> String.Index {
        var depth = 0
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "'" where depth > 0, "\"" where depth > 0: quote = character
            case "{", "[", "(": depth += 1
            case "}", "]", ")": depth -= 1
            case "=" where depth <= 0: return index
            default: break
            }
        }
        return text.endIndex
    }

    /// Whether it holds for an object that is there.
    func holds(for object: JSONValue) throws(CommandError) -> Bool {
        switch self {
        case .deleted: false
        case .created: true
        case .condition(let name, let value): Self.holds(object, name, value)
        case .field(let path, let value): try Self.holds(object, path, value)
        }
    }

    private static func holds(_ object: JSONValue, _ name: String, _ value: String) -> Bool {
        let condition = object[path: "status", "conditions"]?.items.first {
            $0["type"]?.string?.lowercased() == name.lowercased()
        }
        guard let condition else { return false }
        // What was said of an older state says nothing of this one.
        let observed = condition["observedGeneration"]?.integer ?? object[path: "status", "observedGeneration"]?.integer
        if let observed, let generation = object[path: "metadata", "generation"]?.integer, observed < generation {
            return false
        }
        return condition["status"]?.string?.lowercased() == value.lowercased()
    }

    private static func holds(_ object: JSONValue, _ path: JSONPath, _ expected: String?) throws(CommandError) -> Bool {
        let results: [[JSONValue]]
        do throws(JSONPathError) { results = try path.results(in: object) } catch {
            throw CommandError("error: \(error.description)")
        }
        guard let list = results.first, let value = list.first else { return false }
        if results.count > 1 { throw CommandError("error: given jsonpath expression matches more than one list") }
        if list.count > 1 { throw CommandError("error: given jsonpath expression matches more than one value") }
        guard let expected else { return true }
        let text: String
        switch value {
        case .array, .object:
            throw CommandError("error: jsonpath leads to a nested object or list which is not supported")
        case .string(let string): text = string
        case .null: text = "<nil>"
        case .bool, .integer, .number: text = value.text
        }
        return text.trimming(\.isWhitespace) == expected.trimming(\.isWhitespace)
    }
}

extension StringProtocol {
    /// Without what such characters it begins and ends with.
    func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var part = Substring(self)
        while let first = part.first, isTrimmed(first) { part.removeFirst() }
        while let last = part.last, isTrimmed(last) { part.removeLast() }
        return part
    }
}
