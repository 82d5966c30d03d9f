/// Lengths of time as Go writes them, and so kubectl's flags: `300ms`, `1.5h`, `2h45m`.
public enum GoDuration {
    /// Nanoseconds; nil: it is none. A bare `0` needs no unit.
    public static func nanoseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) { return 0 }
        if rest.isEmpty { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") }
            rest = rest[unit.endIndex...]
            guard let value = Double(String(decoding: number, as: UTF8.self)),
                let size = units[String(decoding: unit, as: UTF8.self)]
            else { return nil }
            total += value * size
        }
        guard total < 9.2e18 else { return nil }
        return isNegative ? -Int64(total) : Int64(total)
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]
}
