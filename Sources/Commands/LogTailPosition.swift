import Glibc
import PodPlan

/// Where the last lines of a container's attempt begin, over its files.
struct LogTailPosition {
    /// The inode of the file.
    var inode: ino_t
    var offset: off_t

    /// nil: there are no more lines than that, or no files.
    /// - Parameter directory: The container's.
    static func find(lines: Int, restart: UInt32, directory: Int32) -> LogTailPosition? {
        var counter = LineCounter(wanted: lines)
        for name in CRILogFiles.names(in: directory).filter({ $0.restart == restart }).sorted().reversed() {
            let file = openat(directory, "\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
            if file < 0 { continue }
            defer { close(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            if lines == 0 { return LogTailPosition(inode: status.st_ino, offset: status.st_size) }
            if let offset = counter.search(file, size: status.st_size) {
                return LogTailPosition(inode: status.st_ino, offset: offset)
            }
        }
        return nil
    }

    /// Goes backwards through records. A line begins where the record before it is the end of one.
    private struct LineCounter {
        let wanted: Int
        private var found = 0
        /// Of the record that was looked at last: where it begins.
        private var start: off_t = 0
        private var hasRecord = false

        init(wanted: Int) { self.wanted = wanted }

        /// The offset of the first of the wanted lines, where it is in this file.
        mutating func search(_ file: Int32, size: off_t) -> off_t? {
            var end = size
            var buffer = [UInt8](repeating: 0, count: CRILogReader.bufferSize)
            // The first record of the file after this one, whose beginning is in that file.
            var isFirstOfNext = hasRecord
            while end > 0 {
                let begin = max(0, end - off_t(buffer.count))
                let count = pread(file, &buffer, Int(end - begin), begin)
                if count <= 0 { return nil }
                var records = buffer[..<count].split(separator: 0x0A, omittingEmptySubsequences: true)
                // What is cut off belongs to the next piece.
                let boundary = begin == 0 ? 0 : records.first?.endIndex ?? 0
                if begin > 0 { records = Array(records.dropFirst()) }
                for record in records.reversed() {
                    guard let line = CRILogLine(record) else { continue }
                    if !line.isPartial && hasRecord {
                        found += 1
                        // In the next file, at its beginning: everything from there on is wanted, and nothing of this one.
                        if found == wanted { return isFirstOfNext ? size : start }
                    }
                    hasRecord = true
                    isFirstOfNext = false
                    start = begin + off_t(record.startIndex)
                }
                end = begin == 0 ? 0 : begin + off_t(boundary)
                if begin > 0 && boundary == 0 { end = begin }
            }
            return nil
        }
    }
}
