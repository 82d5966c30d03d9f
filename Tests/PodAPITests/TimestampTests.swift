import PodAPI
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_700_000_000, "2023-11-14T22:13:20Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func secondsAndBack(_ seconds: Int64, _ text: String) {
        #expect(Timestamp.text(seconds) == text)
        #expect(Timestamp.seconds(text) == seconds)
    }

    @Test(arguments: ["2023-11-14T22:13:20.999Z", "2023-11-15T00:13:20+02:00", "2023-11-14T21:43:20.5-00:30"])
    func fractionsAndZones(_ text: String) {
        #expect(Timestamp.seconds(text) == 1_700_000_000)
    }

    @Test(arguments: ["", "2023-11-14", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z", "2023-11-14T22:13:20+2:00"])
    func whatIsNone(_ text: String) {
        #expect(Timestamp.seconds(text) == nil)
    }
}
