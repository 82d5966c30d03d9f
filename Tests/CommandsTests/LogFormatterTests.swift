import Testing

@testable import Commands

@Suite struct LogFormatterTests {
    private func output(_ options: LogFormatter.Options, _ records: String...) -> String {
        var formatter = LogFormatter(options)
        var output: [UInt8] = []
        for record in records {
            if let line = CRILogLine(Array(record.utf8)[...]) { formatter.take(line, &output) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private let one = "2026-01-02T03:04:05.100000000Z stdout F one"
    private let half = "2026-01-02T03:04:06.200000000Z stdout P ha"
    private let rest = "2026-01-02T03:04:07.300000000Z stdout F lf"

    @Test func linesAndPieces() {
        #expect(output(.init(), one, half, rest, half) == "one\nhalf\nha")
    }

    @Test func timesBeginLinesAndNoPieces() {
        #expect(
            output(.init(timestamps: true), one, half, rest)
                == "2026-01-02T03:04:05.100000000Z one\n2026-01-02T03:04:06.200000000Z half\n")
    }

    @Test func whatIsOlderIsLeftOut() {
        #expect(output(.init(since: "2026-01-02T03:04:06Z"), one, half, rest) == "half\n")
        #expect(output(.init(since: "2026-01-02T03:04:05Z"), one) == "one\n")
    }

    @Test(arguments: [(0, ""), (2, "on"), (4, "one\n"), (5, "one\nh"), (100, "one\nhalf\n")])
    func bytesAreLimited(limit: Int, text: String) {
        #expect(output(.init(limit: Int64(limit)), one, half, rest) == text)
    }
}

@Suite struct LogPrinterTests {
    private func output(_ printer: LogPrinter, _ parts: String...) -> String {
        var printer = printer
        var output: [UInt8] = []
        for part in parts { output += printer.take(Array(part.utf8)) }
        return String(decoding: output + printer.finish(), as: UTF8.self)
    }

    @Test func bytesGoThrough() {
        #expect(output(LogPrinter(), "a\u{1B}", "b\n", "c") == "a\u{1B}b\nc")
    }

    @Test func eachLineHasThePrefix() {
        #expect(output(LogPrinter(prefix: "[x] "), "a", "b\n\nc", "d") == "[x] ab\n[x] \n[x] cd")
    }

    @Test func linesStayWhole() {
        var printer = LogPrinter(byLine: true)
        #expect(printer.take(Array("ab".utf8)).isEmpty)
        #expect(printer.take(Array("c\nd".utf8)) == Array("abc\n".utf8))
        #expect(printer.finish() == Array("d".utf8))
    }

    @Test func aTerminalSeesNoControlCharacters() {
        #expect(output(LogPrinter(isSanitized: true), "a\u{7}\nb\u{1B}]0;x\n") == "a\\x07\nb\\x1b]0;x\n")
    }

    @Test func aLineWithoutEndIsBounded() {
        var printer = LogPrinter(prefix: "[x] ")
        let part = [UInt8](repeating: 120, count: 100_000)
        var output: [UInt8] = []
        for _ in 0..<10 { output += printer.take(part) }
        #expect(output.count > 700_000)
        #expect(output + printer.finish() == Array("[x] ".utf8) + [UInt8](repeating: 120, count: 1_000_000))
    }
}
