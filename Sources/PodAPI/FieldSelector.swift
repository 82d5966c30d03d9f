/// kubectl's `--field-selector`: `status.phase=Running,metadata.name!=x` (apimachinery pkg/fields). Any path to a value that
/// is a text, number or boolean will do; a field that is missing counts as empty.
public struct FieldSelector: Sendable, Equatable {
    public struct Requirement: Sendable, Equatable {
        public var path: [String]
        public var value: String
        public var isEqual: Bool

        public init(path: [String], value: String, isEqual: Bool = true) {
            self.path = path
            self.value = value
            self.isEqual = isEqual
        }
    }

    public var requirements: [Requirement]

    public static let everything = FieldSelector()

    public init(_ requirements: [Requirement] = []) {
        self.requirements = requirements
    }

    /// A backslash takes the meaning from a comma, an equals sign or a backslash in a value.
    public init(parsing text: String) throws(SelectorError) {
        var terms: [[(character: Character, isEscaped: Bool)]] = [[]]
        var characters = text.makeIterator()
        while let character = characters.next() {
            if character == "\\" {
                guard let next = characters.next(), ",=\\".contains(next) else {
                    throw SelectorError("invalid field selector \"\(text)\": invalid escape sequence")
                }
                terms[terms.count - 1].append((next, true))
            } else if character == "," {
                terms.append([])
            } else {
                terms[terms.count - 1].append((character, false))
            }
        }
        requirements = []
        for term in terms where !term.isEmpty {
            guard let sign = term.firstIndex(where: { $0.character == "=" && !$0.isEscaped }) else {
                throw SelectorError(
                    "invalid field selector \"\(text)\": can't understand \"\(String(term.map(\.character)))\"")
            }
            var path = term[..<sign]
            var value = term[(sign + 1)...]
            let isEqual = path.last?.character != "!"
            if !isEqual { path = path.dropLast() }
            if isEqual, value.first?.character == "=", value.first?.isEscaped == false { value = value.dropFirst() }
            let name = String(path.map(\.character))
            requirements.append(
                Requirement(
                    path: name.split(separator: ".", omittingEmptySubsequences: false).map(String.init),
                    value: String(value.map(\.character)), isEqual: isEqual))
        }
    }

    public var isEmpty: Bool { requirements.isEmpty }

    public func matches(_ object: JSONValue) -> Bool {
        requirements.allSatisfy { (Self.text(object[path: $0.path[...]]) == $0.value) == $0.isEqual }
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .bool(let value): "\(value)"
        case nil, .null, .array, .object: ""
        }
    }
}
