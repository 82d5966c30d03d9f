import CLinux
import Glibc

/// Reading of directories. `.` and `..` are never among what is read.
public enum DirectoryReader {
    /// The names in a directory, in no order; empty where it cannot be read. A name that is not UTF-8 comes out changed: for
    /// directories of our own and the kernel's only.
    public static func entries(_ path: String) -> [String] {
        let fd = swl_open(path, O_RDONLY | O_DIRECTORY, 0)
        if fd < 0 { return [] }
        let directory = OwnedFD(fd)
        return (try? names(directory.raw)) ?? []
    }

    /// As `entries`, by descriptor. Without symbolic links where `links` is false, and the file system says what an entry is.
    public static func names(_ directory: Int32, links: Bool = true) throws(SystemError) -> [String] {
        var names: [String] = []
        try visit(directory) { name, type in
            if links || type != Int32(DT_LNK) { names.append(String(cString: name)) }
            return true
        }
        return names
    }

    /// Calls `body` with each name, which need not be UTF-8 and is valid during the call, and its type (`DT_DIR` …, or
    /// `DT_UNKNOWN`), until `body` returns false. The descriptor's own offset stays as it is. `path` is for errors.
    public static func visit(
        _ directory: Int32, path: String = "",
        _ body: (UnsafePointer<CChar>, _ type: Int32) throws(SystemError) -> Bool
    ) throws(SystemError) {
        let copy = try check(swl_openat(directory, ".", O_RDONLY | O_DIRECTORY, 0), "open", path)
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw SystemError(errno: ENOMEM, call: "fdopendir", path: path)
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let type = Int32(entry.pointee.d_type)
            let goesOn = try withUnsafePointer(to: &entry.pointee.d_name) { (tuple) throws(SystemError) -> Bool in
                try tuple.withMemoryRebound(to: CChar.self, capacity: 256) { (name) throws(SystemError) -> Bool in
                    if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return true }
                    return try body(name, type)
                }
            }
            if !goesOn { return }
        }
    }
}
