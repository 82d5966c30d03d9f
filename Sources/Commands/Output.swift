import Glibc

/// The command's two streams. Errors and changes of state go to standard error, data to standard output. A reader that has
/// gone is no reason to fail.
enum Output {
    static func line(_ text: String) {
        write(1, Array((text + "\n").utf8))
    }

    /// Without a line feed of its own.
    static func text(_ text: String) {
        if !text.isEmpty { write(1, Array(text.utf8)) }
    }

    static func error(_ text: String) {
        write(2, Array((text + "\n").utf8))
    }

    static func write(_ fd: Int32, _ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                var waiting = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
                continue
            }
            if count <= 0 { return }
            done += count
        }
    }
}
