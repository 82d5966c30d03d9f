/// Whether text that is written without quotes in YAML 1.1 would be read as anything but text (`resolve` of goyaml.v2).
enum YAMLPlainText {
    private static let words: Set<String> = [
        "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True",
        "TRUE",
        "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf",
        ".INF",
        "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ]

    /// Most names and words: they need no quotes, and nobody has to look at them closely.
    static func isBare(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-_./".utf8.contains($0) } && !words.contains(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    static func isAmbiguous(_ text: String) -> Bool {
        if words.contains(text) { return true }
        guard let first = text.utf8.first else { return true }
        let bytes = Array(text.utf8)
        switch first {
        case UInt8(ascii: "."): return isFloat(bytes)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), 0x30...0x39:
            let plain = bytes.filter { $0 != UInt8(ascii: "_") }
            return isInteger(plain) || isFloat(plain) || isTime(bytes) || isBase60(bytes)
        default: return false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Go's integer literals: decimal, `0x`, `0o`, `0b`, and octal with a leading zero; within 64 bits, which only matters for those
    /// with a base, since decimals beyond are floats.
    private static func isInteger(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return false }
        if rest.allSatisfy(isDigit) { return true }
        guard rest.count > 2, rest.first == UInt8(ascii: "0") else { return false }
        let radix: Int
        switch rest[rest.startIndex + 1] {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): radix = 16
        case UInt8(ascii: "o"), UInt8(ascii: "O"): radix = 8
        case UInt8(ascii: "b"), UInt8(ascii: "B"): radix = 2
        default: return false
        }
        let digits = rest.dropFirst(2)
        guard let sign = digits.first, sign != UInt8(ascii: "+"), sign != UInt8(ascii: "-") else { return false }
        return UInt64(String(decoding: digits, as: UTF8.self), radix: radix) != nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isFloat(_ bytes: [UInt8]) -> Bool {
        var index = 0
        func at(_ character: Character) -> Bool { index < bytes.count && bytes[index] == character.asciiValue }
        func digits() -> Int {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            return index - start
        }
        if at("+") || at("-") { index += 1 }
        if at(".") {
            index += 1
            if digits() == 0 { return false }
        } else {
            if digits() == 0 { return false }
            if at(".") {
                index += 1
                _ = digits()
            }
        }
        if at("e") || at("E") {
            index += 1
            if at("+") || at("-") { index += 1 }
            if digits() == 0 { return false }
        }
        return index == bytes.count
    }

    /// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
    private static func isBase60(_ bytes: [UInt8]) -> Bool {
        guard bytes.contains(UInt8(ascii: ":")) else { return false }
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        rest = rest.drop { isDigit($0) || $0 == UInt8(ascii: "_") }
        var groups = 0
        while rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            let digits = rest.prefix { isDigit($0) }
            guard digits.count == 1 || digits.count == 2 && digits[digits.startIndex] <= UInt8(ascii: "5") else {
                return false
            }
            rest = rest.dropFirst(digits.count)
            groups += 1
        }
        if groups == 0 { return false }
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { isDigit($0) || $0 == UInt8(ascii: "_") } }
        return rest.isEmpty
    }

    /// A date, or a date and a time; the year has four digits, all else one or two.
    private static func isTime(_ bytes: [UInt8]) -> Bool {
        var index = 0
        func number(_ most: Int, _ range: ClosedRange<Int>) -> Bool {
            let start = index
            var value = 0
            while index < bytes.count, index - start < most, isDigit(bytes[index]) {
                value = value * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            return index > start && range.contains(value)
        }
        func take(_ characters: String) -> Bool {
            guard index < bytes.count, characters.utf8.contains(bytes[index]) else { return false }
            index += 1
            return true
        }
        guard number(4, 0...9999), index == 4, take("-"), number(2, 1...12), take("-"), number(2, 1...31) else {
            return false
        }
        if index == bytes.count { return true }
        let isZoned = bytes[index] != UInt8(ascii: " ")
        guard take("Tt "), number(2, 0...23), take(":"), number(2, 0...59), take(":"), number(2, 0...59) else {
            return false
        }
        if take(".") {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            if index == start { return false }
        }
        guard isZoned else { return index == bytes.count }
        if take("Z") { return index == bytes.count }
        guard take("+-"), number(2, 0...24), take(":"), number(2, 0...60) else { return false }
        return index == bytes.count
    }
}
