import Glibc
import PodAPI
import PodPlan

/// The reading of one attempt's log, to its end or for as long as it grows.
///
/// Whoever can write to the log directory (a pod with a hostPath volume on it) may put anything there: no link is followed
/// below it, and nothing but a regular file is read.
final class LogReading {
    let source: LogSource
    let attempt: UInt32
    private let reader: CRILogReader
    private var formatter: LogFormatter
    private(set) var printer: LogPrinter
    private var skipUntil: LogTailPosition?
    private let directory: Int32
    private let path: String
    private(set) var isDone = false

    /// The most that one call reads.
    private static let budget = 1 << 20

    init(
        _ source: LogSource, attempt: UInt32, logs: String, options: LogFormatter.Options, tail: Int?,
        printer: LogPrinter
    ) throws(CommandError) {
        self.source = source
        self.attempt = attempt
        self.printer = printer
        formatter = LogFormatter(options)
        path = "\(logs)/\(source.directory)/\(source.container)"
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let pod = Glibc.open("\(logs)/\(source.directory)", flags)
        if pod < 0 { throw Self.gone("\(logs)/\(source.directory)", errno) }
        defer { close(pod) }
        directory = openat(pod, source.container, flags)
        if directory < 0 { throw Self.gone(path, errno) }
        // The files' own descriptor goes with them.
        reader = CRILogReader(CRILogFiles(directory: fcntl(directory, F_DUPFD_CLOEXEC, 3), range: .restart(attempt)))
        if let tail { skipUntil = LogTailPosition.find(lines: tail, restart: attempt, directory: directory) }
        if !CRILogFiles.names(in: directory).contains(where: { $0.restart == attempt }) {
            throw Self.gone(path, ENOENT)
        }
    }

    deinit { if directory >= 0 { close(directory) } }

    private static func gone(_ path: String, _ number: Int32) -> CommandError {
        CommandError("error: \(path): cannot be read: \(String(cString: strerror(number)))")
    }

    func watch(_ inotify: Int32) {
        let mask = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_MODIFY)
        _ = inotify_add_watch(inotify, "/proc/self/fd/\(directory)", mask)
    }

    /// Reads some of what is there. True where more is there already.
    /// - Parameter isLast: The attempt had ended before this call.
    func read(isLast: Bool) throws(CommandError) -> Bool {
        if isDone { return false }
        var output: [UInt8] = []
        defer { Output.write(1, output) }
        var left = Self.budget
        func take(_ line: CRILogLine) {
            var bytes: [UInt8] = []
            formatter.take(line, &bytes)
            output += printer.take(bytes)
        }
        while left > 0 && !formatter.isExhausted {
            if reader.hasFile, reader.readRecords(&left, take) { continue }
            guard reader.files.hasNext(lookingForRestarts: true) else {
                if !isLast { return false }
                reader.finishFile(take)
                finish(&output)
                return false
            }
            if reader.hasFile, reader.readRecords(&left, take) { continue }
            reader.finishFile(take)
            if let problem = reader.advance() { throw CommandError("error: \(path)/\(problem)") }
            if let position = skipUntil {
                guard reader.files.inode == position.inode else {
                    // Rotated away meanwhile: all that is left comes after it.
                    if reader.files.hasNext(lookingForRestarts: true) { reader.seekToEnd() }
                    continue
                }
                reader.seek(to: position.offset)
                skipUntil = nil
            }
        }
        if formatter.isExhausted { finish(&output) }
        return !isDone
    }

    private func finish(_ output: inout [UInt8]) {
        output += printer.finish()
        isDone = true
    }
}
