import CLinux
import Glibc

/// Short files that the kernel makes up: those of cgroups and of `/proc`.
public enum KernelFile {
    /// nil: it cannot be read.
    public static func read(_ path: String) -> String? {
        let fd = swl_open(path, O_RDONLY, 0)
        if fd < 0 { return nil }
        let file = OwnedFD(fd)
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(file.raw, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// 0, or a negated errno. The file has to be there.
    @discardableResult
    public static func write(_ text: String, to path: String) -> Int32 {
        let fd = swl_open(path, O_WRONLY, 0)
        if fd < 0 { return fd }
        let file = OwnedFD(fd)
        return Glibc.write(file.raw, text, text.utf8.count) < 0 ? -errno : 0
    }
}
