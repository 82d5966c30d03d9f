import Glibc
import Linux
import PodPlan

/// The log files of one container, one after the other: those of each restart, the rotated ones before the one that is written to.
///
/// Whoever can write to the directory may put anything there: what is not a regular file with one name, or is reached by a
/// symbolic link, is refused and never read (CVE-2025-0750 and its kind).
final class CRILogFiles {
    /// Which of them are read.
    enum Range {
        case all
        /// Those of one restart.
        case restart(UInt32)

        func contains(_ name: LogFileName) -> Bool {
            switch self {
            case .all: true
            case .restart(let number): name.restart == number
            }
        }
    }

    /// The file that is being read; -1: none yet, or none that could be opened.
    private(set) var file: Int32 = -1
    /// What the file was called when it was opened; nil before the first.
    private(set) var name: LogFileName?
    /// Files have been removed before they were read, or may have been.
    private(set) var hasGap = false
    private let directory: Int32
    private let range: Range
    /// The last of the rotated files when the current one was opened: what comes after it has not been read.
    private var floor: LogFileName?
    private var identity = Identity()

    private struct Identity: Equatable {
        var device: dev_t = 0
        var inode: ino_t = 0

        init() {}

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }
    }

    var inode: ino_t { identity.inode }

    /// `directory` is the container's, and becomes this object's own.
    init(directory: Int32, range: Range = .all) {
        self.directory = directory
        self.range = range
    }

    deinit {
        if file >= 0 { close(file) }
        close(directory)
    }

    /// Whether there is another file after the current one, which then is written to no more. Cheap while there is none.
    func hasNext(lookingForRestarts: Bool) -> Bool {
        guard let name, file >= 0 else { return next(in: list()) != nil }
        if !lookingForRestarts && !name.isRotated && identity(of: name) == identity { return false }
        return next(in: list()) != nil
    }

    /// Goes on to the next file. Files move on while they are being looked at, so what was opened has to be the next one still.
    /// Returns why it cannot be read, where it cannot.
    func advance() -> String? {
        for _ in 0..<100 {
            let names = list()
            guard let candidate = next(in: names) else { return nil }
            // O_NONBLOCK: the opening of a FIFO must not wait for a writer.
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            let opened = openat(directory, "\(candidate)", flags)
            if opened < 0 {
                if errno == ENOENT { continue }
                let problem = "\(candidate): not read: \(String(cString: strerror(errno)))"
                take(-1, candidate, names, Identity())
                return problem
            }
            var status = stat()
            guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else {
                close(opened)
                // A file that was removed in between has no name left, which is no fault.
                if status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 0 { continue }
                take(-1, candidate, names, Identity())
                return "\(candidate): not a regular file of its own, not read"
            }
            let found = Identity(status)
            guard let still = next(in: list()), identity(of: still) == found else {
                close(opened)
                continue
            }
            take(opened, still, names, found)
            return nil
        }
        return nil
    }

    private func take(_ opened: Int32, _ newName: LogFileName, _ names: [LogFileName], _ newIdentity: Identity) {
        if let name, file >= 0, !names.contains(where: { identity(of: $0) == identity }), newName.isRotated,
            newName.restart == name.restart
        {
            hasGap = true
        }
        if file >= 0 { close(file) }
        file = opened
        name = newName
        identity = newIdentity
        floor = newName.isRotated ? newName : names.last { $0.restart == newName.restart && $0.isRotated }
    }

    /// Of `names`, which are in order, the first that has not been read.
    private func next(in names: [LogFileName]) -> LogFileName? {
        guard let name else { return names.first }
        if file >= 0, let position = names.firstIndex(where: { identity(of: $0) == identity }) {
            return names.dropFirst(position + 1).first
        }
        // The current one has been removed, or could not be opened.
        return names.first { candidate in
            if candidate.restart != name.restart { return candidate.restart > name.restart }
            if file < 0 && candidate == name { return false }
            return floor.map { candidate > $0 } ?? true
        }
    }

    private func identity(of name: LogFileName) -> Identity? {
        var status = stat()
        guard fstatat(directory, "\(name)", &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return Identity(status)
    }

    private func list() -> [LogFileName] { Self.names(in: directory).filter(range.contains).sorted() }

    /// The names of log files in a directory.
    static func names(in directory: Int32) -> [LogFileName] {
        ((try? DirectoryReader.names(directory)) ?? []).compactMap(LogFileName.init)
    }
}
