/// JSON (RFC 8259) to trees, with any number of documents one after the other, as kubectl takes them.
///
/// Not left to the YAML parser, which knows no surrogate pairs, no key that is longer than 1024 characters, and no tab
/// before the first brace.
struct JSONReader {
    private let source: SourceText
    private let bytes: [UInt8]
    private let limits: SourceLimits
    private var index = 0
    private var line: Int32 = 1
    /// The byte at which the line begins, less what its characters have of bytes beyond the first.
    private var lineStart = 0
    private var composer: NodeComposer

    init(_ source: SourceText, limits: SourceLimits) {
        self.source = source
        bytes = source.bytes
        self.limits = limits
        composer = NodeComposer(limits: limits)
    }

    /// What begins with a brace may be JSON; KYAML does too.
    static func mayBeJSON(_ source: SourceText) -> Bool {
        let first = source.bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        return first == UInt8(ascii: "{")
    }

    /// `isJSON`: false where it may yet be YAML.
    mutating func read() -> (documents: [ManifestNode?], errors: [SourceError], isJSON: Bool) {
        var documents: [ManifestNode?] = []
        do throws(SourceError) {
            skipSpace()
            while index < bytes.count {
                guard documents.count < limits.documents else {
                    throw SourceError(
                        position: position, message: "more than \(limits.documents) documents", isLimit: true)
                }
                composer.startDocument()
                try value()
                documents.append(composer.root)
                skipSpace()
            }
            return (documents, composer.errors, true)
        } catch {
            return (documents, composer.errors + [error], error.isLimit)
        }
    }

    private mutating func value() throws(SourceError) {
        let position = position
        switch peek {
        case UInt8(ascii: "{")?: try object(at: position)
        case UInt8(ascii: "[")?: try array(at: position)
        case UInt8(ascii: "\"")?: try composer.scalar(try string(), isPlain: false, anchor: nil, at: position)
        default: try composer.scalar(try word(), isPlain: true, anchor: nil, at: position)
        }
    }

    private mutating func object(at position: SourcePosition) throws(SourceError) {
        try composer.start(isMapping: true, anchor: nil, at: position)
        index += 1
        skipSpace()
        if peek == UInt8(ascii: "}") {
            index += 1
            return try composer.end()
        }
        while true {
            guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
            let keyPosition = self.position
            try composer.scalar(try string(), isPlain: false, anchor: nil, at: keyPosition)
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw error("expected ':' after the key") }
            index += 1
            skipSpace()
            try value()
            skipSpace()
            if try endsAfterItem(with: UInt8(ascii: "}")) { return try composer.end() }
        }
    }

    private mutating func array(at position: SourcePosition) throws(SourceError) {
        try composer.start(isMapping: false, anchor: nil, at: position)
        index += 1
        skipSpace()
        if peek == UInt8(ascii: "]") {
            index += 1
            return try composer.end()
        }
        while true {
            try value()
            skipSpace()
            if try endsAfterItem(with: UInt8(ascii: "]")) { return try composer.end() }
        }
    }

    private mutating func endsAfterItem(with closing: UInt8) throws(SourceError) -> Bool {
        guard let byte = peek, byte == closing || byte == UInt8(ascii: ",") else {
            throw error("expected ',' or '\(Character(UnicodeScalar(closing)))'")
        }
        index += 1
        skipSpace()
        return byte == closing
    }

    private mutating func word() throws(SourceError) -> String {
        let start = index
        while let byte = peek, isWordByte(byte) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        switch text {
        case "true", "false", "null": return text
        default:
            guard isNumber(bytes[start..<index]) else {
                index = start
                throw error(text.isEmpty ? "expected a value" : "\(quoted(text)) is no JSON value")
            }
            return text
        }
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !isZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(SourceError) -> String {
        index += 1
        var start = index
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<index]
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[start..<index]
                text += Array(String(try escape()).utf8)
                start = index
            case 0x00..<0x20:
                throw error("a control character in a string")
            default:
                if byte & 0xc0 == 0x80 { lineStart += 1 }
                index += 1
            }
        }
        throw error("the string does not end")
    }

    private mutating func escape() throws(SourceError) -> UnicodeScalar {
        index += 1
        guard let byte = peek else { throw error("the string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            if let scalar = UnicodeScalar(unit) { return scalar }
            guard unit < 0xdc00, bytes[index...].starts(with: "\\u".utf8) else { throw error("half a surrogate pair") }
            index += 2
            let low = try hexadecimalUnit()
            guard (0xdc00...0xdfff).contains(low),
                let scalar = UnicodeScalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
            else { throw error("half a surrogate pair") }
            return scalar
        default:
            index -= 1
            throw error("unknown escape in a string")
        }
    }

    private mutating func hexadecimalUnit() throws(SourceError) -> UInt32 {
        let digits = bytes[index...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits") }
        index += 4
        return unit
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private var position: SourcePosition {
        SourcePosition(line: line, column: Int32(clamping: index - lineStart + 1))
    }

    private mutating func skipSpace() {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                lineStart = index + 1
            case 0x20, 0x09, 0x0d: break
            default: return
            }
            index += 1
        }
    }

    private func error(_ message: String) -> SourceError {
        SourceError(position: position, message: message)
    }
}
