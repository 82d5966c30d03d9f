import PodAPI

/// Words that tables and descriptions share.
public enum Words {
    static let none = "<none>"
    static let unset = "<unset>"
    static let unknown = "<unknown>"

    /// `a=1,b=2`, by name; `<none>` where there is none (FormatLabels of apimachinery).
    public static func labels(_ labels: [String: String]) -> String {
        labels.isEmpty ? none : labels.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }.joined(separator: ",")
    }

    /// The word for a length of time in AGE columns: `45s`, `3m20s`, `5h`, `2d3h`, `400d`, `3y40d` (HumanDuration of
    /// `apimachinery/pkg/util/duration`).
    public static func age(nanoseconds: Int64) -> String {
        let second: Int64 = 1_000_000_000
        let seconds = nanoseconds / second
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        func pair(_ high: Int64, _ highUnit: String, _ low: Int64, _ lowUnit: String) -> String {
            low == 0 ? "\(high)\(highUnit)" : "\(high)\(highUnit)\(low)\(lowUnit)"
        }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = seconds / 3600
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if hours < 24 * 8 { return pair(hours / 24, "d", hours % 24, "h") }
        if hours < 24 * 365 * 2 { return "\(hours / 24)d" }
        if hours < 24 * 365 * 8 { return pair(hours / (24 * 365), "y", hours / 24 % 365, "d") }
        return "\(hours / (24 * 365))y"
    }

    /// How long ago a time of the API was; `<unknown>` where there is none.
    ///
    /// - Parameter now: Nanoseconds since 1970.
    public static func age(since time: JSONValue?, now: Int64) -> String {
        guard let nanoseconds = nanoseconds(time) else { return unknown }
        return age(nanoseconds: now - nanoseconds)
    }

    /// `RWO`, `ROX`, `RWX`, `RWOP`, each once, divided by commas.
    static func accessModes(_ modes: [JSONValue]) -> String {
        let names = modes.compactMap(\.string)
        let short = [
            ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"),
        ]
        return short.filter { names.contains($0.0) }.map(\.1).joined(separator: ",")
    }

    /// Nanoseconds since 1970 of a time of the API; nil where there is none.
    public static func nanoseconds(_ time: JSONValue?) -> Int64? {
        time?.string.flatMap(Timestamp.seconds).map { $0 * 1_000_000_000 }
    }
}
