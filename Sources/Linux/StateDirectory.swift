import CLinux
import Glibc

/// A directory in which files are replaced so that a reader sees the old content or the new, whenever the power goes.
public struct StateDirectory: ~Copyable {
    private let directory: OwnedFD
    private let path: String

    public init(_ path: String) throws(SystemError) {
        self.path = path
        directory = OwnedFD(try check(swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
    }

    /// - Parameter isDurable: Whether the content is on the disk before the name is its. The name is there for good after
    ///   `sync`.
    public func replace(_ name: String, _ bytes: [UInt8], isDurable: Bool = true) throws(SystemError) {
        let temporary = name + ".new"
        let file = OwnedFD(
            try check(
                swl_openat(directory.raw, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600), "open",
                "\(path)/\(temporary)"))
        do throws(SystemError) {
            try write(bytes, to: file.raw)
            if isDurable && fsync(file.raw) < 0 {
                throw SystemError(errno: errno, call: "fsync", path: "\(path)/\(name)")
            }
            if renameat(directory.raw, temporary, directory.raw, name) < 0 {
                throw SystemError(errno: errno, call: "rename", path: "\(path)/\(name)")
            }
        } catch {
            unlinkat(directory.raw, temporary, 0)
            throw error
        }
    }

    /// The content of one of its files.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        let file = OwnedFD(try check(swl_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0), "open", path))
        return try MemoryFile.read(file.raw, limit: limit)
    }

    public func sync() throws(SystemError) {
        if fsync(directory.raw) < 0 { throw SystemError(errno: errno, call: "fsync", path: path) }
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            // Nothing written, and no error: the disk is as good as full.
            if count <= 0 { throw SystemError(errno: count < 0 ? errno : ENOSPC, call: "write", path: path) }
            written += count
        }
    }
}
