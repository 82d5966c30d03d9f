import Glibc
import Linux

/// One container's log files, one after the other. It keeps no bytes that are not lines yet: the end of a file that has no line
/// feed is read again with what follows, so the writer may cut it off and write it anew.
///
/// A supervisor that takes over after a crash cuts off its predecessor's last batch, which may have been read here, and writes the
/// same lines again, of the same lengths. So a file that shrinks is waited for, and nothing of it is shown twice.
final class CRILogFollower {
    /// A line of the format is at most 16 KiB and its head; a longer one is skipped.
    static let bufferSize = 64 * 1024
    /// The most that one call reads.
    static let budget = 512 * 1024
    /// The longest line that is put together from pieces; more comes as a line of its own.
    static let longestLine = 256 * 1024

    var mayHaveNewFile = true
    private(set) var isRefused = false
    private(set) var skippedLines = 0
    private let container: Int
    private let name: String
    private var directory: Int32 = -1
    private var file: Int32 = -1
    /// The restart count that the file's name has; -1 before the first.
    private var restart: Int64 = -1
    /// Up to here the file has been read, to the end of a line.
    private var offset: off_t = 0
    /// The file was seen to be this much shorter than what has been read of it.
    private var shrunkTo: off_t?
    /// In the middle of a line that is too long.
    private var isSkipping = false
    private var pieces: [[UInt8]] = [[], []]
    private var buffer: [UInt8] = []

    init(container: Int, name: String) {
        self.container = container
        self.name = name
    }

    /// Whether the container's directory is there.
    var isOpen: Bool { directory >= 0 }

    func close() {
        if file >= 0 { Glibc.close(file) }
        if directory >= 0 { Glibc.close(directory) }
        (file, directory) = (-1, -1)
    }

    static func watch(_ inotify: Int32, _ fd: Int32) {
        let mask = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_MODIFY)
        _ = inotify_add_watch(inotify, "/proc/self/fd/\(fd)", mask)
    }

    func open(in parent: Int32, inotify: Int32, refused: (String) -> Void) {
        if isRefused { return }
        directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if directory >= 0 {
            Self.watch(inotify, directory)
        } else if errno != ENOENT {
            isRefused = true
            refused("\(name): not a directory, not read")
        }
    }

    /// True where the budget was used up before the end.
    func read(_ refused: (String) -> Void, _ body: (CRILogTailer.Line) -> Void) -> Bool {
        var budget = Self.budget
        while budget > 0 {
            if file >= 0, readLines(&budget, body) { continue }
            // At the end of this file: the writer is done with it once there is one with a higher number. That one may have
            // come after the last read, so the old one is read once more.
            guard mayHaveNewFile, let next = nextRestart() else {
                mayHaveNewFile = false
                return false
            }
            if file >= 0, readLines(&budget, body) { continue }
            finish(body)
            openFile(next, refused)
        }
        return true
    }

    /// The current file will not grow any more.
    func finish(_ body: (CRILogTailer.Line) -> Void) {
        if let shrunkTo, file >= 0 {
            offset = shrunkTo
            self.shrunkTo = nil
            var all = Int.max
            while readLines(&all, body) {}
        }
        flush(body)
    }

    /// Pieces of a line whose rest has not come.
    private func flush(_ body: (CRILogTailer.Line) -> Void) {
        for stream in CRILogLine.Stream.allCases where !pieces[Int(stream.rawValue)].isEmpty {
            emit(stream, body)
        }
    }

    private func emit(_ stream: CRILogLine.Stream, _ body: (CRILogTailer.Line) -> Void) {
        let text = pieces[Int(stream.rawValue)]
        pieces[Int(stream.rawValue)] = []
        body(.init(container: container, isError: stream == .stderr, text: text))
    }

    // MARK: Files

    /// The lowest number above the current one that there is a file for.
    private func nextRestart() -> Int64? {
        guard let names = try? DirectoryReader.names(directory) else { return nil }
        var lowest: Int64?
        for name in names {
            guard name.hasSuffix(".log"), let number = Int64(name.dropLast(4)), "\(number).log" == name,
                number > restart
            else { continue }
            lowest = min(lowest ?? number, number)
        }
        return lowest
    }

    private func openFile(_ number: Int64, _ refused: (String) -> Void) {
        if file >= 0 { Glibc.close(file) }
        restart = number
        offset = 0
        shrunkTo = nil
        isSkipping = false
        // O_NONBLOCK: the opening of a FIFO must not wait for a writer.
        file = openat(directory, "\(number).log", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        if file < 0 {
            refused("\(name)/\(number).log: not read: \(String(cString: strerror(errno)))")
            return
        }
        var status = stat()
        let isPlain = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink <= 1
        if !isPlain {
            refused("\(name)/\(number).log: not a regular file of its own, not read")
            Glibc.close(file)
            file = -1
        }
    }

    /// Reads a buffer full; false where no whole line was there.
    private func readLines(_ budget: inout Int, _ body: (CRILogTailer.Line) -> Void) -> Bool {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.bufferSize) }
        // With the line feed before it, which shows that a line begins here.
        let overlap = offset > 0 && !isSkipping ? 1 : 0
        let count = pread(file, &buffer, buffer.count, offset - off_t(overlap))
        if count <= overlap {
            noteSize()
            return false
        }
        shrunkTo = nil
        if overlap == 1 && buffer[0] != 0x0A {
            isSkipping = true
            skippedLines += 1
        }
        guard let end = buffer[overlap..<count].lastIndex(of: 0x0A) else {
            guard count == buffer.count else { return false }
            if !isSkipping { skippedLines += 1 }
            isSkipping = true
            offset += off_t(count - overlap)
            budget -= count
            return true
        }
        var start = overlap
        while start <= end, let feed = buffer[start...end].firstIndex(of: 0x0A) {
            if isSkipping {
                isSkipping = false
            } else {
                take(buffer[start..<feed], body)
            }
            start = feed + 1
        }
        offset += off_t(end + 1 - overlap)
        budget -= end + 1
        return true
    }

    private func noteSize() {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size < offset else { return }
        shrunkTo = min(shrunkTo ?? .max, status.st_size)
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ body: (CRILogTailer.Line) -> Void) {
        guard let line = CRILogLine(bytes) else {
            skippedLines += 1
            return
        }
        let index = Int(line.stream.rawValue)
        pieces[index] += line.text
        if !line.isPartial || pieces[index].count >= Self.longestLine { emit(line.stream, body) }
    }
}
