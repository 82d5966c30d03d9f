import Testing

@testable import Supervisor

@Suite struct EventFilterTests {
    @Test func theSameWordsOnceAMinuteOthersEveryFiveSeconds() {
        var filter = EventFilter()
        let second: Int64 = 1_000_000_000
        #expect(filter.passes("a", at: 0))
        #expect(!filter.passes("a", at: 59 * second))
        #expect(!filter.passes("b", at: 4 * second))
        #expect(filter.passes("b", at: 5 * second))
        #expect(!filter.passes("b", at: 64 * second))
        #expect(filter.passes("b", at: 65 * second))
    }

    @Test func messagesAreShort() {
        #expect(EventFilter.trimmed("no such file\n \n") == "no such file")
        #expect(EventFilter.trimmed(String(repeating: "x", count: 5000)).utf8.count == 1024)
    }
}
