import Glibc

/// Reads files and directories without ever waiting for a FIFO or reading more than the limit.
enum ManifestFile {
    struct Failure: Error {
        var message: String
    }

    static let suffixes = [".yaml", ".yml", ".json", ".kyaml"]

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The manifests of a directory, sorted by name. Symbolic links to directories are not followed.
    static func manifests(in directory: String, recursive: Bool, depth: Int = 0) throws(Failure) -> [String] {
        guard let stream = opendir(directory) else { throw failure() }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        var paths: [String] = []
        for name in names.sorted() {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            var status = stat()
            let isDirectory = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            if isDirectory {
                guard recursive else { continue }
                guard depth < 100 else { throw Failure(message: "directories nested deeper than 100 levels") }
                paths += try manifests(in: path, recursive: true, depth: depth + 1)
            } else if suffixes.contains(where: name.hasSuffix) {
                paths.append(path)
            }
        }
        return paths
    }

    /// At most one byte more than the limit, which tells that there is more.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        try read(path, limit: limit, isOptional: false) ?? []
    }

    /// nil: there is no such file, and it may be missing.
    static func read(_ path: String, limit: Int, isOptional: Bool) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        if descriptor < 0, isOptional, errno == ENOENT || errno == ENOTDIR { return nil }
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFIFO: throw Failure(message: "is a FIFO; give a file, a directory, or - for standard input")
        case S_IFDIR: throw Failure(message: "is a directory")
        case S_IFCHR, S_IFBLK: throw Failure(message: "is a device; give a file, a directory, or - for standard input")
        default: throw Failure(message: "is no regular file")
        }
        return try read(descriptor, limit: limit, expected: Int(status.st_size))
    }

    static func readStandardInput(limit: Int) throws(Failure) -> [UInt8] {
        try read(STDIN_FILENO, limit: limit, expected: 0)
    }

    private static func read(_ descriptor: Int32, limit: Int, expected: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let room = min(limit + 1 - bytes.count, max(expected + 1 - bytes.count, 1 << 16))
            var count = 0
            var code: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, size in
                count = Glibc.read(descriptor, buffer.baseAddress, room)
                code = errno
                size = max(count, 0)
            }
            if count < 0 {
                if code == EINTR { continue }
                throw Failure(message: String(cString: strerror(code)).lowercased())
            }
            if count == 0 { break }
            bytes += chunk
        }
        return bytes
    }

    private static func failure() -> Failure {
        Failure(message: String(cString: strerror(errno)).lowercased())
    }
}
