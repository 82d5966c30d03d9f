/// Writes one container's bytes to standard output: as they are, or line by line where others write to it as well, where each line
/// has a prefix, or where a terminal would carry out what is in them.
struct LogPrinter {
    /// A longer line goes out in parts.
    static let longestLine = 256 * 1024

    /// As it is shown, with its colour.
    var prefix = ""
    /// Lines stay whole.
    var byLine = false
    /// For a terminal: control characters become visible.
    var isSanitized = false

    private var line: [UInt8] = []
    private var isAtLineStart = true

    init(prefix: String = "", byLine: Bool = false, isSanitized: Bool = false) {
        self.prefix = prefix
        self.byLine = byLine
        self.isSanitized = isSanitized
    }

    /// What is to be written now.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        if prefix.isEmpty && !byLine && !isSanitized { return bytes }
        var output: [UInt8] = []
        var rest = bytes[...]
        while let feed = rest.firstIndex(of: 0x0A) {
            line += rest[..<feed]
            emit(&output)
            output.append(0x0A)
            isAtLineStart = true
            rest = rest[(feed + 1)...]
        }
        line += rest
        if line.count >= Self.longestLine { emit(&output) }
        return output
    }

    /// The end of a line that has no line feed.
    mutating func finish() -> [UInt8] {
        var output: [UInt8] = []
        if !line.isEmpty { emit(&output) }
        return output
    }

    private mutating func emit(_ output: inout [UInt8]) {
        if isAtLineStart { output += prefix.utf8 }
        output += isSanitized ? TerminalText.sanitized(line) : line
        line = []
        isAtLineStart = false
    }
}
