import PodAPI

/// Objects as `-o json`, `-o yaml` and `-o name` print them. The members of all objects are in the order of their names.
public enum ObjectText {
    /// JSON indented by four blanks, as Go's encoder writes it: `<`, `>` and `&` are escaped. Ends with a line feed.
    public static func json(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        JSONWriter.write(value, to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// YAML, as `sigs.k8s.io/yaml` writes it.
    public static func yaml(_ value: JSONValue) -> String {
        var writer = YAMLWriter()
        writer.document(value)
        return writer.text
    }

    /// `pod/web`, `runtimeclass.node.k8s.io/fast`.
    public static func name(_ object: JSONValue) -> String {
        let kind = (object["kind"]?.string ?? "").lowercased()
        let version = object["apiVersion"]?.string ?? ""
        let group = version.contains("/") ? "." + version.prefix { $0 != "/" } : ""
        return ScreenText.line(kind + group + "/" + (object[path: "metadata", "name"]?.string ?? ""))
    }

    /// Several objects as one: kubectl's `List`.
    public static func list(_ objects: [JSONValue]) -> JSONValue {
        .object([
            .init("apiVersion", .string("v1")), .init("items", .array(objects)), .init("kind", .string("List")),
            .init("metadata", .object([.init("resourceVersion", .string(""))])),
        ])
    }

    /// On one line, as JSONPath results are shown.
    static func compactJSON(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        JSONWriter.write(value, to: &bytes, depth: nil)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// JSON as Go's encoding/json writes it.
private enum JSONWriter {
    /// - Parameter depth: nil: on one line.
    static func write(_ value: JSONValue, to bytes: inout [UInt8], depth: Int?) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += "\(value)".utf8
        case .number(let value): bytes += (value.isFinite ? GoNumber.text(value) : "null").utf8
        case .string(let text): write(text, to: &bytes)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                newLine(depth.map { $0 + 1 }, to: &bytes)
                write(item, to: &bytes, depth: depth.map { $0 + 1 })
            }
            if !items.isEmpty { newLine(depth, to: &bytes) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            // By bytes, as Go compares strings.
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                newLine(depth.map { $0 + 1 }, to: &bytes)
                write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if depth != nil { bytes.append(UInt8(ascii: " ")) }
                write(member.value, to: &bytes, depth: depth.map { $0 + 1 })
            }
            if !members.isEmpty { newLine(depth, to: &bytes) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func newLine(_ depth: Int?, to bytes: inout [UInt8]) {
        guard let depth else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 4 * depth)
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy(isPlain) {
            bytes += text.utf8
            return bytes.append(UInt8(ascii: "\""))
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{8}": bytes += "\\b".utf8
            case "\u{C}": bytes += "\\f".utf8
            case "<", ">", "&": escape(scalar, to: &bytes)
            case _ where ScreenText.isUnsafe(scalar): escape(scalar, to: &bytes)
            case _ where scalar.isASCII: bytes.append(UInt8(scalar.value))
            default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a byte of a text needs no escape; nearly all have none.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): false
        default: (0x20..<0x7F).contains(byte)
        }
    }

    private static func escape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let digits = String(scalar.value, radix: 16)
        bytes += "\\u".utf8
        bytes += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        bytes += digits.utf8
    }
}
