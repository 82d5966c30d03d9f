/// Reads templates of kubectl's JSONPath dialect.
struct JSONPathParser {
    private let input: [Unicode.Scalar]
    private var position = 0
    private static let deepest = 100
    private let depth: Int

    init(_ text: String, depth: Int = 0) {
        input = Array(text.unicodeScalars)
        self.depth = depth
    }

    mutating func template() throws(JSONPathError) -> [JSONPath.Node] {
        guard depth < Self.deepest else { throw JSONPathError("the template is nested too deeply") }
        var nodes: [JSONPath.Node] = []
        var text = ""
        while position < input.count {
            if input[position] == "{" {
                if !text.isEmpty { nodes.append(.text(text)) }
                text = ""
                position += 1
                nodes.append(.list(try action()))
            } else {
                text.unicodeScalars.append(input[position])
                position += 1
            }
        }
        if !text.isEmpty { nodes.append(.text(text)) }
        return nodes
    }

    private func starts(with prefix: String) -> Bool { input[position...].starts(with: prefix.unicodeScalars) }

    /// What is in braces, up to and with the closing one.
    private mutating func action() throws(JSONPathError) -> [JSONPath.Node] {
        var nodes: [JSONPath.Node] = []
        while true {
            if starts(with: "}") {
                position += 1
                return nodes
            }
            if starts(with: "[?(") {
                nodes.append(try filter())
                continue
            }
            if starts(with: "..") {
                if nodes.last == .recursive { throw JSONPathError("invalid multiple recursive descent") }
                position += 2
                nodes.append(.recursive)
                if position < input.count, Self.isWordCharacter(input[position]) { nodes.append(field()) }
                continue
            }
            guard position < input.count, input[position] != "\n", input[position] != "\r" else {
                throw JSONPathError("unclosed action")
            }
            let character = input[position]
            switch character {
            case " ", "@", "$": position += 1
            case "[": nodes += try array()
            case "\"", "'": nodes.append(.text(try quoted(character)))
            case ".":
                position += 1
                nodes.append(field())
            case "+", "-", "0"..."9": nodes.append(try number())
            case _ where Self.isWordCharacter(character): nodes.append(word())
            default:
                let code = String(character.value, radix: 16, uppercase: true)
                let digits = String(repeating: "0", count: max(4 - code.count, 0)) + code
                throw JSONPathError("unrecognized character in action: U+\(digits) '\(character)'")
            }
        }
    }

    private mutating func field() -> JSONPath.Node {
        var name = ""
        while position < input.count, !Self.isTerminator(input[position]) {
            if input[position] == "\\" {
                position += 1
                if position == input.count { break }
                if input[position] == "\\" {
                    position += 1
                    continue
                }
            }
            name.unicodeScalars.append(input[position])
            position += 1
        }
        return name == "*" ? .wildcard : .field(name)
    }

    private mutating func word() -> JSONPath.Node {
        let start = position
        while position < input.count, !Self.isTerminator(input[position]) { position += 1 }
        let word = text(start..<position)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: return .identifier(word)
        }
    }

    private mutating func number() throws(JSONPathError) -> JSONPath.Node {
        let start = position
        if input[position] == "+" || input[position] == "-" { position += 1 }
        while position < input.count, input[position] == "." || ("0"..."9").contains(input[position]) { position += 1 }
        let text = text(start..<position)
        if let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw JSONPathError("cannot parse number \(text)") }
        return .number(value)
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(JSONPathError) -> String {
        position += 1
        var result = ""
        while position < input.count, input[position] != "\n" {
            let character = input[position]
            position += 1
            if character == quote { return result }
            guard character == "\\", position < input.count else {
                result.unicodeScalars.append(character)
                continue
            }
            let escaped = input[position]
            position += 1
            switch escaped {
            case "n": result += "\n"
            case "t": result += "\t"
            case "r": result += "\r"
            case "a": result += "\u{7}"
            case "b": result += "\u{8}"
            case "f": result += "\u{C}"
            case "v": result += "\u{B}"
            case "\\", "\"", "'": result.unicodeScalars.append(escaped)
            case "x": result.unicodeScalars.append(try code(2))
            case "u": result.unicodeScalars.append(try code(4))
            case "U": result.unicodeScalars.append(try code(8))
            default: throw JSONPathError("unquote string error invalid syntax")
            }
        }
        throw JSONPathError("unterminated quoted string")
    }

    private mutating func code(_ digits: Int) throws(JSONPathError) -> Unicode.Scalar {
        guard position + digits <= input.count, let value = UInt32(text(position..<position + digits), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw JSONPathError("unquote string error invalid syntax") }
        position += digits
        return scalar
    }

    private mutating func array() throws(JSONPathError) -> [JSONPath.Node] {
        let start = position
        while position < input.count, input[position] != "]" {
            if input[position] == "\n" { throw JSONPathError("unterminated array") }
            position += 1
        }
        guard position < input.count else { throw JSONPathError("unterminated array") }
        let inner = text(start + 1..<position)
        position += 1
        if inner == "*" { return [.slice(.init())] }
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count > 1 {
            var lists: [[JSONPath.Node]] = []
            for part in parts { lists.append(try expression("[" + Self.trimmed(part) + "]")) }
            return [.union(lists)]
        }
        if inner.count >= 2, inner.hasPrefix("'"), inner.hasSuffix("'"), !inner.dropFirst().dropLast().contains("'") {
            return try expression("." + inner.dropFirst().dropLast())
        }
        return [.slice(try slice(inner))]
    }

    private func slice(_ text: String) throws(JSONPathError) -> JSONPath.Slice {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        func number(_ part: Substring) throws(JSONPathError) -> Int? {
            if part.isEmpty { return nil }
            let digits = part.hasPrefix("-") ? part.dropFirst() : part
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw JSONPathError("invalid array index \(text)")
            }
            guard let value = Int(part) else { throw JSONPathError("array index \(part) is not a number") }
            return value
        }
        guard parts.count <= 3 else { throw JSONPathError("invalid array index \(text)") }
        let start = try number(parts[0])
        if parts.count == 1 { return .init(start: start, end: (start ?? 0) &+ 1, isIndex: true) }
        return .init(start: start, end: try number(parts[1]), step: parts.count > 2 ? try number(parts[2]) : nil)
    }

    private mutating func filter() throws(JSONPathError) -> JSONPath.Node {
        position += 3
        let start = position
        var quote: Unicode.Scalar?
        var isClosed = false
        while true {
            guard position < input.count, input[position] != "\n" else { throw JSONPathError("unterminated filter") }
            let character = input[position]
            position += 1
            if character == "\"" || character == "'" {
                if quote == nil {
                    quote = character
                } else if input[position - 2] != "\\", character == quote {
                    isClosed = true
                }
            } else if character == ")", (quote != nil) == isClosed {
                break
            }
        }
        let inner = Array(input[start..<position - 1])
        guard position < input.count, input[position] == "]" else { throw JSONPathError("unclosed array expect ]") }
        position += 1
        let isOperator: (Unicode.Scalar) -> Bool = { "!<>=".unicodeScalars.contains($0) }
        if let first = inner.firstIndex(where: isOperator), first > 0 {
            let end = inner[first...].firstIndex { !isOperator($0) } ?? inner.endIndex
            if end < inner.endIndex {
                return .filter(
                    left: try expression(Self.string(inner[..<first])), operator: Self.string(inner[first..<end]),
                    right: try expression(Self.string(inner[end...])))
            }
        }
        return .filter(left: try expression(Self.string(inner[...])), operator: "exists", right: [])
    }

    /// The nodes of an expression that is part of another.
    private func expression(_ text: String) throws(JSONPathError) -> [JSONPath.Node] {
        var parser = JSONPathParser("{" + text + "}", depth: depth + 1)
        guard case .list(let nodes) = try parser.template().first else { return [] }
        return nodes
    }

    private func text(_ range: Range<Int>) -> String { Self.string(input[range]) }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    private static func isTerminator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", "\r", ".", ",", "[", "]", "$", "@", "{", "}": true
        default: false
        }
    }
}
