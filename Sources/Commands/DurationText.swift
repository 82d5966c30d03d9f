/// A length of time for people: `0.4 s`, `12 ms`, `1 min 20 s`.
enum DurationText {
    static func text(_ nanoseconds: Int64) -> String {
        let nanoseconds = max(nanoseconds, 0)
        let milliseconds = (nanoseconds + 500_000) / 1_000_000
        if milliseconds < 100 { return "\(milliseconds) ms" }
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        if tenths < 600 { return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
        let seconds = (nanoseconds + 500_000_000) / 1_000_000_000
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
