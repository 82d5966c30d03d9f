import ArgumentParser

/// A length of time as kubectl's options take it (Go's `time.ParseDuration`): `30s`, `1m30s`, `1.5h`, `-1s`, `0`.
struct GoDuration: Equatable, ExpressibleByArgument {
    var nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    init(seconds: Int64) {
        nanoseconds = seconds * 1_000_000_000
    }

    init?(argument: String) {
        guard let nanoseconds = Self.parse(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    private static func parse(_ text: String) -> Int64? {
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        if rest == "0" { return 0 }
        var total = 0.0
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest.removeFirst(digits.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest.removeFirst(unit.count)
            guard let value = Double(digits), let found = units.first(where: { $0.name == unit }) else { return nil }
            total += value * found.nanoseconds
        } while !rest.isEmpty
        guard total < 9.2e18 else { return nil }
        return Int64(isNegative ? -total : total)
    }
}
