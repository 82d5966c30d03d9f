import PodAPI
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", "0"), ("0Mi", "0"), ("1", "1"), ("+1", "1"), ("-1", "-1"), ("1k", "1k"), ("1000", "1k"), ("1500", "1500"),
        ("1500m", "1500m"), ("1000m", "1"), ("0.5", "500m"), (".5", "500m"), ("5.", "5"), ("1.5k", "1500"),
        ("100n", "100n"), ("1u", "1u"), ("1000000n", "1m"), ("0.1n", "1n"), ("-0.1n", "-1n"),
        ("1.0000000001", "1000000001n"),
        ("1Ki", "1Ki"), ("1024Ki", "1Mi"), ("1000Ki", "1000Ki"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"),
        ("512Mi", "512Mi"),
        ("0.1Ki", "102400m"), ("10Gi", "10Gi"), ("1Ei", "1Ei"), ("8Ei", "8Ei"), ("100E", "100E"), ("1E", "1E"),
        ("1e3", "1e3"), ("1E3", "1e3"), ("12e4", "120e3"), ("1500e-3", "1500e-3"), ("1e0", "1"), ("1e-10", "1e-9"),
        ("00012", "12"), ("1e-400", "1e-9"), ("0e400", "0"), ("128974848", "128974848"), ("129e6", "129e6"),
        ("123Mi", "123Mi"),
    ])
    func canonicalForm(text: String, expected: String) {
        #expect(Quantity(text)?.description == expected)
    }

    @Test(arguments: [
        "", "-", "+", ".", "m", "1 ", " 1", "1.2.3", "1mi", "1ki", "1K", "1KiB", "1Kib", "1MB", "--1", "1e", "1e1.5",
        "e3", "1e+",
        "1_000", "0x10", "ten", "1i", "١", "1Mi ", "1,5",
    ])
    func isNoQuantity(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test(
        arguments: [
            ("1", 1, 1000), ("1m", 1, 1), ("1500m", 2, 1500), ("-1500m", -1, -1500), ("1n", 1, 1), ("0", 0, 0),
            ("1Ki", 1024, 1_024_000),
            ("10Gi", 10 << 30, 10_737_418_240_000), ("1e400", Int64.max, Int64.max),
            ("-1e400", -Int64.max - 1, -Int64.max - 1),
            ("9223372036854775807", Int64.max, Int64.max), ("9223372036854775808", Int64.max, Int64.max),
            ("7Ei", 7 << 60, Int64.max),
        ] as [(String, Int64, Int64)])
    func wholeAndThousandths(text: String, value: Int64, milliValue: Int64) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.value == value)
        #expect(quantity.milliValue == milliValue)
    }

    @Test func equalAmountsAreEqualInAllForms() {
        #expect(Quantity("1Gi") == Quantity("1073741824"))
        #expect(Quantity("1") == Quantity("1000m"))
        #expect(Set([Quantity("1Gi"), Quantity("1024Mi"), Quantity(value: 1 << 30)]).count == 1)
        #expect(Quantity(value: 3 << 30).description == "3Gi")
    }

    @Test(arguments: [
        ("1Gi", "1G"), ("1000000001n", "1"), ("1", "999m"), ("0", "-1n"),
        ("9223372036854775808", "9223372036854775807"),
    ])
    func order(larger: String, smaller: String) throws {
        let (larger, smaller) = try (#require(Quantity(larger)), #require(Quantity(smaller)))
        #expect(larger > smaller)
    }

    /// A canonical form is its own canonical form, and of the same amount.
    @Test func canonicalFormIsStable() throws {
        var generator = SystemRandomNumberGenerator()
        let suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-2", "e7"]
        for _ in 0..<5000 {
            let text =
                "\(Int.random(in: -9999...99999, using: &generator)).\(Int.random(in: 0...999, using: &generator))"
                + (suffixes.randomElement(using: &generator) ?? "")
            let quantity = try #require(Quantity(text))
            let again = try #require(Quantity(quantity.description))
            #expect(again == quantity, "\(text)")
            // What has a binary suffix but is no multiple of 1024 loses the suffix, and with it the form.
            if quantity.format != .binarySI { #expect(again.description == quantity.description, "\(text)") }
        }
    }

    @Test func longDigitsCostLittle() {
        let digits = String(repeating: "9", count: 1 << 20)
        #expect(Quantity(digits)?.value == Int64.max)
        #expect(Quantity("0." + digits)?.value == 1)
    }
}
