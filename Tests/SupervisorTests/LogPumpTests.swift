import CLinux
import Glibc
import Linux
import PodPlan
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
    private let limits: LogLimits

    init(_ limits: LogLimits = LogLimits()) throws {
        self.limits = limits
        var template = Array("/tmp/swiftlet-logpump-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        let memory = try SharedMemory(words: LogPump.journalWords)
        journal = try memory.fd.duplicate()
        let staging = try Pipe(nonBlockingReader: true)
        reader = OwnedDescriptor(try staging.reader.duplicate())
        writer = OwnedDescriptor(try staging.writer.duplicate())
        let pipe = try Pipe(nonBlockingReader: true)
        source = OwnedDescriptor(try pipe.reader.duplicate())
        input = OwnedDescriptor(try pipe.writer.duplicate())
        pump = try LogPump(directory: directory, names: ["app"], limits: limits, journal: memory)
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
            directory: directory, names: ["app"], limits: limits,
            journal: try SharedMemory(try journal.duplicate(), words: LogPump.journalWords))
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

    /// The names of the log files, in order.
    var names: [LogFileName] {
        guard let stream = opendir(directory + "/app") else { return [] }
        defer { closedir(stream) }
        var names: [LogFileName] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = LogFileName(name) { names.append(name) }
        }
        return names.sorted()
    }

    func content(_ name: LogFileName) -> [UInt8] {
        let fd = open(directory + "/app/\(name)", O_RDONLY)
        defer { close(fd) }
        return (try? MemoryFile.read(fd)) ?? []
    }

    var file: [UInt8] { collected + names.flatMap(content) }

    private var collected: [UInt8] = []

    /// Takes the rotated files away, for `file` to have them still; returns how many there were.
    func collect() -> Int {
        let rotated = names.filter(\.isRotated)
        for name in rotated {
            collected += content(name)
            unlink(directory + "/app/\(name)")
        }
        return rotated.count
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
        for name in names { unlink(directory + "/app/\(name)") }
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
        #expect(bench.output == Array("half a line\nrest".utf8))
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
        #expect(bench.output == [UInt8](repeating: 46, count: 200))
    }

    @Test func anUnfinishedBatchIsWrittenAgainOnce() throws {
        let bench = try Bench()
        bench.feed("first\n")
        // What a kill after the write and before the batch was read off leaves: journal active, batch still staged.
        _ = write(bench.writer.raw, "second\n", 7)
        let size = bench.file.count
        let memory = try SharedMemory(try bench.journal.duplicate(), words: LogPump.journalWords)
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
        let memory = try SharedMemory(try bench.journal.duplicate(), words: LogPump.journalWords)
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

    // MARK: Rotation

    @Test func aThousandRotationsLoseAndDoubleNoLine() throws {
        let bench = try Bench(LogLimits(size: 1000, files: 5000))
        var rotations = 0
        for batch in 0..<1100 {
            bench.feed((1...40).map { "line \(batch * 40 + $0)\n" }.joined())
            if batch % 20 == 0 {
                try bench.restart()
                #expect(bench.names.last == LogFileName(restart: 0) && bench.names.dropLast().allSatisfy(\.isRotated))
                rotations += bench.collect()
            }
        }
        bench.finish()
        rotations += bench.collect()
        #expect(rotations > 1000)
        #expect(bench.output == (1...44_000).flatMap { Array("line \($0)\n".utf8) })
    }

    @Test func theOldestFilesGo() throws {
        let bench = try Bench(LogLimits(size: 10_000, files: 5))
        for number in 1...60 {
            bench.feed(String(repeating: "\(number)\n", count: 300))
            #expect(bench.names.count <= 5)
        }
        #expect(bench.names.count == 5)
        // What is left is the end of it, without a gap.
        let numbers = bench.output.split(separator: 10).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        #expect(numbers.last == 60 && zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 0 || $1 - $0 == 1 })
    }

    @Test func aLineGoesOnInTheNextFile() throws {
        let bench = try Bench(LogLimits(size: 30_000, files: 1000))
        var line = [UInt8](repeating: 120, count: 3_000_000)
        line[1_500_000] = 0
        line[1_500_001] = 0xFF
        bench.feed(line + [10] + Array("end".utf8))
        bench.finish()
        #expect(bench.names.count > 20)
        #expect(bench.output == line + [10] + Array("end".utf8))
        let tags = bench.records.map(\.tag)
        #expect(tags.filter { $0 == "F" }.count == 1 && tags.last == "P")
    }

    @Test func aSupervisorThatDiedBetweenTheFilesIsFollowedByOneThatMakesTheNext() throws {
        let bench = try Bench(LogLimits(size: 10_000, files: 3))
        bench.feed(String(repeating: "first\n", count: 300))
        // What a kill after the rename leaves.
        rename(bench.directory + "/app/0.log", bench.directory + "/app/0.log.20260101-000000")
        try bench.restart()
        bench.feed("second\n")
        #expect(bench.output == Array((String(repeating: "first\n", count: 300) + "second\n").utf8))
    }

    @Test func aBatchIsWrittenAgainWhereItWas() throws {
        let bench = try Bench(LogLimits(size: 1000, files: 100))
        bench.feed(String(repeating: "a\n", count: 10))
        let size = bench.file.count
        _ = write(bench.writer.raw, String(repeating: "b\n", count: 100), 200)
        let memory = try SharedMemory(try bench.journal.duplicate(), words: LogPump.journalWords)
        (memory[1], memory[2], memory[3], memory[4]) = (0, 200, 200, UInt64(size))
        memory[0] = 1
        // A reader may have seen all of the batch, which has filled the file beyond its size.
        let log = open(bench.directory + "/app/0.log", O_WRONLY | O_APPEND)
        for _ in 0..<100 { _ = write(log, "2026-01-01T00:00:00.000000000Z stdout F b\n", 42) }
        close(log)
        try bench.restart()
        bench.feed("c\n")
        bench.feed("d\n")
        #expect(bench.names.count == 2)
        #expect(bench.content(try #require(bench.names.first)).count >= size + 4200)
        let text = String(repeating: "a\n", count: 10) + String(repeating: "b\n", count: 100) + "c\nd\n"
        #expect(bench.output == Array(text.utf8))
    }

    @Test func aFileThatCannotBeMadeIsWaitedFor() throws {
        let bench = try Bench(LogLimits(size: 100, files: 3))
        bench.feed("one one one one one one one one one\ntwo two two two two two two two\n")
        // A link where the directory was: nothing behind it is touched.
        rename(bench.directory + "/app", bench.directory + "/moved")
        mkdir(bench.directory + "/foreign", 0o700)
        symlink("foreign", bench.directory + "/app")
        _ = write(bench.input?.raw ?? -1, "three\n", 6)
        #expect(!bench.pump.pump(0, .standardOutput))
        #expect(!bench.pump.finish(0))
        #expect(rmdir(bench.directory + "/foreign") == 0)
        unlink(bench.directory + "/app")
        rename(bench.directory + "/moved", bench.directory + "/app")
        bench.finish()
        #expect(
            bench.records.map { String(decoding: $0.text.prefix(5), as: UTF8.self) } == ["one o", "two t", "three"])
    }

    @Test func ofEarlierAttemptsTheLastKeepsItsLog() throws {
        let bench = try Bench()
        for attempt in UInt32(1)...4 { try bench.pump.open(0, attempt: attempt) }
        #expect(bench.names == [LogFileName(restart: 3), LogFileName(restart: 4)])
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
        ("P DONE", "DONE"), ("P DONE,F ", "DONE\n"), ("F DONE", "DONE\n"), ("F DONE,F ", "DONE\n\n"),
        ("P DO,P NE", "DONE"),
        ("P DO,F NE", "DONE\n"), ("P DO,F ,F NE", "DO\nNE\n"),
    ])
    func outputWithoutALineFeedAtItsEndGetsNone(records: String, text: String) {
        let log = records.split(separator: ",").map { "2026-01-01T00:00:00.000000000Z stdout \($0)\n" }.joined()
        #expect(LogTail.text(of: Array(log.utf8)[...], whole: true) == text)
    }
}
