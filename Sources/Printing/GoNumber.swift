/// Numbers as Go writes them.
enum GoNumber {
    /// The shortest form; with an exponent below 1e-4 and from `limit` on: 1e21 where Go prints values (`%v`) and JSON, less for YAML.
    static func text(_ value: Double, exponentFrom limit: Double = 1e21) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        // The digits and the exponent of Swift's text, which is the shortest as well.
        var text = "\(value.magnitude)"
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = String(text[..<mark])
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array((parts[0] + (parts.count > 1 ? parts[1] : "")).utf8)
        var point = parts[0].utf8.count + exponent
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let sign = value < 0 ? "-" : ""
        let all = String(decoding: digits, as: UTF8.self)
        if value.magnitude < 1e-4 || value.magnitude >= limit {
            let power = point - 1
            let mantissa = all.prefix(1) + (digits.count > 1 ? "." + all.dropFirst() : "")
            let number = "\(abs(power))"
            return sign + mantissa + "e" + (power < 0 ? "-" : "+") + (number.count < 2 ? "0" : "") + number
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + all }
        if point >= digits.count { return sign + all + String(repeating: "0", count: point - digits.count) }
        return sign + all.prefix(point) + "." + all.dropFirst(point)
    }
}
