import Glibc

/// Reads the records of one container's log files as they grow. It keeps no bytes that are not records yet: the end of a file
/// that has no line feed is read again with what follows, so the writer may cut it off and write it anew.
///
/// A supervisor that takes over after a crash cuts off its predecessor's last batch, which may have been read here, and writes the
/// same records again, of the same lengths. So a file that shrinks is waited for, and nothing of it is shown twice.
final class CRILogReader {
    /// A record is at most 16 KiB and its head; a longer one is skipped.
    static let bufferSize = 64 * 1024

    private(set) var skippedLines = 0
    let files: CRILogFiles
    /// Up to here the file has been read, to the end of a record.
    private var offset: off_t = 0
    /// The file was seen to be this much shorter than what has been read of it.
    private var shrunkTo: off_t?
    /// In the middle of a record that is too long.
    private var isSkipping = false
    private var buffer: [UInt8] = []

    init(_ files: CRILogFiles) {
        self.files = files
    }

    var hasFile: Bool { files.file >= 0 }

    /// Goes on to the next file, at its beginning. Returns why it cannot be read, where it cannot.
    func advance() -> String? {
        offset = 0
        shrunkTo = nil
        isSkipping = false
        return files.advance()
    }

    /// Goes on in the current file at `position`, where a record begins.
    func seek(to position: off_t) { offset = position }

    /// Nothing of the current file is read any more but what will be added.
    func seekToEnd() {
        var status = stat()
        if fstat(files.file, &status) == 0 { offset = status.st_size }
    }

    /// The current file will not grow any more. What has been cut off, and not been written again, is read from there on.
    func finishFile(_ body: (CRILogLine) -> Void) {
        guard let shrunkTo, hasFile else { return }
        offset = shrunkTo
        self.shrunkTo = nil
        var all = Int.max
        while readRecords(&all, body) {}
    }

    /// Reads a buffer full of the current file; false where no whole record was there.
    func readRecords(_ budget: inout Int, _ body: (CRILogLine) -> Void) -> Bool {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.bufferSize) }
        // With the line feed before it, which shows that a record begins here.
        let overlap = offset > 0 && !isSkipping ? 1 : 0
        let count = pread(files.file, &buffer, buffer.count, offset - off_t(overlap))
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
            } else if let line = CRILogLine(buffer[start..<feed]) {
                body(line)
            } else {
                skippedLines += 1
            }
            start = feed + 1
        }
        offset += off_t(end + 1 - overlap)
        budget -= end + 1
        return true
    }

    private func noteSize() {
        var status = stat()
        guard fstat(files.file, &status) == 0, status.st_size < offset else { return }
        shrunkTo = min(shrunkTo ?? .max, status.st_size)
    }
}
