/// What a plain scalar means in Kubernetes, whose decoder follows YAML 1.1 (sigs.k8s.io/yaml).
enum ScalarValue: Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    /// A whole number beyond 64 bits.
    case hugeNumber
    case string

    init(plain text: String) {
        var text = text
        self = text.withUTF8 { Self.resolve($0) }
    }

    private static func resolve(_ bytes: UnsafeBufferPointer<UInt8>) -> ScalarValue {
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(bytes)
        case UInt8(ascii: "~"):
            return bytes.count == 1 ? .null : .string
        default:
            guard bytes.count <= 5 else { return .string }
            return word(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func word(_ text: String) -> ScalarValue {
        switch text {
        case "null", "Null", "NULL": .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": .bool(false)
        default: .string
        }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> ScalarValue {
        // Longer numbers than this are none of Kubernetes' fields.
        guard bytes.count <= 64 else { return .string }
        let text = String(decoding: bytes.lazy.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        return integer(text) ?? float(text) ?? .string
    }

    private static func integer(_ text: String) -> ScalarValue? {
        var digits = text[...]
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        var radix = 10
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            radix = 16
        } else if digits.hasPrefix("0b") || digits.hasPrefix("0B") {
            radix = 2
        } else if digits.hasPrefix("0o") || digits.hasPrefix("0O") {
            radix = 8
        }
        if radix != 10 {
            digits = digits.dropFirst(2)
        } else if digits.hasPrefix("0"), digits.count > 1 {
            radix = 8
        }
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        if let value = Int64(sign + digits, radix: radix) { return .integer(value) }
        let isWhole = digits.allSatisfy { $0.isASCII && $0.hexDigitValue.map { $0 < radix } == true }
        return isWhole ? .hugeNumber : nil
    }

    private static func float(_ text: String) -> ScalarValue? {
        // `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, in which Double alone would also take `0x1p3` and `inf`.
        var rest = text.utf8[...]
        func digits() -> Int {
            let all = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(all)
            return all
        }
        func skip(_ first: Character, _ second: Character) -> Bool {
            guard let byte = rest.first, byte == first.asciiValue || byte == second.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skip("-", "+")
        let whole = digits()
        let fraction = skip(".", ".") ? digits() : 0
        guard whole + fraction > 0 else { return nil }
        if skip("e", "E") {
            _ = skip("-", "+")
            guard digits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return .float(value)
    }
}
