import Testing

@testable import Supervisor

@Suite struct EventFilterTests {
    @Test func theSameWordsOnceAMinuteOthersEveryFiveSeconds() {
        var filter = EventFilter()
        let second: Int64 = 1_000_000_000
        let events: [(String, Int64)] = [("a", 0), ("a", 59), ("b", 4), ("b", 5), ("b", 64), ("b", 65)]
        let passed = events.map { filter.passes($0.0, at: $0.1 * second) }
        #expect(passed == [true, false, false, true, false, true])
    }

    @Test func messagesAreShort() {
        #expect(EventFilter.trimmed("no such file\n \n") == "no such file")
        #expect(EventFilter.trimmed(String(repeating: "x", count: 5000)).utf8.count == 1024)
    }
}
