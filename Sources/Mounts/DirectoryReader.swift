import CLinux
import Glibc
import Linux

/// Reading of directories by descriptor.
public enum DirectoryReader {
    /// The entries but `.` and `..`. A name that is not UTF-8 comes out changed: for trees of our own only.
    /// Without symbolic links where `links` is false, and the file system says what an entry is.
    public static func names(_ directory: Int32, links: Bool = true) throws(SystemError) -> [String] {
        let copy = try check(swl_openat(directory, ".", O_RDONLY | O_DIRECTORY, 0), "open")
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw SystemError(errno: ENOMEM, call: "fdopendir")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            if !links && Int32(entry.pointee.d_type) == Int32(DT_LNK) { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// How many entries that are not directories are in the tree at `path`.
    public static func countFiles(_ directory: Int32, _ path: String) throws(SystemError) -> Int {
        let fd = OwnedFD(try check(swl_openat(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        var count = 0
        for name in try names(fd.raw) {
            if try FileStatus(fd.raw, name).kind == .directory {
                count += try countFiles(fd.raw, name)
            } else {
                count += 1
            }
        }
        return count
    }

}
