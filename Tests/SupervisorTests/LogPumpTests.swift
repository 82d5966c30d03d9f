import CLinux
import Glibc
import Linux
import Testing

@testable import Supervisor

/// Feeds a pump through a real pipe, and reads the records back as a log reader would.
private final class Bench {
    let directory: String
    let journal: OwnedFD
    let reader: OwnedDescriptor
    let writer: OwnedDescriptor
    let source: OwnedDescriptor
    private(set) var input: OwnedDescriptor?
    var pump: LogPump

    init() throws {
        var template = Array("/tmp/swiftlet-logpump-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        let memory = try SharedMemory(words: LogPump.journalWords(containers: 1))
        journal = try memory.fd.duplicate()
        let staging = try Pipe(nonBlockingReader: true)
        reader = OwnedDescriptor(try staging.reader.duplicate())
        writer = OwnedDescriptor(try staging.writer.duplicate())
        let pipe = try Pipe(nonBlockingReader: true)
        source = OwnedDescriptor(try pipe.reader.duplicate())
        input = OwnedDescriptor(try pipe.writer.duplicate())
        pump = try LogPump(directory: directory, names: ["app"], journal: memory)
        try attach()
    }

    private func attach() throws {
        pump.setStaging(0, .standardOutput, reader: reader, writer: writer)
        pump.setSource(0, .standardOutput, source)
        try pump.open(0, attempt: 0)
    }

    /// Another supervisor, which has only what the keeper holds.
    func restart() throws {
        pump = try LogPump(
            directory: directory, names: ["app"],
            journal: try SharedMemory(try journal.duplicate(), words: LogPump.journalWords(containers: 1)))
        try attach()
        pump.recover()
    }

    func feed(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let end = min(sent + 60_000, bytes.count)
            let count = bytes[sent..<end].withUnsafeBytes { write(input?.raw ?? -1, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            sent += count
            #expect(pump.pump(0, .standardOutput, rounds: 16))
        }
    }

    func feed(_ text: String) { feed(Array(text.utf8)) }

    func finish() {
        input = nil
        #expect(pump.finish(0))
    }

    var file: [UInt8] {
        let fd = open(directory + "/app/0.log", O_RDONLY)
        defer { close(fd) }
        return (try? MemoryFile.read(fd)) ?? []
    }

    var records: [(tag: String, text: [UInt8])] {
        file.split(separator: 10).map { record in
            let fields = record.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
            #expect(fields.count == 4 && fields[0].count == 30 && Array(fields[1]) == Array("stdout".utf8))
            return (String(decoding: fields[2], as: UTF8.self), Array(fields[3]))
        }
    }

    /// The bytes that a reader puts together again.
    var output: [UInt8] { records.flatMap { $0.text + ($0.tag == "F" ? [10] : []) } }

    deinit {
        unlink(directory + "/app/0.log")
        rmdir(directory + "/app")
        rmdir(directory)
    }
}

@Suite struct LogPumpTests {
    @Test func completeLinesAreFullRecords() throws {
        let bench = try Bench()
        bench.feed("one\ntwo\n\nfour\n")
        #expect(bench.records.map(\.tag) == ["F", "F", "F", "F"])
        #expect(bench.records.map { String(decoding: $0.text, as: UTF8.self) } == ["one", "two", "", "four"])
    }

    @Test func aLineWaitsForItsEnd() throws {
        let bench = try Bench()
        bench.feed("half a ")
        #expect(bench.records.isEmpty)
        bench.feed("line\nrest")
        #expect(bench.records.map { String(decoding: $0.text, as: UTF8.self) } == ["half a line"])
        bench.finish()
        #expect(bench.output == Array("half a line\nrest\n".utf8))
    }

    @Test func longLinesAreCutIntoPieces() throws {
        let bench = try Bench()
        let line = [UInt8](repeating: 120, count: 40_000)
        bench.feed(line + [10])
        bench.finish()
        #expect(bench.records.map(\.tag) == ["P", "P", "F"])
        #expect(bench.records.map(\.text.count) == [16384, 16384, 7232])
        #expect(bench.output == line + [10])
    }

    @Test func aLineOfExactlyOnePieceIsNotCut() throws {
        let bench = try Bench()
        bench.feed([UInt8](repeating: 120, count: LogFormat.longestPiece) + [10])
        #expect(bench.records.map(\.tag) == ["F"])
    }

    @Test func everyByteComesBack() throws {
        let bench = try Bench()
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<3_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes += [UInt8](repeating: 0, count: 100_000)
        bytes += Array(repeating: UInt8(10), count: 70_000)
        bench.feed(bytes)
        bench.finish()
        #expect(bench.output == bytes)
    }

    @Test func manyTinyPiecesWithoutALineEndDoNotStall() throws {
        let bench = try Bench()
        for _ in 0..<200 { bench.feed(".") }
        bench.finish()
        #expect(bench.output == [UInt8](repeating: 46, count: 200) + [10])
    }

    @Test func anUnfinishedBatchIsWrittenAgainOnce() throws {
        let bench = try Bench()
        bench.feed("first\n")
        // What a kill after the write and before the batch was read off leaves: journal active, batch still staged.
        _ = write(bench.writer.raw, "second\n", 7)
        let size = bench.file.count
        let memory = try SharedMemory(try bench.journal.duplicate(), words: LogPump.journalWords(containers: 1))
        memory[1] = 0
        memory[2] = 7
        memory[3] = 7
        memory[4] = UInt64(size)
        memory[0] = 1
        let log = open(bench.directory + "/app/0.log", O_WRONLY | O_APPEND)
        _ = write(log, "2026-01-01T00:00:00.000000000Z stdout F sec", 43)
        close(log)
        try bench.restart()
        bench.feed("third\n")
        #expect(bench.output == Array("first\nsecond\nthird\n".utf8))
    }

    @Test func aFinishedBatchIsNotWrittenAgain() throws {
        let bench = try Bench()
        bench.feed("first\n")
        let memory = try SharedMemory(try bench.journal.duplicate(), words: LogPump.journalWords(containers: 1))
        // The batch has been read off, but the journal still says that it is under way.
        memory[1] = 0
        memory[2] = 6
        memory[3] = 6
        memory[4] = 0
        memory[0] = 1
        try bench.restart()
        bench.feed("second\n")
        #expect(bench.output == Array("first\nsecond\n".utf8))
    }

    @Test func timestampsAreRFC3339WithNanoseconds() {
        #expect(String(decoding: LogFormat.timestamp(0), as: UTF8.self) == "1970-01-01T00:00:00.000000000Z")
        #expect(
            String(decoding: LogFormat.timestamp(1_709_210_096_000_000_042), as: UTF8.self)
                == "2024-02-29T12:34:56.000000042Z")
        #expect(
            String(decoding: LogFormat.timestamp(4_102_444_799_999_999_999), as: UTF8.self)
                == "2099-12-31T23:59:59.999999999Z")
    }
}

@Suite struct LogTailTests {
    @Test func takesTheLastEightyLinesAtMost() {
        let records = (1...100).map { "2026-01-01T00:00:00.000000000Z stdout F line \($0)\n" }.joined()
        let text = LogTail.text(of: Array(records.utf8)[...], whole: true)
        #expect(text.split(separator: "\n").first == "line 21")
        #expect(text.split(separator: "\n").last == "line 100")
    }

    @Test(arguments: [
        ("P DONE,F ", "DONE"), ("F DONE", "DONE\n"), ("F DONE,F ", "DONE\n\n"), ("P DO,P NE,F ", "DONE"),
        ("P DO,F NE", "DONE\n"), ("P DO,F ,F NE", "DO\nNE\n"),
    ])
    func outputWithoutALineFeedAtItsEndGetsNone(records: String, text: String) {
        let log = records.split(separator: ",").map { "2026-01-01T00:00:00.000000000Z stdout \($0)\n" }.joined()
        #expect(LogTail.text(of: Array(log.utf8)[...], whole: true) == text)
    }
}
