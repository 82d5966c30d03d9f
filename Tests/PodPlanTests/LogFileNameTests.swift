import Testing

@testable import PodPlan

@Suite struct LogFileNameTests {
    @Test(arguments: ["0.log", "17.log", "0.log.20260102-150405", "3.log.20260102-150405.000012"])
    func namesComeBack(name: String) {
        #expect(LogFileName(name)?.description == name)
    }

    @Test(arguments: [
        "", ".log", "x.log", "00.log", "-1.log", "0.log.", "0.log.gz", "0.log.20260102-150405.gz",
        "0.log.20260102-15040",
        "0.log.20260102-150405.12", "0.log.20260102-150405.000000", "0.log.20260102-150405.000012.gz", "0.logs",
        "0.log.2026010215040-5", "+0.log",
    ])
    func otherFilesHaveNone(name: String) {
        #expect(LogFileName(name) == nil)
    }

    @Test func theOrderIsThatOfTheContent() {
        let names = [
            "0.log.20250102-150405", "0.log.20260102-150405", "0.log.20260102-150405.000001",
            "0.log.20260102-150405.000010", "0.log.20260102-150406", "0.log", "1.log.20240101-000000", "1.log",
            "10.log",
        ].compactMap(LogFileName.init)
        #expect(names.count == 9)
        #expect(names.shuffled().sorted() == names)
    }

    @Test func theNextComesAfterTheLastWhateverTheClockSays() {
        let stamp = "20260102-150405"
        let first = LogFileName.next(restart: 0, stamp: stamp, after: nil)
        #expect(first.description == "0.log.20260102-150405")
        let second = LogFileName.next(restart: 0, stamp: stamp, after: first)
        #expect(second.description == "0.log.20260102-150405.000001")
        let third = LogFileName.next(restart: 0, stamp: "20250102-150405", after: second)
        #expect(third.description == "0.log.20260102-150405.000002")
        #expect(first < second && second < third)
        let other = LogFileName.next(restart: 1, stamp: stamp, after: third)
        #expect(other.description == "1.log.20260102-150405")
    }
}
