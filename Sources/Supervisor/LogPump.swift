import CLinux
import Glibc
import Keeper
import Linux
import Mounts
import PodPlan

/// Moves a pod's output from its containers' pipes to their log files, each byte exactly once, though the process may be
/// killed at any instruction.
///
/// The keeper holds the pipes, so the writers never notice. A batch goes
///
///     container ──splice──▶ staging pipe ──tee──▶ memory ──write──▶ log file, then the batch is read off the staging pipe
///
/// and the journal (shared memory, which the keeper holds too) says before the write: this batch, of so many bytes, starts at
/// this size of the file, and so much was staged. Only this process fills or empties the staging pipe; so the next
/// supervisor sees by what is still staged whether the batch was finished, and if not, cuts the file back and writes it again.
final class LogPump {
    enum Stream: Int, CaseIterable {
        case standardOutput, standardError

        var name: String { self == .standardOutput ? "stdout" : "stderr" }
    }

    /// One stream of one container, over all its restarts.
    private final class Channel {
        let stagingReader: OwnedDescriptor
        let stagingWriter: OwnedDescriptor
        var source: OwnedDescriptor?
        /// So much of what is staged has been shown; nil: nobody watches.
        var shown: Int?

        init(_ reader: OwnedDescriptor, _ writer: OwnedDescriptor) {
            stagingReader = reader
            stagingWriter = writer
        }
    }

    /// The file that a container's output goes to.
    private struct File {
        let attempt: UInt32
        /// nil: it could not be opened, which is tried again with every batch.
        var descriptor: OwnedDescriptor?
        var size: UInt64 = 0
    }

    /// Words of the journal. A batch is under way while `.active` is 1; then the others describe it.
    private enum Word: Int, CaseIterable {
        case active, channel, staged, length, size
    }

    static let journalWords = Word.allCases.count

    private let directory: LogDirectory
    private let limits: LogLimits
    private let names: [String]
    private let journal: SharedMemory
    private let scratch: Pipe
    private var channels: [Channel?]
    private var files: [File?]
    /// Set while a batch of the supervisor before may have to be undone, and its file cannot be opened.
    private var isRecovered = true
    /// What those who watch a container are to see: all bytes, in order, as they come.
    var onOutput: ((Int, Stream, UnsafeRawBufferPointer) -> Void)?
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 4096)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 192 << 10, alignment: 4096)

    /// `journal` has `journalWords` words.
    init(
        directory path: String, names: [String], limits: LogLimits, journal: consuming SharedMemory
    ) throws(SystemError) {
        directory = LogDirectory(path)
        self.limits = limits
        self.names = names
        self.journal = journal
        scratch = try Pipe(nonBlockingReader: true)
        channels = Array(repeating: nil, count: names.count * 2)
        files = Array(repeating: nil, count: names.count)
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    /// What was in them is not needed any more; they come back, empty, with the next output.
    func releaseBuffers() {
        for buffer in [input, output] { madvise(buffer.baseAddress, buffer.count, MADV_DONTNEED) }
    }

    func setStaging(_ container: Int, _ stream: Stream, reader: OwnedDescriptor, writer: OwnedDescriptor) {
        channels[container * 2 + stream.rawValue] = Channel(reader, writer)
    }

    func hasStaging(_ container: Int, _ stream: Stream) -> Bool { channels[container * 2 + stream.rawValue] != nil }

    func setSource(_ container: Int, _ stream: Stream, _ descriptor: OwnedDescriptor?) {
        channels[container * 2 + stream.rawValue]?.source = descriptor
    }

    func source(_ container: Int, _ stream: Stream) -> OwnedDescriptor? {
        channels[container * 2 + stream.rawValue]?.source
    }

    /// `<pod>/<container>/<restart>.log`, where the kubelet's would be. A file that is there already is an earlier
    /// supervisor's, and is gone on with.
    func open(_ container: Int, attempt: UInt32) throws(SystemError) {
        directory.dropOld(names[container], before: attempt)
        files[container] = try openFile(container, attempt)
    }

    /// The same for a container that runs already, which goes on without its log where it must.
    func reopen(_ container: Int, attempt: UInt32) {
        files[container] = File(attempt: attempt)
        _ = openMissing(container)
    }

    func openForReading(_ container: Int, attempt: UInt32) throws(SystemError) -> OwnedFD {
        try directory.openFile(names[container], attempt: attempt, O_RDONLY)
    }

    private func openFile(_ container: Int, _ attempt: UInt32) throws(SystemError) -> File {
        try directory.make(names[container])
        let fd = try directory.openFile(names[container], attempt: attempt, O_WRONLY | O_CREAT | O_APPEND)
        let size = try FileStatus(fd.raw).size
        return File(attempt: attempt, descriptor: OwnedDescriptor(fd), size: size)
    }

    /// False where the file cannot be opened now.
    private func openMissing(_ container: Int) -> Bool {
        guard let file = files[container], file.descriptor == nil else { return true }
        do {
            files[container] = try openFile(container, file.attempt)
        } catch {
            // The pod's log directory has been removed. There will be no other, and the container does not wait for ever.
            guard error.errno == ENOENT else { return false }
            files[container] = nil
        }
        return true
    }

    /// A file that has reached its size makes way for another one. That is decided by nothing but the file's size before a
    /// batch: a batch that is written again after a crash goes where it went before.
    private func rotateIfFull(_ container: Int) -> Bool {
        guard let file = files[container], file.descriptor != nil, file.size >= limits.size else { return true }
        do {
            try directory.rotate(names[container], attempt: file.attempt, limits: limits)
        } catch {
            // The container's directory has been removed: a file in a new one takes the rest.
            guard error.errno == ENOENT else { return false }
        }
        files[container]?.descriptor = nil
        return true
    }

    /// What comes from now on goes to `onOutput` too; what is already staged does not.
    func show(_ container: Int) {
        for stream in Stream.allCases {
            guard let channel = channels[container * 2 + stream.rawValue], channel.shown == nil else { continue }
            channel.shown = max(0, Int(swl_bytes_readable(channel.stagingReader.raw)))
        }
    }

    func hide(_ container: Int) {
        for stream in Stream.allCases { channels[container * 2 + stream.rawValue]?.shown = nil }
    }

    /// After a crash, when channels and files are there again: finishes or undoes the batch that was under way.
    func recover() {
        guard journal[Word.active.rawValue] == 1 else { return isRecovered = true }
        let index = Int(journal[Word.channel.rawValue])
        if index < channels.count, let channel = channels[index], files[index / 2] != nil {
            isRecovered = openMissing(index / 2)
            guard isRecovered else { return }
            let staged = UInt64(max(swl_bytes_readable(channel.stagingReader.raw), 0))
            if staged == journal[Word.staged.rawValue] { cut(index / 2, to: journal[Word.size.rawValue]) }
        }
        isRecovered = true
        journal[Word.active.rawValue] = 0
    }

    /// Never makes it longer: somebody else may have emptied it.
    private func cut(_ container: Int, to size: UInt64) {
        guard let descriptor = files[container]?.descriptor, let status = try? FileStatus(descriptor.raw),
            status.size > size
        else { return }
        ftruncate(descriptor.raw, off_t(size))
        files[container]?.size = size
    }

    /// Moves what is there now, at most `rounds` batches, so that a flood in one container does not starve the rest.
    /// Returns false where the log cannot be written (a full disk): what is staged stays there, to be tried again.
    func pump(_ container: Int, _ stream: Stream, rounds: Int = 4) -> Bool {
        let index = container * 2 + stream.rawValue
        guard let channel = channels[index] else { return true }
        if !isRecovered { recover() }
        guard isRecovered else { return false }
        for _ in 0..<rounds {
            let moved = stage(channel)
            guard batch(index, channel, last: false, full: moved == 0) else { return false }
            if moved <= 0 { break }
        }
        return true
    }

    /// When the container has ended: moves all that is left. Output without a line feed at its end stays a piece that no
    /// other follows, as with containerd. False where the log cannot be written: to be called again.
    func finish(_ container: Int) -> Bool {
        if !isRecovered { recover() }
        guard isRecovered else { return false }
        for stream in Stream.allCases {
            let index = container * 2 + stream.rawValue
            guard let channel = channels[index] else { continue }
            while true {
                let moved = stage(channel)
                guard batch(index, channel, last: moved <= 0, full: moved == 0) else { return false }
                if moved <= 0 && swl_bytes_readable(channel.stagingReader.raw) <= 0 { break }
            }
            channel.source = nil
        }
        files[container] = nil
        return true
    }

    /// Forgets what could not be written.
    func discard(_ container: Int) {
        files[container] = nil
        for stream in Stream.allCases {
            guard let channel = channels[container * 2 + stream.rawValue] else { continue }
            channel.source = nil
            while read(channel.stagingReader.raw, input.baseAddress, input.count) > 0 {}
            if channel.shown != nil { channel.shown = 0 }
        }
    }

    /// Returns the bytes moved; 0: the staging pipe has no room, or the container's is empty; negative: nothing to read.
    private func stage(_ channel: Channel) -> Int {
        guard let source = channel.source else { return -1 }
        let moved = swl_splice(source.raw, channel.stagingWriter.raw, 64 << 10)
        if moved == -Int(EAGAIN) { return swl_bytes_readable(source.raw) > 0 ? 0 : -1 }
        return moved == 0 ? -1 : moved
    }

    /// Writes one batch of complete lines. `last`: also what follows the last line end. `full`: the staging pipe takes no
    /// more, so a line's beginning has to go as a piece even if it is short.
    private func batch(_ index: Int, _ channel: Channel, last: Bool, full: Bool) -> Bool {
        let staged = Int(swl_bytes_readable(channel.stagingReader.raw))
        if staged <= 0 { return true }
        let container = index / 2
        guard openMissing(container), rotateIfFull(container), openMissing(container) else { return false }
        let copied = swl_tee(channel.stagingReader.raw, scratch.writer.raw, input.count)
        if copied <= 0 { return true }
        var filled = 0
        while filled < copied {
            let count = read(scratch.reader.raw, input.baseAddress?.advanced(by: filled), copied - filled)
            if count <= 0 { break }
            filled += count
        }
        let stream = Stream.allCases[index & 1]
        if let shown = channel.shown, shown < filled {
            onOutput?(index / 2, stream, UnsafeRawBufferPointer(rebasing: input[shown..<filled]))
            channel.shown = filled
        }
        let formatted = format(filled, stream, pieces: last || full)
        if formatted.consumed == 0 { return true }
        begin(index, staged: staged, length: formatted.consumed)
        guard write(container, formatted.produced) else {
            journal[Word.active.rawValue] = 0
            return false
        }
        consume(channel, formatted.consumed)
        journal[Word.active.rawValue] = 0
        return true
    }

    private func begin(_ index: Int, staged: Int, length: Int) {
        journal[Word.channel.rawValue] = UInt64(index)
        journal[Word.staged.rawValue] = UInt64(staged)
        journal[Word.length.rawValue] = UInt64(length)
        journal[Word.size.rawValue] = files[index / 2]?.size ?? 0
        journal[Word.active.rawValue] = 1
    }

    /// One read(2): a kill comes before it or after it, never in its middle.
    private func consume(_ channel: Channel, _ length: Int) {
        _ = read(channel.stagingReader.raw, input.baseAddress, length)
        if let shown = channel.shown { channel.shown = max(0, shown - length) }
    }

    private static func head(_ stream: Stream, at wall: Int64) -> [UInt8] {
        LogFormat.timestamp(wall) + Array(" \(stream.name) ".utf8)
    }

    private func format(
        _ length: Int, _ stream: Stream, pieces: Bool
    ) -> (consumed: Int, produced: Int) {
        guard let source = input.baseAddress, let target = output.baseAddress else { return (0, 0) }
        let head = Self.head(stream, at: Clock.wall)
        var consumed = 0
        var produced = 0
        while consumed < length {
            let start = source + consumed
            let window = min(length - consumed, LogFormat.longestPiece + 1)
            var piece = window
            var skip = 0
            var tag = UInt8(ascii: "P")
            if let end = memchr(start, 10, window).map(UnsafeRawPointer.init) {
                piece = end - UnsafeRawPointer(start)
                skip = 1
                tag = UInt8(ascii: "F")
            } else if window > LogFormat.longestPiece {
                piece = LogFormat.longestPiece
            } else if !pieces {
                break
            }
            if produced + head.count + piece + 3 > output.count { break }
            head.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { (target + produced).copyMemory(from: base, byteCount: bytes.count) }
            }
            produced += head.count
            target.storeBytes(of: tag, toByteOffset: produced, as: UInt8.self)
            target.storeBytes(of: UInt8(ascii: " "), toByteOffset: produced + 1, as: UInt8.self)
            target.advanced(by: produced + 2).copyMemory(from: start, byteCount: piece)
            target.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: produced + 2 + piece, as: UInt8.self)
            produced += piece + 3
            consumed += piece + skip
        }
        return (consumed, produced)
    }

    /// All of it or nothing.
    private func write(_ container: Int, _ count: Int) -> Bool {
        guard let file = files[container], let descriptor = file.descriptor else { return true }
        var done = 0
        while done < count {
            let written = Glibc.write(descriptor.raw, output.baseAddress?.advanced(by: done), count - done)
            if written < 0 && errno == EINTR { continue }
            if written <= 0 {
                cut(container, to: file.size)
                return false
            }
            done += written
        }
        files[container]?.size += UInt64(count)
        return true
    }
}
