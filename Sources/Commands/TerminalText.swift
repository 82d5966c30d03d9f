/// Text of others on its way to a terminal (CVE-2021-25743: escape sequences in what `kubectl get` printed).
public enum TerminalText {
    /// A name or message: every control character is shown as an escape, `\n` or `\u{1B}`, as is what turns the direction of writing.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A line of a container's output, without its line feed, for a terminal: colours (SGR) and tabs pass, every other
    /// control character becomes visible, as do bytes that are not UTF-8. A line that has set a colour ends with a reset.
    public static func sanitized(_ line: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(line)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 8)
        var colored = false
        // A line that ended in CR LF.
        let end = bytes.last == 0x0D ? bytes.count - 1 : bytes.count
        var index = 0
        while index < end {
            let byte = bytes[index]
            switch byte {
            case 0x20..<0x7F, 0x09:
                result.append(byte)
                index += 1
            case 0x1B:
                if let length = colorSequence(bytes[index..<end]) {
                    result += bytes[index..<index + length]
                    colored = true
                    index += length
                } else {
                    result += hexadecimal(byte)
                    index += 1
                }
            case 0x80...:
                let length = characterLength(bytes[index..<end])
                if length == 0 {
                    result += hexadecimal(byte)
                    index += 1
                } else {
                    result += bytes[index..<index + length]
                    index += length
                }
            default:
                result += hexadecimal(byte)
                index += 1
            }
        }
        if colored { result += Array("\u{1B}[0m".utf8) }
        return result
    }

    /// The length of `ESC [ parameters m` at the start; nil where it is anything else.
    private static func colorSequence(_ bytes: ArraySlice<UInt8>) -> Int? {
        let parameters = bytes.dropFirst(2).prefix(64)
        guard bytes.dropFirst().first == UInt8(ascii: "["),
            let final = parameters.firstIndex(where: { !(0x30...0x3B).contains($0) }), bytes[final] == UInt8(ascii: "m")
        else { return nil }
        return final - bytes.startIndex + 1
    }

    /// The length of the UTF-8 character at the start that is no control character; 0: there is none.
    private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
        var iterator = bytes.prefix(4).makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else { return 0 }
        let scalar = Unicode.UTF8.decode(encoded)
        return (0x80...0x9F).contains(scalar.value) ? 0 : encoded.count
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
