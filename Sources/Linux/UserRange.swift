import CLinux
import Glibc

/// User and group ids of the host that one pod has for itself.
///
/// A range is taken by a lock on a byte of a file, one byte a range. The kernel releases it when the last process of the pod
/// that holds it has died, so there is nothing to sweep. The file is the same whatever `--root` says, for the ids are the
/// host's.
public enum UserRange {
    public static let path = "/run/swiftlet/user-ranges"
    /// As in the kubelet (`pkg/kubelet/userns`), where nothing else is configured: the first range follows the host's own ids.
    static let first: Int64 = 65_536
    static let size: Int64 = 65_536

    /// The lock, and the host's id for the pod's 0. Ranges that /etc/subuid and /etc/subgid give to somebody are passed over.
    /// Throws ENOSPC where no range is left.
    public static func take() throws(SystemError) -> (lock: OwnedDescriptor, first: UInt32) {
        mkdir("/run/swiftlet", 0o700)
        let others = ["/etc/subuid", "/etc/subgid"].flatMap { subordinates(in: text(at: $0)) }
        return try take(path, avoiding: others)
    }

    static func take(
        _ path: String, avoiding others: [Range<Int64>]
    ) throws(SystemError) -> (lock: OwnedDescriptor, first: UInt32) {
        let file = OwnedFD(try check(swl_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), "open", path))
        // The API's ids are below 2^31, and so are those that the host's tools expect.
        for index in 0..<((1 << 31) / size - 1) {
            let start = first + index * size
            if others.contains(where: { $0.overlaps(start..<start + size) }) { continue }
            let result = swl_lock_byte(file.raw, index)
            if result == -EAGAIN || result == -EACCES { continue }
            try check(result, "fcntl", path)
            return (OwnedDescriptor(file), UInt32(start))
        }
        throw SystemError(errno: ENOSPC, call: "fcntl", path: path)
    }

    /// subuid(5): `name:first:count`, a line each. A line that does not parse is passed over.
    static func subordinates(in text: String) -> [Range<Int64>] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = Int64(fields[1]), let count = Int64(fields[2]), first >= 0, count > 0,
                first <= 1 << 32, count <= 1 << 32
            else { return nil }
            return first..<first + count
        }
    }

    private static func text(at path: String) -> String {
        let fd = swl_open(path, O_RDONLY, 0)
        guard fd >= 0 else { return "" }
        let file = OwnedFD(fd)
        guard let bytes = try? MemoryFile.read(file.raw, limit: 1 << 20) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
