import Linux

/// Until when a command waits.
struct Deadline {
    /// Of the boot clock, in nanoseconds; nil: for ever.
    private let end: Int64?

    static let never = Deadline(end: nil)

    private init(end: Int64?) {
        self.end = end
    }

    /// `30s`, `1m30s`, `500ms`; a bare number are seconds; 0: for ever.
    init(_ text: String) throws(CommandError) {
        guard let nanoseconds = Self.nanoseconds(text) else {
            throw CommandError(
                "error: invalid duration \"\(TerminalText.escaped(text))\": write 30s, 2m or 1h30m", code: 2)
        }
        end = nanoseconds == 0 ? nil : Clock.boot + nanoseconds
    }

    var isOver: Bool { end.map { Clock.boot > $0 } ?? false }

    private static func nanoseconds(_ text: String) -> Int64? {
        if let seconds = Int64(text), seconds >= 0, seconds < 1 << 32 { return seconds * 1_000_000_000 }
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            guard let number = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let factors = ["ns": 1e0, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9]
            guard let factor = factors[String(unit)] else { return nil }
            total += number * factor
        }
        return text.isEmpty || total > 1e18 ? nil : Int64(total)
    }
}
