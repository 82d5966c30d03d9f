/// From records of a log file to what the user asked for (kubelet `pkg/kubelet/kuberuntime/logs/logs.go`).
struct LogFormatter {
    struct Options {
        var timestamps = false
        /// `2006-01-02T15:04:05Z`; nil: everything.
        var since: String?
        /// Bytes of one container.
        var limit: Int64?
    }

    let options: Options
    private var left: Int64?
    private var isAtLineStart = true

    init(_ options: Options) {
        self.options = options
        left = options.limit
    }

    /// Nothing more is wanted.
    var isExhausted: Bool { left == 0 }

    mutating func take(_ line: CRILogLine, _ output: inout [UInt8]) {
        if isExhausted { return }
        if let since = options.since, Self.precedes(line.timestamp, since) { return }
        let start = output.count
        if options.timestamps && isAtLineStart {
            output += line.timestamp
            output.append(UInt8(ascii: " "))
        }
        output += line.text
        if !line.isPartial { output.append(0x0A) }
        isAtLineStart = !line.isPartial || line.text.isEmpty
        if let left {
            let count = min(left, Int64(output.count - start))
            output.removeLast(output.count - start - Int(count))
            self.left = left - count
        }
    }

    /// Both are in UTC and begin with the same fields; a fraction of a second comes after the whole second.
    private static func precedes(_ timestamp: ArraySlice<UInt8>, _ since: String) -> Bool {
        timestamp.last == UInt8(ascii: "Z")
            && timestamp.prefix(19).lexicographicallyPrecedes(Array(since.utf8.prefix(19)))
    }
}
