import Glibc
import Testing

@testable import Commands

@Suite struct CRILogTailerTests {
    private let directory: TemporaryDirectory
    private let tailer: CRILogTailer

    init() throws {
        directory = try TemporaryDirectory()
        tailer = try CRILogTailer(directory: "\(directory.path)/pods/demo", containers: ["web", "log"])
    }

    private let time = "2026-01-02T03:04:05.123456789Z"

    private func add(_ text: String, to file: String = "web/0.log") {
        directory.append("pods/demo/\(file)", text)
    }

    private func line(_ text: String, _ stream: String = "stdout", _ tag: String = "F") -> String {
        "\(time) \(stream) \(tag) \(text)\n"
    }

    private func makeDirectories() {
        for name in ["pods", "pods/demo", "pods/demo/web", "pods/demo/log"] { directory.make(name) }
    }

    /// `web:text`, with `!` for stderr.
    private func read() -> [String] {
        var lines: [String] = []
        while tailer.read({ lines.append(Self.show($0)) }) {}
        return lines
    }

    private static func show(_ line: CRILogTailer.Line) -> String {
        let name = line.container == 0 ? "web" : "log"
        return "\(name)\(line.isError ? "!" : ":")\(String(decoding: line.text, as: UTF8.self))"
    }

    /// Whether the tailer asks to be called.
    private func wakes() -> Bool {
        var entry = pollfd(fd: tailer.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    @Test func directoriesAndFilesMayComeLater() {
        #expect(read() == [])
        directory.make("pods")
        #expect(wakes())
        #expect(read() == [])
        directory.make("pods/demo")
        #expect(wakes())
        #expect(read() == [])
        directory.make("pods/demo/web")
        #expect(wakes())
        #expect(read() == [])
        add(line("one"))
        #expect(wakes())
        #expect(read() == ["web:one"])
        #expect(!wakes())
        add(line("two", "stderr"))
        #expect(wakes())
        #expect(read() == ["web!two"])
        #expect(read() == [])
        directory.make("pods/demo/log")
        add(line("x"), to: "log/0.log")
        #expect(read() == ["log:x"])
    }

    @Test func whatIsThereAlreadyIsRead() {
        makeDirectories()
        add(line("one") + line("two"))
        add(line("x"), to: "log/3.log")
        #expect(read() == ["web:one", "web:two", "log:x"])
    }

    @Test func aLineCountsOnceItIsWhole() {
        makeDirectories()
        let text = line("hello")
        add(String(text.prefix(40)))
        #expect(read() == [])
        add(String(text.dropFirst(40)))
        #expect(read() == ["web:hello"])
    }

    @Test func piecesAreJoinedStreamByStream() {
        makeDirectories()
        add(line("a1", "stdout", "P") + line("e1", "stderr", "P") + line("a2", "stdout", "P"))
        #expect(read() == [])
        add(line("a3") + line("", "stderr"))
        #expect(read() == ["web:a1a2a3", "web!e1"])
    }

    @Test func piecesWithoutAnEndComeAtTheEnd() {
        makeDirectories()
        add(line("prompt> ", "stdout", "P"))
        #expect(read() == [])
        add(line("next"), to: "web/1.log")
        #expect(read() == ["web:prompt> ", "web:next"])
        add(line("more", "stderr", "P"), to: "web/1.log")
        var lines: [String] = []
        tailer.finish { lines.append(Self.show($0)) }
        #expect(lines == ["web!more"])
    }

    // MARK: Rotation

    private func rotate(_ stamp: String, _ file: String = "web/0.log") {
        rename("\(directory.path)/pods/demo/\(file)", "\(directory.path)/pods/demo/\(file).\(stamp)")
    }

    @Test func aRotatedFileIsReadToItsEnd() {
        makeDirectories()
        add(line("a"))
        #expect(read() == ["web:a"])
        add(line("b") + line("c1", "stdout", "P"))
        rotate("20260101-000000")
        add(line("c2") + line("d"))
        #expect(read() == ["web:b", "web:c1c2", "web:d"])
        rotate("20260101-000000.000001")
        #expect(read() == [])
        add(line("e"))
        rotate("20260101-000001")
        add(line("f"))
        rotate("20260101-000002")
        add(line("g"))
        #expect(read() == ["web:e", "web:f", "web:g"])
        #expect(tailer.takeRefusals() == [])
    }

    @Test func rotatedFilesThatAreThereAlreadyAreReadFirst() {
        makeDirectories()
        add(line("a"), to: "web/0.log.20260101-000000")
        add(line("b"), to: "web/0.log.20260101-000000.000001")
        add(line("x"), to: "web/0.log.20260101-000000.gz")
        add(line("c"))
        add(line("d"), to: "web/1.log.20250101-000000")
        add(line("e"), to: "web/1.log")
        #expect(read() == ["web:a", "web:b", "web:c", "web:d", "web:e"])
    }

    @Test func filesThatWentBeforeTheyWereReadAreMissed() {
        makeDirectories()
        add(line("a"))
        #expect(read() == ["web:a"])
        add(line("b"))
        for number in 1...3 {
            rotate("20260101-00000\(number)")
            add(line("c\(number)"))
        }
        unlink("\(directory.path)/pods/demo/web/0.log.20260101-000001")
        unlink("\(directory.path)/pods/demo/web/0.log.20260101-000002")
        #expect(read() == ["web:b", "web:c2", "web:c3"])
        #expect(tailer.takeRefusals().count == 1)
    }

    @Test func aRemovedFileThatComesAgainIsRead() {
        makeDirectories()
        add(line("old"), to: "web/0.log.20260101-000000")
        add(line("a"))
        #expect(read() == ["web:old", "web:a"])
        unlink("\(directory.path)/pods/demo/web/0.log")
        #expect(read() == [])
        add(line("b"))
        #expect(read() == ["web:b"])
    }

    @Test func restartsFollowEachOther() {
        makeDirectories()
        add(line("a"))
        #expect(read() == ["web:a"])
        add(line("b"))
        add(line("d"), to: "web/2.log")
        add(line("c"), to: "web/1.log")
        add("not a log", to: "web/x.log")
        add("not a log", to: "web/007.log")
        #expect(read() == ["web:b", "web:c", "web:d"])
        add(line("late"), to: "web/1.log")
        #expect(read() == [])
    }

    @Test func garbageIsSkipped() {
        makeDirectories()
        add("garbage\n\n\(time) stdin F x\n\(time) stdout Q x\n\(time) stdout\nroot:x:0:0:root:/root:/bin/bash\n")
        directory.write("pods/demo/log/0.log", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 | 0x80) })
        add(line("good"))
        #expect(read() == ["web:good"])
        #expect(tailer.skippedLines >= 6)
        add("\n" + line("x"), to: "log/0.log")
        #expect(read() == ["log:x"])
    }

    @Test func anEmptyLine() {
        makeDirectories()
        add("\(time) stdout F \n\(time) stdout F\n")
        #expect(read() == ["web:", "web:"])
    }

    @Test func anUnreadTailMayBeCutOffAndWrittenAnew() {
        makeDirectories()
        add(line("one") + "2026-01-02T03")
        #expect(read() == ["web:one"])
        truncate("\(directory.path)/pods/demo/web/0.log", off_t(line("one").utf8.count))
        #expect(read() == [])
        add(line("two"))
        #expect(read() == ["web:two"])
    }

    @Test func linesThatAreWrittenAnewAreNotShownTwice() {
        makeDirectories()
        add(line("one") + line("two"))
        #expect(read() == ["web:one", "web:two"])
        truncate("\(directory.path)/pods/demo/web/0.log", off_t(line("one").utf8.count))
        #expect(read() == [])
        add(line("two") + line("new"))
        #expect(read() == ["web:new"])
    }

    @Test func whatComesInsteadOfACutIsNotLost() {
        makeDirectories()
        add(line("one") + line("something long"))
        #expect(read().count == 2)
        truncate("\(directory.path)/pods/demo/web/0.log", off_t(line("one").utf8.count))
        #expect(read() == [])
        add(line("b"))
        var lines: [String] = []
        tailer.finish { lines.append(Self.show($0)) }
        #expect(lines == ["web:b"])
    }

    @Test func memoryIsBounded() {
        makeDirectories()
        // A line without an end, and pieces without an end.
        directory.write("pods/demo/web/0.log", [UInt8](repeating: 0x41, count: 3_000_000))
        let piece = line(String(repeating: "x", count: 16_000), "stdout", "P")
        add(String(repeating: piece, count: 100), to: "log/0.log")
        let lengths = read().map(\.utf8.count)
        #expect(!lengths.isEmpty)
        for length in lengths { #expect(length <= CRILogFollower.longestLine + 16_384 + 4) }
        add("\n" + line("after"))
        #expect(read().contains("web:after"))
    }

    @Test func aFloodLeavesRoomForTheOthers() {
        makeDirectories()
        add(String(repeating: line(String(repeating: "x", count: 1000)), count: 2000))
        add(line("small"), to: "log/0.log")
        var lines: [String] = []
        #expect(tailer.read { lines.append(Self.show($0)) })
        #expect(lines.contains("log:small"))
        #expect(lines.count < 1000)
        #expect(read().count + lines.count == 2001)
    }

    /// Row S11 of the security table: a pod that can write to its log directory puts something else in the file's place.
    @Test(arguments: ["link", "fifo", "directory", "hard link", "device link"])
    func whatIsNoPlainFileIsRefused(_ kind: String) {
        makeDirectories()
        directory.write("secret", Array((line("secret")).utf8))
        let target = "\(directory.path)/pods/demo/web/0.log"
        switch kind {
        case "link": symlink("\(directory.path)/secret", target)
        case "fifo": mkfifo(target, 0o600)
        case "directory": mkdir(target, 0o700)
        case "hard link": link("\(directory.path)/secret", target)
        default: symlink("/dev/zero", target)
        }
        #expect(read() == [])
        let refusals = tailer.takeRefusals()
        #expect(refusals.count == 1)
        #expect(refusals.first?.contains("web/0.log") == true)
        #expect(tailer.takeRefusals() == [])
        add(line("next"), to: "web/1.log")
        #expect(read() == ["web:next"])
    }

    @Test func aLinkInPlaceOfTheDirectoryIsRefused() {
        for name in ["pods", "pods/demo", "other"] { directory.make(name) }
        directory.append("other/0.log", line("secret"))
        symlink("\(directory.path)/other", "\(directory.path)/pods/demo/web")
        #expect(read() == [])
        #expect(tailer.takeRefusals().count == 1)
    }
}
