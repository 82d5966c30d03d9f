/// Text of others on its way to a terminal (CVE-2021-25743): nothing in it may act on the terminal. Escape and carriage return are
/// written as kubectl does it (cli-runtime, `printers/terminal.go`); all other control characters, and what turns the
/// direction of writing, as `\u{9B}`.
public enum ScreenText {
    /// For a line, or a cell of a table: without line feeds and tabs as well.
    public static func line(_ text: String) -> String { escaped(text, keepsLines: false) }

    /// For text of several lines: line feeds and tabs stay.
    public static func lines(_ text: String) -> String { escaped(text, keepsLines: true) }

    /// For a cell of a table: what comes after its first line is left out, as kubectl does it.
    public static func cell(_ text: String) -> String {
        guard let end = text.unicodeScalars.firstIndex(where: { $0 == "\n" || $0 == "\r" || $0 == "\u{C}" }) else {
            return line(text)
        }
        return line(String(text.unicodeScalars[..<end])) + "..."
    }

    private static func escaped(_ text: String, keepsLines: Bool) -> String {
        // Nearly all text has none of them, and is ASCII.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || keepsLines && ($0 == 0x0A || $0 == 0x09) }) {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\t":
                if keepsLines {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += scalar == "\n" ? "\\n" : "\\t"
                }
            case "\r": result += "\\r"
            case "\u{1B}": result += "^["
            case _ where isUnsafe(scalar): result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default: false
        }
    }
}
