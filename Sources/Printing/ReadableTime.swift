import Glibc
import PodAPI

/// Times of the API as kubectl's descriptions show them: `Wed, 01 May 2024 10:00:00 +0000`, in the host's time zone.
enum ReadableTime {
    /// - Parameter time: RFC 3339. What is no time is shown as kubectl shows one that is missing.
    static func text(_ time: JSONValue?) -> String {
        guard let seconds = time?.string.flatMap(Timestamp.seconds) else { return "Mon, 01 Jan 0001 00:00:00 +0000" }
        var parts = tm()
        var clock = time_t(seconds)
        localtime_r(&clock, &parts)
        return text(seconds, offset: parts.tm_gmtoff)
    }

    /// - Parameter offset: Seconds that the zone is ahead of UTC.
    static func text(_ seconds: Int64, offset: Int) -> String {
        let local = seconds + Int64(offset)
        let day = local >= 0 ? local / 86400 : (local - 86399) / 86400
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2024-05-01T10:00:00Z
        let text = Array(Timestamp.text(local).unicodeScalars.map(Character.init))
        let month = Int(String(text[5...6])).map { months[$0 - 1] } ?? ""
        let minutes = abs(offset) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return weekdays[Int((day % 7 + 7) % 7)] + ", " + String(text[8...9]) + " " + month + " " + String(text[0...3])
            + " "
            + String(text[11...18]) + (offset < 0 ? " -" : " +") + two(minutes / 60) + two(minutes % 60)
    }
}
