import Glibc
import Linux

/// Reading and writing of whole files by descriptor.
public enum FileContent {
    /// Up to `limit` bytes from the beginning.
    public static func read(_ file: Int32, limit: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var length = 0
        while length < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(file, buffer.baseAddress.map { $0 + length }, limit - length, off_t(length))
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            length += count
        }
        bytes.removeLast(limit - length)
        return bytes
    }

    public static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw SystemError(errno: errno, call: "write", path: path) }
            written += count
        }
    }
}
