import PodAPI

/// YAML as the library writes it that kubectl uses (goyaml.v2, after libyaml's emitter): block style, lists not indented
/// within mappings, keys in natural order, lines folded where they pass 80 columns.
struct YAMLWriter {
    private(set) var text = ""
    /// Characters on the current line.
    private var column = 0
    private static let bestWidth = 80

    init() {}

    mutating func document(_ value: JSONValue) {
        switch value {
        case .object(let members) where !members.isEmpty: mapping(members, indent: 0, isInline: false)
        case .array(let items) where !items.isEmpty: sequence(items, indent: 0, isInline: false)
        default:
            scalar(value, indent: 0)
            put("\n")
        }
    }

    private mutating func put(_ part: String) {
        text += part
        if !part.utf8.contains(UInt8(ascii: "\n")) {
            column += part.unicodeScalars.count
        } else if let end = part.unicodeScalars.lastIndex(of: "\n") {
            column = part.unicodeScalars.distance(from: end, to: part.unicodeScalars.endIndex) - 1
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        text.unicodeScalars.append(scalar)
        column = scalar == "\n" ? 0 : column + 1
    }

    private mutating func newLine(_ indent: Int) { put("\n" + String(repeating: " ", count: indent)) }

    /// - Parameter isInline: The first member goes on the current line, after `- `.
    private mutating func mapping(_ members: [JSONValue.Member], indent: Int, isInline: Bool) {
        let sorted = members.sorted { Self.precedes($0.key, $1.key) }
        for (index, member) in sorted.enumerated() {
            if index > 0 || !isInline { put(String(repeating: " ", count: indent)) }
            var isSimple = true
            if YAMLPlainText.isBare(member.key) {
                put(member.key)
                put(":")
            } else {
                let key = YAMLScalar(member.key)
                isSimple = member.key.utf8.count <= 128 && !key.isMultiline
                if isSimple {
                    quoted(key, style: key.keyStyle, indent: indent, allowsBreaks: false)
                } else {
                    put("? ")
                    quoted(key, style: key.style, indent: indent, allowsBreaks: true)
                    newLine(indent)
                }
                put(":")
            }
            switch member.value {
            case .object(let inner) where !inner.isEmpty:
                if isSimple {
                    put("\n")
                    mapping(inner, indent: indent + 2, isInline: false)
                } else {
                    put(" ")
                    mapping(inner, indent: indent + 2, isInline: true)
                }
            case .array(let items) where !items.isEmpty:
                if isSimple {
                    put("\n")
                    sequence(items, indent: indent, isInline: false)
                } else {
                    put(" ")
                    sequence(items, indent: indent + 2, isInline: true)
                }
            default:
                put(" ")
                scalar(member.value, indent: indent)
                put("\n")
            }
        }
    }

    private mutating func sequence(_ items: [JSONValue], indent: Int, isInline: Bool) {
        for (index, item) in items.enumerated() {
            if index > 0 || !isInline { put(String(repeating: " ", count: indent)) }
            put("- ")
            switch item {
            case .object(let members) where !members.isEmpty: mapping(members, indent: indent + 2, isInline: true)
            case .array(let inner) where !inner.isEmpty: sequence(inner, indent: indent + 2, isInline: true)
            default:
                scalar(item, indent: indent)
                put("\n")
            }
        }
    }

    private mutating func scalar(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .integer(let value): put("\(value)")
        case .number(let value): put(GoNumber.text(value))
        case .string(let text) where YAMLPlainText.isBare(text): put(text)
        case .string(let text):
            let analyzed = YAMLScalar(text)
            quoted(analyzed, style: analyzed.style, indent: indent, allowsBreaks: true)
        case .array: put("[]")
        case .object: put("{}")
        }
    }

    /// - Parameter indent: That of the collection that the text is in; its further lines are two columns to the right.
    private mutating func quoted(_ scalar: YAMLScalar, style: YAMLScalar.Style, indent: Int, allowsBreaks: Bool) {
        switch style {
        case .plain: flow(scalar, indent: indent + 2, allowsBreaks: allowsBreaks, isQuoted: false)
        case .singleQuoted:
            put("'")
            flow(scalar, indent: indent + 2, allowsBreaks: allowsBreaks, isQuoted: true)
            put("'")
        case .doubleQuoted: doubleQuoted(scalar, indent: indent + 2, allowsBreaks: allowsBreaks)
        case .literal: literal(scalar, indent: indent + 2)
        }
    }

    private mutating func flow(_ scalar: YAMLScalar, indent: Int, allowsBreaks: Bool, isQuoted: Bool) {
        let scalars = scalar.scalars
        var wasBlank = false
        for (index, character) in scalars.enumerated() {
            guard character == " " else {
                if isQuoted, character == "'" { put("'") }
                put(character)
                wasBlank = false
                continue
            }
            let isInside = !isQuoted || (index > 0 && index < scalars.count - 1)
            let isFollowedByBlank = index + 1 < scalars.count && scalars[index + 1] == " "
            if allowsBreaks, !wasBlank, column > Self.bestWidth, isInside, !isFollowedByBlank {
                newLine(indent)
            } else {
                put(character)
            }
            wasBlank = true
        }
    }

    private mutating func doubleQuoted(_ scalar: YAMLScalar, indent: Int, allowsBreaks: Bool) {
        put("\"")
        let scalars = scalar.scalars
        var wasBlank = false
        for (index, character) in scalars.enumerated() {
            if character == "\"" || character == "\\" || YAMLScalar.isBreak(character)
                || !YAMLScalar.isPrintable(character)
            {
                put(Self.escape(character))
                wasBlank = false
            } else if character == " " {
                if allowsBreaks, !wasBlank, column > Self.bestWidth, index > 0, index < scalars.count - 1 {
                    newLine(indent)
                    if scalars[index + 1] == " " { put("\\") }
                } else {
                    put(character)
                }
                wasBlank = true
            } else {
                put(character)
                wasBlank = false
            }
        }
        put("\"")
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x00: return "\\0"
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x09: return "\\t"
        case 0x0A: return "\\n"
        case 0x0B: return "\\v"
        case 0x0C: return "\\f"
        case 0x0D: return "\\r"
        case 0x1B: return "\\e"
        case 0x22: return "\\\""
        case 0x5C: return "\\\\"
        case 0x85: return "\\N"
        case 0xA0: return "\\_"
        case 0x2028: return "\\L"
        case 0x2029: return "\\P"
        default:
            let (letter, width) = scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
        }
    }

    private mutating func literal(_ scalar: YAMLScalar, indent: Int) {
        let scalars = scalar.scalars
        put("|")
        if let first = scalars.first, first == " " || YAMLScalar.isBreak(first) { put("2") }
        if let last = scalars.last {
            if !YAMLScalar.isBreak(last) {
                put("-")
            } else if scalars.count == 1 || YAMLScalar.isBreak(scalars[scalars.count - 2]) {
                put("+")
            }
        }
        put("\n")
        var isAtStart = true
        for (index, character) in scalars.enumerated() {
            if character == "\n" {
                // The line feed of the last line is that which ends the member.
                if index < scalars.count - 1 { put("\n") }
                isAtStart = true
            } else {
                if isAtStart { put(String(repeating: " ", count: indent)) }
                put(character)
                isAtStart = false
            }
        }
    }

    /// The order of keys: letters after everything else, and numbers within names by their value.
    static func precedes(_ one: String, _ other: String) -> Bool {
        if let (mine, theirs) = zip(one.utf8, other.utf8).first(where: { $0 != $1 }) {
            if isLetter(mine), isLetter(theirs) { return mine < theirs }
        } else {
            return one.utf8.count < other.utf8.count
        }
        let mine = Array(one.unicodeScalars)
        let theirs = Array(other.unicodeScalars)
        var inDigits = false
        for index in 0..<min(mine.count, theirs.count) {
            if mine[index] == theirs[index] {
                inDigits = isDigit(mine[index])
                continue
            }
            let mineIsLetter = mine[index].properties.isAlphabetic
            let theirsIsLetter = theirs[index].properties.isAlphabetic
            if mineIsLetter, theirsIsLetter { return mine[index] < theirs[index] }
            if mineIsLetter || theirsIsLetter { return inDigits ? mineIsLetter : theirsIsLetter }
            var myNumber: UInt64 = 0
            var theirNumber: UInt64 = 0
            if mine[index] == "0" || theirs[index] == "0" {
                var back = index - 1
                while back >= 0, isDigit(mine[back]) {
                    if mine[back] != "0" {
                        (myNumber, theirNumber) = (1, 1)
                        break
                    }
                    back -= 1
                }
            }
            var myEnd = index
            while myEnd < mine.count, isDigit(mine[myEnd]) {
                myNumber = myNumber &* 10 &+ UInt64(mine[myEnd].value - 0x30)
                myEnd += 1
            }
            var theirEnd = index
            while theirEnd < theirs.count, isDigit(theirs[theirEnd]) {
                theirNumber = theirNumber &* 10 &+ UInt64(theirs[theirEnd].value - 0x30)
                theirEnd += 1
            }
            if myNumber != theirNumber { return myNumber < theirNumber }
            if myEnd != theirEnd { return myEnd < theirEnd }
            return mine[index] < theirs[index]
        }
        return mine.count < theirs.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }
}
