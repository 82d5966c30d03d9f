import Glibc
import Testing

@testable import Commands

@Suite struct LogTailPositionTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        directory.make("c")
    }

    private func add(_ text: String, _ tag: String = "F", to file: String = "0.log") {
        directory.append("c/\(file)", "2026-01-02T03:04:05.123456789Z stdout \(tag) \(text)\n")
    }

    /// The text that comes after the position.
    private func tail(_ lines: Int) throws -> String {
        let raw = open("\(directory.path)/c", O_RDONLY | O_DIRECTORY)
        let position = LogTailPosition.find(lines: lines, restart: 0, directory: raw)
        let files = CRILogFiles(directory: raw, range: .restart(0))
        let reader = CRILogReader(files)
        var output: [UInt8] = []
        var formatter = LogFormatter(.init())
        var hasBegun = position == nil
        while files.hasNext(lookingForRestarts: true) {
            #expect(reader.advance() == nil)
            if !hasBegun {
                guard let position, files.inode == position.inode else { continue }
                reader.seek(to: position.offset)
                hasBegun = true
            }
            var budget = Int.max
            while reader.readRecords(&budget, { formatter.take($0, &output) }) {}
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test func theLastLines() throws {
        for number in 1...5 { add("\(number)") }
        #expect(try tail(0) == "")
        #expect(try tail(1) == "5\n")
        #expect(try tail(3) == "3\n4\n5\n")
        #expect(try tail(5) == "1\n2\n3\n4\n5\n")
        #expect(try tail(100) == "1\n2\n3\n4\n5\n")
    }

    @Test func piecesAreOneLine() throws {
        add("one")
        add("tw", "P")
        add("o")
        add("thr", "P")
        #expect(try tail(1) == "thr")
        #expect(try tail(2) == "two\nthr")
        #expect(try tail(3) == "one\ntwo\nthr")
    }

    @Test func overSeveralFilesAndManyBuffers() throws {
        let filler = String(repeating: "x", count: 5000)
        for number in 1...100 {
            let file = number <= 40 ? "0.log.20260101-000000" : number <= 80 ? "0.log.20260101-000001" : "0.log"
            add("\(number) \(filler)", to: file)
        }
        for wanted in [1, 13, 14, 19, 20, 21, 40, 59, 60, 61, 99, 100, 101] {
            let numbers = try tail(wanted).split(separator: "\n").compactMap { Int($0.prefix { $0 != " " }) }
            #expect(numbers == Array((101 - min(wanted, 100))...100), "the last \(wanted)")
        }
    }
}
