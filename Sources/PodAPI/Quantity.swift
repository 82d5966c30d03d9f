/// resource.Quantity: a number with an SI or binary suffix, exact to a billionth, as in Kubernetes.
///
/// The rules are those of apimachinery's `pkg/api/resource/quantity.go`: what is finer than a billionth is rounded up, away
/// from zero; two quantities are equal when their amounts are, whatever their suffixes.
public struct Quantity: Sendable {
    /// How a quantity is written; kept from its source.
    public enum Format: Sendable, Hashable {
        /// `1500m`, `12k`
        case decimalSI
        /// `128Mi`
        case binarySI
        /// `12e6`
        case decimalExponent
    }

    public var format: Format
    /// The amount in billionths.
    private var nano: Int128

    private static let unit: Int128 = 1_000_000_000

    public init(value: Int64) {
        nano = Int128(value) * Self.unit
        format = .binarySI
    }

    public init(value: Int64, format: Format) {
        nano = Int128(value) * Self.unit
        self.format = format
    }

    /// Rounded up to a whole number, and held within 64 bits.
    public var value: Int64 {
        get { Self.roundedUp(nano, Self.unit) }
        set { nano = Int128(newValue) * Self.unit }
    }

    /// Thousandths (of a CPU, say), rounded up, and held within 64 bits.
    public var milliValue: Int64 { Self.roundedUp(nano, Self.unit / 1000) }

    /// Held within what can be expressed; written as the left one, or as the right one where the left is 0.
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        var sum = left.nano == 0 ? right : left
        let (nano, overflow) = left.nano.addingReportingOverflow(right.nano)
        sum.nano = overflow ? (right.nano < 0 ? .min : .max) : nano
        return sum
    }

    private static func roundedUp(_ nano: Int128, _ unit: Int128) -> Int64 {
        let (quotient, remainder) = nano.quotientAndRemainder(dividingBy: unit)
        return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
    }
}

extension Quantity: Hashable, Comparable {
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nano == right.nano }
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nano < right.nano }
    public func hash(into hasher: inout Hasher) { hasher.combine(nano) }
}

extension Quantity {
    /// nil: not a quantity. `<sign><digits>[.<digits>]<suffix>` with the suffixes n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or a
    /// decimal exponent `e3`, `E-3`.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var mantissa = Mantissa()
        let whole = Self.digits(&rest)
        for digit in whole { mantissa.append(digit, isFraction: false) }
        var fraction = whole.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = Self.digits(&rest)
            for digit in fraction { mantissa.append(digit, isFraction: true) }
        }
        guard !whole.isEmpty || !fraction.isEmpty, let suffix = Suffix(rest) else { return nil }
        let magnitude = mantissa.nano(suffix)
        nano = isNegative ? -magnitude : magnitude
        format = suffix.format
    }

    private static func digits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest[digits.endIndex...]
        return digits
    }

    private struct Suffix {
        var format = Format.decimalSI
        var power10 = 0
        var power2 = 0

        init?(_ text: Substring.UTF8View) {
            let name = String(decoding: text, as: UTF8.self)
            if let power = Quantity.decimalSuffixes[name] {
                power10 = power
            } else if let power = Quantity.binarySuffixes[name] {
                format = .binarySI
                power2 = power
            } else if let first = text.first, first == UInt8(ascii: "e") || first == UInt8(ascii: "E") {
                format = .decimalExponent
                let digits = name.dropFirst()
                let unsigned = digits.first == "-" || digits.first == "+" ? digits.dropFirst() : digits
                guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
                // Beyond this all amounts are rounded up to 1n, or are as large as they can be.
                let isNegative = digits.first == "-"
                power10 = Int(digits).map { min(max($0, -1000), 1000) } ?? (isNegative ? -1000 : 1000)
            } else {
                return nil
            }
        }
    }

    /// Decimal digits, of which the first 38 count.
    private struct Mantissa {
        private var value: UInt128 = 0
        private var power10 = 0
        private var isRounded = false
        private static let largest: UInt128 = 10_000_000_000_000_000_000_000_000_000_000_000_000

        mutating func append(_ digit: UInt8, isFraction: Bool) {
            let digit = UInt128(digit - UInt8(ascii: "0"))
            if value < Self.largest {
                value = value * 10 + digit
                if isFraction { power10 -= 1 }
            } else {
                if digit != 0 { isRounded = true }
                if !isFraction { power10 += 1 }
            }
        }

        /// Rounded up, and held below the largest amount.
        func nano(_ suffix: Suffix) -> Int128 {
            guard value != 0 else { return 0 }
            let power = power10 + suffix.power10 + 9
            var multiplier = UInt128(1) << suffix.power2
            var divisor: UInt128 = 1
            if power > 38 || power < -58 { return power > 0 ? .max : 1 }
            for _ in 0..<max(power, 0) {
                let (product, overflow) = multiplier.multipliedReportingOverflow(by: 10)
                if overflow { return .max }
                multiplier = product
            }
            var (high, low) = value.multipliedFullWidth(by: multiplier)
            var isRounded = isRounded
            var places = max(-power, 0)
            while places > 0 {
                let step = min(places, 30)
                divisor = 1
                for _ in 0..<step { divisor *= 10 }
                let (highQuotient, highRemainder) = high.quotientAndRemainder(dividingBy: divisor)
                let (quotient, remainder) = divisor.dividingFullWidth((highRemainder, low))
                (high, low) = (highQuotient, quotient)
                if remainder != 0 { isRounded = true }
                places -= step
            }
            guard high == 0, low < UInt128(Int128.max) else { return .max }
            return Int128(low) + (isRounded ? 1 : 0)
        }
    }

    static let decimalSuffixes = [
        "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
    ]
    static let binarySuffixes = ["Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60]
}

extension Quantity: CustomStringConvertible {
    /// The canonical form: no fraction, and the largest suffix that allows it.
    public var description: String {
        guard nano != 0 else { return "0" }
        let isSmall = nano.magnitude < 1024 * Self.unit.magnitude
        if format == .binarySI, !isSmall, nano % Self.unit == 0 { return binaryDescription }
        var number = nano
        var power = -9
        while number % 1000 == 0, power < 18 || format == .decimalExponent {
            number /= 1000
            power += 3
        }
        if format == .decimalExponent { return power == 0 ? "\(number)" : "\(number)e\(power)" }
        let suffix = Self.decimalSuffixes.first { $0.value == power }
        return "\(number)\(suffix?.key ?? "")"
    }

    private var binaryDescription: String {
        var number = nano / Self.unit
        var power = 0
        while number % 1024 == 0, power < 60 {
            number /= 1024
            power += 10
        }
        let suffix = Self.binarySuffixes.first { $0.value == power }
        return "\(number)\(suffix?.key ?? "")"
    }
}
