import PodAPI

/// JSON as text: written without a tree in memory, and without Foundation, which would cost every start of the program a
/// third of its time.
enum JSONText {
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func object(_ members: [(key: String, json: String)]) -> String {
        "{" + members.map { string($0.key) + ":" + $0.json }.joined(separator: ",") + "}"
    }

    static func strings(_ dictionary: [String: String]) -> String {
        object(dictionary.sorted { $0.key < $1.key }.map { ($0.key, string($0.value)) })
    }

    static func value(_ value: JSONValue) -> String { value.text }

    /// The same JSON on several lines, indented by four blanks as kubectl does it.
    static func indented(_ json: String) -> String {
        var result: [UInt8] = []
        var depth = 0
        var inString = false
        var escaped = false
        let bytes = Array(json.utf8)
        func breakLine() {
            result.append(UInt8(ascii: "\n"))
            result += [UInt8](repeating: UInt8(ascii: " "), count: depth * 4)
        }
        for (index, byte) in bytes.enumerated() {
            if inString {
                result.append(byte)
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                inString = true
                result.append(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                result.append(byte)
                depth += 1
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                if next != UInt8(ascii: "}") && next != UInt8(ascii: "]") { breakLine() }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                let previous = index > 0 ? bytes[index - 1] : 0
                if previous != UInt8(ascii: "{") && previous != UInt8(ascii: "[") { breakLine() }
                result.append(byte)
            case UInt8(ascii: ","):
                result.append(byte)
                breakLine()
            case UInt8(ascii: ":"): result += [byte, UInt8(ascii: " ")]
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
