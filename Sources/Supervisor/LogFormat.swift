/// The container runtime interface's log format: `<RFC 3339 time> <stream> <tag> <text>\n`, where the tag is `F` for a
/// line that is complete and `P` for a piece of one (kubernetes/cri-api, `docs/cri-log.md` of the kubelet's design).
struct LogFormat {
    /// A longer line is cut into pieces of this many bytes, as containerd and CRI-O do.
    static let longestPiece = 16 * 1024

    /// `2026-01-02T03:04:05.123456789Z`: always of the same length.
    static func timestamp(_ wall: Int64) -> [UInt8] {
        let second: Int64 = 1_000_000_000
        let seconds = wall / second
        let days = seconds / 86400
        let rest = seconds % 86400
        let (year, month, day) = civil(days)
        var text: [UInt8] = []
        text.reserveCapacity(30)
        func put(_ value: Int64, _ width: Int, _ end: Character?) {
            var divisor: Int64 = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(48 + value / divisor % 10))
                divisor /= 10
            }
            if let end = end?.asciiValue { text.append(end) }
        }
        put(year, 4, "-")
        put(month, 2, "-")
        put(day, 2, "T")
        put(rest / 3600, 2, ":")
        put(rest / 60 % 60, 2, ":")
        put(rest % 60, 2, ".")
        put(wall % second, 9, "Z")
        return text
    }

    /// `20060102-150405`: the end of a rotated file's name.
    static func rotationStamp(_ wall: Int64) -> String {
        let digits = timestamp(wall).prefix(19).filter { (0x30...0x39).contains($0) }
        return String(decoding: digits.prefix(8), as: UTF8.self) + "-"
            + String(decoding: digits.dropFirst(8), as: UTF8.self)
    }

    /// The Gregorian date of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
