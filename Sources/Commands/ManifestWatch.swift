import CLinux
import Glibc
import Linux

/// Tells when a manifest may have changed: written anew, or replaced by another file, as editors and Git do; also what a
/// symbolic link leads to. Directories are watched, since a file that is replaced takes its own watch along.
final class ManifestWatch {
    private let fd: OwnedFD
    private let paths: [String]
    private let recursive: Bool

    init(paths: [String], recursive: Bool) throws(SystemError) {
        fd = OwnedFD(try check(inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)), "inotify_init1"))
        self.paths = paths
        self.recursive = recursive
        watch()
    }

    /// Readable where there is something for `drain`.
    var raw: Int32 { fd.raw }

    /// Takes off what has happened, and watches what is new.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 16384)
        while read(fd.raw, &buffer, buffer.count) > 0 {}
        watch()
    }

    /// A directory that is watched already is not watched twice.
    private func watch() {
        for path in paths where path != "-" {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                add(path, depth: 0)
            } else {
                add(parent(of: path))
            }
            // What it leads to is elsewhere where it is a link.
            if let resolved = realpath(path, nil) {
                add(parent(of: String(cString: resolved)))
                free(resolved)
            }
        }
    }

    private func add(_ directory: String, depth: Int) {
        add(directory)
        guard recursive, depth < 100 else { return }
        for name in DirectoryReader.entries(directory) {
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            add("\(directory)/\(name)", depth: depth + 1)
        }
    }

    /// A file is complete when it is closed or moved; one that has only been made may be half written.
    private func add(_ directory: String) {
        let events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR
        _ = inotify_add_watch(fd.raw, directory, UInt32(events))
    }

    private func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
