import Glibc
import Linux

/// The end of a container's log as a termination message: the last 2048 bytes or 80 lines, whichever is less
/// (`terminationMessagePolicy: FallbackToLogsOnError`, kubelet `kuberuntime_container.go`).
enum LogTail {
    static let bytes = 2048
    static let lines = 80

    /// `log` is a regular file.
    static func read(_ log: borrowing OwnedFD) -> String {
        var status = stat()
        guard fstat(log.raw, &status) == 0 else { return "" }
        // Every record carries some 40 bytes of its own.
        let span = bytes * 4 + lines * 48
        let start = max(0, Int(status.st_size) - span)
        var buffer = [UInt8](repeating: 0, count: span)
        let count = pread(log.raw, &buffer, span, off_t(start))
        guard count > 0 else { return "" }
        return text(of: buffer[..<count], whole: start == 0)
    }

    static func text(of records: ArraySlice<UInt8>, whole: Bool) -> String {
        var output: [UInt8] = []
        let newline = UInt8(ascii: "\n")
        var parts = records.split(separator: newline, omittingEmptySubsequences: false)
        if !whole { parts.removeFirst() }
        for record in parts.suffix(lines + 1) {
            // time, stream, tag, text
            let fields = record.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let tag = fields[2].first else { continue }
            output += fields[3]
            if tag == UInt8(ascii: "F") { output.append(newline) }
        }
        return String(decoding: output.suffix(bytes), as: UTF8.self)
    }
}
