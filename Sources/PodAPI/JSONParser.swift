/// Text that is not JSON (RFC 8259).
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Bytes from the beginning.
    public var offset: Int
    public var message: String

    public var description: String { "byte \(offset): \(message)" }
}

extension JSONValue {
    /// Of what this program has written itself, and so without the places that a manifest's reader keeps. Takes what RFC 8259
    /// allows, at most 512 levels deep.
    public init(parsing text: some Sequence<UInt8>) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text))
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipBlanks()
        if position < bytes.count { throw failure("text after the value") }
        return value
    }

    private func failure(_ message: String) -> JSONError { JSONError(offset: position, message: message) }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func next() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw failure("the text ends too early") }
        return bytes[position]
    }

    private mutating func take(_ character: Character) throws(JSONError) {
        guard try next() == character.asciiValue else { throw failure("expected \(character)") }
        position += 1
    }

    private mutating func takes(_ word: StaticString) -> Bool {
        guard bytes[position...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { return false }
        position += word.utf8CodeUnitCount
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipBlanks()
        depth += 1
        defer { depth -= 1 }
        if depth > 512 { throw failure("nested too deeply") }
        switch try next() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where takes("true"): return .bool(true)
        case UInt8(ascii: "f") where takes("false"): return .bool(false)
        case UInt8(ascii: "n") where takes("null"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("not a value")
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipBlanks()
        if try next() == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            skipBlanks()
            let key = try string()
            skipBlanks()
            try take(":")
            members.append(.init(key, try value()))
            skipBlanks()
            if try next() == UInt8(ascii: ",") {
                position += 1
            } else {
                try take("}")
                return .object(members)
            }
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipBlanks()
        if try next() == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            items.append(try value())
            skipBlanks()
            if try next() == UInt8(ascii: ",") {
                position += 1
            } else {
                try take("]")
                return .array(items)
            }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        try take("\"")
        var text: [UInt8] = []
        while true {
            let byte = try next()
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure("a control character in a string")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let byte = try next()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if code & 0xfc00 == 0xd800, takes("\\u") {
                let low = try hexadecimal()
                code = low & 0xfc00 == 0xdc00 ? 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff : 0xfffd
            }
            text += String(Unicode.Scalar(code) ?? "\u{fffd}").utf8
        default: throw failure("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("an incomplete escape in a string") }
        position += 4
        return code
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        var isInteger = true
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isInteger = false
            default:
                return try number(start, isInteger)
            }
            position += 1
        }
        return try number(start, isInteger)
    }

    private func number(_ start: Int, _ isInteger: Bool) throws(JSONError) -> JSONValue {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw failure("not a number") }
        return .number(value)
    }
}
