/// An env file (KEP-3721): lines `NAME='value'`, the value literally what stands between the quotes, line feeds included;
/// blank lines, and lines that begin with `#`. Of a name that occurs twice the last value counts.
public enum EnvFile {
    /// What is wrong with a file. The text says where, and nothing of what the file holds: that may be secret.
    public struct Failure: Error, Sendable, Equatable {
        public var message: String

        public init(message: String) {
            self.message = message
        }
    }

    /// Bytes.
    public static let maximumSize = 64 << 10
    static let maximumNameLength = 128
    static let maximumValueLength = 32 << 10

    public static func parse(_ bytes: [UInt8]) throws(Failure) -> [String: String] {
        guard bytes.count <= maximumSize else { throw Failure(message: "is larger than \(maximumSize) bytes") }
        var values: [String: String] = [:]
        var rest = bytes[...]
        var line = 1
        func failure(_ message: String) -> Failure { Failure(message: "line \(line): \(message)") }
        while let first = rest.first {
            switch first {
            case UInt8(ascii: "\n"):
                line += 1
                rest = rest.dropFirst()
            case UInt8(ascii: " "), UInt8(ascii: "\t"): rest = rest.dropFirst()
            case UInt8(ascii: "#"): rest = rest.drop { $0 != UInt8(ascii: "\n") }
            default:
                let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") }
                rest = rest[name.endIndex...]
                guard rest.first == UInt8(ascii: "=") else { throw failure("must be NAME='value'") }
                guard name.allSatisfy({ (0x21...0x7e).contains($0) }), !name.isEmpty else {
                    throw failure("a name consists of printable ASCII characters other than blanks and '='")
                }
                guard name.count <= maximumNameLength else {
                    throw failure("a name has no more than \(maximumNameLength) characters")
                }
                rest = rest.dropFirst()
                guard rest.first == UInt8(ascii: "'") else { throw failure("a value must be in single quotes") }
                rest = rest.dropFirst()
                let value = rest.prefix { $0 != UInt8(ascii: "'") }
                rest = rest[value.endIndex...]
                guard !rest.isEmpty else { throw failure("the closing single quote is missing") }
                guard value.count <= maximumValueLength else {
                    throw failure("a value has no more than \(maximumValueLength) bytes")
                }
                guard !value.contains(0), let text = String(validating: value, as: UTF8.self) else {
                    throw failure("a value must be UTF-8 without NUL")
                }
                rest = rest.dropFirst().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard rest.isEmpty || rest.first == UInt8(ascii: "\n") else {
                    throw failure("nothing may follow the closing single quote")
                }
                values[String(decoding: name, as: UTF8.self)] = text
                line += value.count { $0 == UInt8(ascii: "\n") }
            }
        }
        return values
    }
}
