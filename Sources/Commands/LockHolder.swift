import Glibc
import Linux

/// The pods that live on this host, whatever their root: each has processes that hold the lock in its run directory.
struct LockHolder: Equatable {
    var uid: String
    var pid: Int32
    /// `swiftlet-superv` or `swiftlet-keeper`
    var process: String
    /// The run directory.
    var directory: String

    static func all() -> [LockHolder] {
        var found: [LockHolder] = []
        for entry in DirectoryReader.entries("/proc") {
            guard let pid = Int32(entry), let name = KernelFile.read("/proc/\(entry)/comm"), name.hasPrefix("swiftlet-")
            else { continue }
            for descriptor in DirectoryReader.entries("/proc/\(entry)/fd") {
                guard let target = link("/proc/\(entry)/fd/\(descriptor)"), target.hasSuffix("/lock") else { continue }
                let directory = String(target.dropLast(5))
                let parts = directory.split(separator: "/")
                guard parts.count > 1, parts[parts.count - 2] == "pods" else { continue }
                let process = String(name.prefix { $0 != "\n" })
                let holder = LockHolder(
                    uid: String(parts[parts.count - 1]), pid: pid, process: process, directory: directory)
                if !found.contains(holder) { found.append(holder) }
            }
        }
        return found
    }

    private static func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(path, base, buffer.count)
            return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
        }
    }
}
