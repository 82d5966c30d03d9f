import Glibc

/// The file before SQLite sees it: for its owner alone, in a directory that is as well.
enum ObjectStoreFile {
    static func make(_ path: String) throws(ObjectStoreError) {
        var status = stat()
        if stat(path, &status) == 0 { return }
        if let directory = path.lastIndex(of: "/").map({ String(path[..<$0]) }), !directory.isEmpty {
            try makeDirectories(directory)
        }
        // Files that belong to it, SQLite makes with the same mode.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST {
            throw .unusable(path: path, problem: String(cString: strerror(errno)))
        }
    }

    private static func makeDirectories(_ path: String) throws(ObjectStoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let parent = path.lastIndex(of: "/"), parent > path.startIndex else {
            throw .unusable(path: path, problem: String(cString: strerror(errno)))
        }
        try makeDirectories(String(path[..<parent]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .unusable(path: path, problem: String(cString: strerror(errno)))
        }
    }
}
