import Glibc
import PodPlan

/// One container's log, as lines: pieces are put together.
final class CRILogFollower {
    /// The most that one call reads.
    static let budget = 512 * 1024
    /// The longest line that is put together from pieces; more comes as a line of its own.
    static let longestLine = 256 * 1024

    var mayHaveNewFile = true
    private(set) var isRefused = false
    var skippedLines: Int { reader?.skippedLines ?? 0 }
    private let container: Int
    private let name: String
    private var reader: CRILogReader?
    private var toldOfGap = false
    private var pieces: [[UInt8]] = [[], []]

    init(container: Int, name: String) {
        self.container = container
        self.name = name
    }

    /// Whether the container's directory is there.
    var isOpen: Bool { reader != nil }

    func close() { reader = nil }

    static func watch(_ inotify: Int32, _ fd: Int32) {
        let mask = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_MODIFY)
        _ = inotify_add_watch(inotify, "/proc/self/fd/\(fd)", mask)
    }

    func open(in parent: Int32, inotify: Int32, refused: (String) -> Void) {
        if isRefused { return }
        let directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if directory >= 0 {
            Self.watch(inotify, directory)
            reader = CRILogReader(CRILogFiles(directory: directory))
        } else if errno != ENOENT {
            isRefused = true
            refused("\(name): not a directory, not read")
        }
    }

    /// True where the budget was used up before the end.
    func read(_ refused: (String) -> Void, _ body: (CRILogTailer.Line) -> Void) -> Bool {
        guard let reader else { return false }
        var budget = Self.budget
        while budget > 0 {
            if reader.hasFile, reader.readRecords(&budget, { take($0, body) }) { continue }
            // At the end of this file: the writer is done with it once there is another. That one may have come after the
            // last read, so the old one is read once more.
            guard reader.files.hasNext(lookingForRestarts: mayHaveNewFile) else {
                mayHaveNewFile = false
                return false
            }
            if reader.hasFile, reader.readRecords(&budget, { take($0, body) }) { continue }
            let before = reader.files.name
            reader.finishFile { take($0, body) }
            let problem = reader.advance()
            if let problem { refused("\(name)/\(problem)") }
            // A line goes on in the next file, but not in the next restart's.
            if before?.restart != reader.files.name?.restart { flush(body) }
            if reader.files.hasGap && !toldOfGap {
                toldOfGap = true
                refused("\(name): the log was rotated faster than it was read: lines are missing here")
            }
        }
        return true
    }

    /// Nothing more will come.
    func finish(_ body: (CRILogTailer.Line) -> Void) {
        reader?.finishFile { take($0, body) }
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

    private func take(_ line: CRILogLine, _ body: (CRILogTailer.Line) -> Void) {
        let index = Int(line.stream.rawValue)
        pieces[index] += line.text
        if !line.isPartial || pieces[index].count >= Self.longestLine { emit(line.stream, body) }
    }
}
