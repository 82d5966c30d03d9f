import CLinux
import Glibc
import Keeper
import Linux
import Mounts

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

        init(_ reader: OwnedDescriptor, _ writer: OwnedDescriptor) {
            stagingReader = reader
            stagingWriter = writer
        }
    }

    private struct File {
        let descriptor: OwnedDescriptor
        var size: UInt64
    }

    /// Words of the journal. A batch is under way while `.active` is 1; then the others describe it.
    private enum Word: Int {
        case active, channel, staged, length, size, opensPartial
        static let partialFlags = 8
    }

    static func journalWords(containers: Int) -> Int { Word.partialFlags + containers * 2 }

    private let path: String
    /// Held from before the first container starts: a container that is given the logs as a hostPath may put links in their
    /// place.
    private let directory: OwnedDescriptor?
    private let names: [String]
    private let journal: SharedMemory
    private let scratch: Pipe
    private var channels: [Channel?]
    private var files: [File?]
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 192 << 10, alignment: 16)

    /// `journal` has `journalWords` words.
    init(directory: String, names: [String], journal: consuming SharedMemory) throws(SystemError) {
        path = directory
        // Where it has gone no log can be written, which is no reason to lose a running pod.
        let opened = swl_open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        self.directory = opened < 0 ? nil : OwnedDescriptor(OwnedFD(opened))
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
        if let directory {
            let made = swl_mkdirat(directory.raw, names[container], 0o755)
            if made != -EEXIST { try check(made, "mkdir", "\(path)/\(names[container])") }
        }
        let fd = try openFile(container, attempt, O_WRONLY | O_CREAT | O_APPEND)
        let size = try FileStatus(fd.raw).size
        files[container] = File(descriptor: OwnedDescriptor(fd), size: size)
    }

    func openForReading(_ container: Int, attempt: UInt32) throws(SystemError) -> OwnedFD {
        try openFile(container, attempt, O_RDONLY)
    }

    /// No link is followed, and nothing but a regular file is taken (CVE-2025-0750, CVE-2026-53489).
    private func openFile(_ container: Int, _ attempt: UInt32, _ flags: Int32) throws(SystemError) -> OwnedFD {
        let name = "\(names[container])/\(attempt).log"
        guard let directory else { throw SystemError(errno: ENOENT, call: "open", path: "\(path)/\(name)") }
        let fd = OwnedFD(
            try check(
                swl_openat2(
                    directory.raw, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o640,
                    UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_SYMLINKS)), "open", "\(path)/\(name)"))
        guard try FileStatus(fd.raw).kind == .file else {
            throw SystemError(errno: EINVAL, call: "open", path: "\(path)/\(name)")
        }
        return fd
    }

    /// After a crash, when channels and files are there again: finishes or undoes the batch that was under way.
    func recover() {
        guard journal[Word.active.rawValue] == 1 else { return }
        let index = Int(journal[Word.channel.rawValue])
        if index < channels.count, let channel = channels[index], let file = files[index / 2] {
            let staged = UInt64(max(swl_bytes_readable(channel.stagingReader.raw), 0))
            if staged == journal[Word.staged.rawValue] {
                let size = journal[Word.size.rawValue]
                ftruncate(file.descriptor.raw, off_t(size))
                files[index / 2]?.size = size
            } else {
                journal[Word.partialFlags + index] = journal[Word.opensPartial.rawValue]
            }
        }
        journal[Word.active.rawValue] = 0
    }

    /// Moves what is there now, at most `rounds` batches, so that a flood in one container does not starve the rest.
    /// Returns false where the log cannot be written (a full disk): what is staged stays there, to be tried again.
    func pump(_ container: Int, _ stream: Stream, rounds: Int = 4) -> Bool {
        let index = container * 2 + stream.rawValue
        guard let channel = channels[index] else { return true }
        for _ in 0..<rounds {
            let moved = stage(channel)
            guard batch(index, channel, last: false, full: moved == 0) else { return false }
            if moved <= 0 { break }
        }
        return true
    }

    /// When the container has ended: moves all that is left, and completes a line without an end.
    func finish(_ container: Int) -> Bool {
        for stream in Stream.allCases {
            let index = container * 2 + stream.rawValue
            guard let channel = channels[index] else { continue }
            while true {
                let moved = stage(channel)
                guard batch(index, channel, last: moved <= 0, full: moved == 0) else { return false }
                if moved <= 0 && swl_bytes_readable(channel.stagingReader.raw) <= 0 { break }
            }
            if journal[Word.partialFlags + index] == 1 { guard endLine(index) else { return false } }
            channel.source = nil
        }
        files[container] = nil
        return true
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
        let copied = swl_tee(channel.stagingReader.raw, scratch.writer.raw, input.count)
        if copied <= 0 { return true }
        var filled = 0
        while filled < copied {
            let count = read(scratch.reader.raw, input.baseAddress?.advanced(by: filled), copied - filled)
            if count <= 0 { break }
            filled += count
        }
        let stream = Stream.allCases[index & 1]
        let formatted = format(filled, stream, pieces: last || full)
        if formatted.consumed == 0 { return true }
        let wasPartial = journal[Word.partialFlags + index]
        let isPartial: UInt64 = formatted.endsPartial ? 1 : 0
        begin(index, staged: staged, length: formatted.consumed, opensPartial: isPartial)
        guard write(index / 2, formatted.produced) else {
            journal[Word.partialFlags + index] = wasPartial
            journal[Word.active.rawValue] = 0
            return false
        }
        consume(channel, formatted.consumed)
        journal[Word.partialFlags + index] = isPartial
        journal[Word.active.rawValue] = 0
        return true
    }

    private func begin(_ index: Int, staged: Int, length: Int, opensPartial: UInt64) {
        journal[Word.channel.rawValue] = UInt64(index)
        journal[Word.staged.rawValue] = UInt64(staged)
        journal[Word.length.rawValue] = UInt64(length)
        journal[Word.size.rawValue] = files[index / 2]?.size ?? 0
        journal[Word.opensPartial.rawValue] = opensPartial
        journal[Word.active.rawValue] = 1
    }

    /// One read(2): a kill comes before it or after it, never in its middle.
    private func consume(_ channel: Channel, _ length: Int) {
        _ = read(channel.stagingReader.raw, input.baseAddress, length)
    }

    private func endLine(_ index: Int) -> Bool {
        let head = Self.head(Stream.allCases[index & 1], at: Clock.wall)
        output.copyBytes(from: head + [UInt8(ascii: "F"), UInt8(ascii: " "), UInt8(ascii: "\n")])
        guard write(index / 2, head.count + 3) else { return false }
        journal[Word.partialFlags + index] = 0
        return true
    }

    private static func head(_ stream: Stream, at wall: Int64) -> [UInt8] {
        LogFormat.timestamp(wall) + Array(" \(stream.name) ".utf8)
    }

    private func format(
        _ length: Int, _ stream: Stream, pieces: Bool
    ) -> (consumed: Int, produced: Int, endsPartial: Bool) {
        guard let source = input.baseAddress, let target = output.baseAddress else { return (0, 0, false) }
        let head = Self.head(stream, at: Clock.wall)
        var consumed = 0
        var produced = 0
        var endsPartial = false
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
            endsPartial = skip == 0
        }
        return (consumed, produced, endsPartial)
    }

    /// All of it or nothing.
    private func write(_ container: Int, _ count: Int) -> Bool {
        guard let file = files[container] else { return true }
        var done = 0
        while done < count {
            let written = Glibc.write(file.descriptor.raw, output.baseAddress?.advanced(by: done), count - done)
            if written < 0 && errno == EINTR { continue }
            if written <= 0 {
                ftruncate(file.descriptor.raw, off_t(file.size))
                return false
            }
            done += written
        }
        files[container]?.size += UInt64(count)
        return true
    }
}
