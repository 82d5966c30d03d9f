import CLinux
import Glibc

/// Bytes handed to another process by a memfd.
public enum MemoryFile {
    public static func make(_ bytes: [UInt8]) throws(SystemError) -> OwnedFD {
        let fd = OwnedFD(try check(swl_memfd("swiftlet"), "memfd_create"))
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(fd.raw, $0.baseAddress, $0.count) }
            if count < 0 { throw SystemError(errno: errno, call: "write") }
            written += count
        }
        return fd
    }

    /// The whole content, wherever the descriptor's offset stands.
    public static func read(_ fd: Int32, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        var status = stat()
        guard fstat(fd, &status) == 0 else { throw SystemError(errno: errno, call: "fstat") }
        let size = Int(status.st_size)
        guard size <= limit else { throw SystemError(errno: EFBIG, call: "read") }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = pread(fd, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
                if got < 0 { failure = errno }
                if got <= 0 { break }
                count += got
            }
        }
        if failure != 0 { throw SystemError(errno: failure, call: "pread") }
        return bytes
    }
}
