import Testing

@testable import PodAPI

@Suite struct GoDurationTests {
    @Test(
        arguments: [
            ("0", 0), ("5s", 5_000_000_000), ("2m", 120_000_000_000), ("1.5h", 5_400_000_000_000),
            ("300ms", 300_000_000),
            ("2h45m", 9_900_000_000_000), ("1h0m1s", 3_601_000_000_000), ("-10s", -10_000_000_000), ("1us", 1000),
            (".5s", 500_000_000),
        ] as [(String, Int64)])
    func durations(text: String, nanoseconds: Int64) {
        #expect(GoDuration.nanoseconds(text) == nanoseconds)
    }

    @Test(arguments: ["", "5", "s", "5x", "-", "1.2.3s", "5 s", "1d", "99999999999h"])
    func others(text: String) {
        #expect(GoDuration.nanoseconds(text) == nil)
    }
}
