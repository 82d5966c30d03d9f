import CLinux
import Glibc
import Linux
import PodPlan

/// `cp`: between the host and a container's root, both by descriptor. No program of the container runs, and nothing of it is
/// loaded (CVE-2019-14271).
struct PodCopy {
    /// A container's root directory, seen from here.
    struct Container: ~Copyable {
        let root: OwnedFD
        let uid: UInt32
        let gid: UInt32
        let workingDirectory: String

        /// `process` is a pidfd of the container's first process.
        init(
            pid: Int32, process: OwnedDescriptor, uid: UInt32, gid: UInt32, workingDirectory: String
        ) throws(SystemError) {
            let path = "/proc/\(pid)/root"
            let directory = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_DIRECTORY, 0), "open", path))
            // It still runs, so the number was its own all the time.
            var ended = pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)
            if poll(&ended, 1, 0) != 0 { throw SystemError(errno: ESRCH, call: "open", path: path) }
            (self.uid, self.gid, self.workingDirectory) = (uid, gid, workingDirectory)
            root = directory
        }

        /// O_PATH, with the container's root as its own; links lead where they lead in the container.
        func open(_ path: String, _ flags: Int32 = 0) throws(SystemError) -> OwnedFD {
            OwnedFD(
                try check(
                    swl_openat2(
                        root.raw, path.isEmpty ? "." : path, Int32(SWL_O_PATH) | flags, 0,
                        UInt64(SWL_RESOLVE_IN_ROOT | SWL_RESOLVE_NO_MAGICLINKS)), "open", path))
        }

        func absolute(_ path: String) -> String {
            path.hasPrefix("/") ? path : (workingDirectory.isEmpty ? "/" : workingDirectory + "/") + path
        }
    }

    let preserves: Bool
    /// Told of what is passed over.
    let warn: (String) -> Void

    /// Copies a file or directory of the host to `path`, or into it by the source's own name where it is a directory. Returns
    /// how many files below it could not be copied.
    func upload(_ local: String, to container: borrowing Container, _ path: String) throws -> Int {
        let raw = swl_open(local, Int32(SWL_O_PATH), 0)
        if raw == -ENOENT { throw CommandError("error: \(local) doesn't exist in local filesystem") }
        let source = OwnedFD(try check(raw, "open", local))
        let target = container.absolute(Self.trimmed(path))
        var copy = TreeCopy(
            .init(makesLinks: true, owner: (container.uid, container.gid), preserves: preserves), warn: warn)
        defer { copy.free() }
        if let directory = try? container.open(target, O_DIRECTORY) {
            let name = Self.lastComponent(Self.trimmed(local))
            if name.isEmpty {
                try copy.copyEntries(source.raw, into: directory.raw, shown: local)
            } else {
                try copy.copy(source.raw, to: directory.raw, FileName(name), shown: local)
            }
        } else {
            let directory = try container.open(Self.parent(target), O_DIRECTORY)
            let name = Self.lastComponent(target)
            if name.isEmpty { throw SystemError(errno: ENOENT, call: "open", path: path) }
            try copy.copy(source.raw, to: directory.raw, FileName(name), shown: local)
        }
        return copy.failures
    }

    /// The other way: a file to `local`, or into it where it is a directory; what is in a directory into `local`, which is made.
    func download(_ path: String, from container: borrowing Container, to local: String) throws -> Int {
        let source = try container.open(container.absolute(Self.trimmed(path)))
        var status = swl_stat()
        try check(swl_statat(source.raw, "", &status), "stat", path)
        var copy = TreeCopy(.init(makesLinks: false, owner: nil, preserves: preserves), warn: warn)
        defer { copy.free() }
        let target = Self.trimmed(local)
        switch status.mode & 0o170000 {
        case 0o040000:
            let directory = try Self.makeDirectories(target)
            try copy.copyEntries(source.raw, into: directory.raw, shown: path)
        case 0o100000:
            let existing = swl_open(target, Int32(SWL_O_PATH) | O_DIRECTORY, 0)
            if existing >= 0 {
                let directory = OwnedFD(existing)
                let name = Self.lastComponent(Self.trimmed(path))
                try copy.copy(source.raw, to: directory.raw, FileName(name), shown: path)
            } else {
                let directory = try Self.makeDirectories(Self.parent(target))
                try copy.copy(source.raw, to: directory.raw, FileName(Self.lastComponent(target)), shown: path)
            }
        default: throw CommandError("error: \(TerminalText.escaped(path)): neither a file nor a directory")
        }
        return copy.failures
    }

    /// On the host, where the user's own links are followed.
    private static func makeDirectories(_ path: String) throws(SystemError) -> OwnedFD {
        let found = swl_open(path, Int32(SWL_O_PATH) | O_DIRECTORY, 0)
        if found != -ENOENT { return OwnedFD(try check(found, "open", path)) }
        let above = try makeDirectories(parent(path))
        let made = swl_mkdirat(above.raw, lastComponent(path), 0o755)
        if made != -EEXIST { try check(made, "mkdir", path) }
        return OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_DIRECTORY, 0), "open", path))
    }

    /// Without slashes and `/.` at the end.
    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") || path.hasSuffix("/.") { path.removeLast() }
        return path
    }

    /// Empty for `/`, `.` and `..`, which have no name to go by.
    private static func lastComponent(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return name == "." || name == ".." ? "" : name
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
