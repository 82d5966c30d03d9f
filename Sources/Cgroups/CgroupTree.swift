import CLinux
import Glibc
import Linux

/// The host's cgroup2 hierarchy, which every pod gets a directory in, whatever controllers it has: `cgroup.kill` ends all
/// of a pod at once, even where the controllers are still on version 1.
public struct CgroupTree: Sendable {
    /// Where it is mounted: `/sys/fs/cgroup`, or `/sys/fs/cgroup/unified` on a hybrid host.
    public let root: String

    /// Where the supervisors and keepers of stored pods are, below the root.
    public static let supervisors = "swiftlet/supervisors"

    /// systemd's own hierarchy where it is of cgroup v1, which has processes and no controllers. nil: there is none.
    public init?(systemd: Void) {
        root = "/sys/fs/cgroup/systemd"
        if access(root + "/cgroup.procs", F_OK) != 0 { return nil }
    }

    /// nil: the host has no cgroup2 mount.
    public init?() {
        let candidates = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
        guard let root = candidates.first(where: { access($0 + "/cgroup.procs", F_OK) == 0 }) else { return nil }
        self.root = root
    }

    /// Makes the directory and those above it, and opens it. One above it may go at the same time, with the last pod in it.
    public func make(_ path: String) throws(SystemError) -> OwnedFD {
        for _ in 0..<100 {
            do {
                return try makeOnce(path)
            } catch {
                if error.errno != ENOENT { throw error }
            }
        }
        throw SystemError(errno: ENOENT, call: "mkdir", path: "\(root)/\(path)")
    }

    private func makeOnce(_ path: String) throws(SystemError) -> OwnedFD {
        var full = root
        for component in path.split(separator: "/") {
            full += "/" + component
            if mkdir(full, 0o755) < 0 && errno != EEXIST { throw SystemError(errno: errno, call: "mkdir", path: full) }
        }
        return OwnedFD(try check(swl_open(full, O_RDONLY | O_DIRECTORY, 0), "open", full))
    }

    /// Where the process has gone, or may not be moved, it stays where it is.
    public func move(_ pid: Int32, into path: String) {
        KernelFile.write("\(pid)", to: "\(root)/\(path)/cgroup.procs")
    }

    /// Those in it and below.
    public func processes(_ path: String) -> [Int32] {
        let own = (KernelFile.read("\(root)/\(path)/cgroup.procs") ?? "").split(separator: "\n").compactMap {
            Int32($0)
        }
        let directory = swl_open("\(root)/\(path)", O_RDONLY | O_DIRECTORY, 0)
        if directory < 0 { return own }
        let opened = OwnedFD(directory)
        var below: [String] = []
        try? DirectoryReader.visit(opened.raw) { name, type in
            if type == Int32(DT_DIR) { below.append(String(cString: name)) }
            return true
        }
        return own + below.flatMap { processes("\(path)/\($0)") }
    }

    /// The directory of all pods goes with the last of them, in systemd's hierarchy too.
    private func removeTop(_ path: String) {
        rmdir("\(root)/\(Self.supervisors)")
        if let slash = path.lastIndex(of: "/") { rmdir("\(root)/\(path[..<slash])") }
        if let systemd = CgroupTree(systemd: ()) { rmdir(systemd.root + "/swiftlet") }
    }

    /// Sends SIGKILL to every process in it and below, at once (kernel 5.14 or later).
    public func kill(_ path: String) {
        let fd = swl_open("\(root)/\(path)/cgroup.kill", O_WRONLY, 0)
        if fd < 0 { return }
        _ = write(fd, "1", 1)
        close(fd)
    }

    /// Kills what is left in it, and removes it with the directories below. Waits for the kernel until `deadline`, on the
    /// boot clock in nanoseconds: a process in uninterruptible sleep keeps its cgroup.
    @discardableResult
    public func remove(_ path: String, until deadline: Int64) -> Bool {
        kill(path)
        while !Self.removeDirectories("\(root)/\(path)") {
            if Clock.boot > deadline { return false }
            kill(path)
            usleep(500)
        }
        removeTop(path)
        return true
    }

    static func removeDirectories(_ path: String) -> Bool {
        if rmdir(path) == 0 || errno == ENOENT { return true }
        let fd = swl_open(path, O_RDONLY | O_DIRECTORY, 0)
        if fd < 0 { return fd == -ENOENT }
        let directory = OwnedFD(fd)
        try? DirectoryReader.visit(directory.raw) { name, type in
            if type == Int32(DT_DIR) { _ = removeDirectories(path + "/" + String(cString: name)) }
            return true
        }
        return rmdir(path) == 0 || errno == ENOENT
    }
}
