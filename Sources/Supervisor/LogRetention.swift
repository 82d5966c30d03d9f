import CLinux
import Glibc
import Linux
import PodPlan
import Volumes

/// Logs outlive their pod, for whoever wants to read them afterwards, but not for ever: of the pods that have ended, the
/// latest few keep theirs.
enum LogRetention {
    static let keptPods = 10
    /// Says that a directory is swiftlet's: a kubelet on the same host has its logs beside it.
    static let marker = ".swiftlet"

    /// Of a directory that is being made or removed: neither is done at once, and a kill in between is made good by the next
    /// `prune`.
    static let prefix = ".swiftlet-"

    /// Makes a pod's directory, whose parent is there, with its marker.
    static func make(_ directory: String) throws(SystemError) {
        let hidden = hidden(directory)
        if access(directory, F_OK) == 0 { return try mark(directory) }
        try Sandbox.makeDirectory(hidden)
        try mark(hidden)
        if rename(hidden, directory) < 0 { throw SystemError(errno: errno, call: "rename", path: directory) }
    }

    private static func mark(_ directory: String) throws(SystemError) {
        let path = directory + "/" + marker
        _ = OwnedFD(try check(swl_open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600), "open", path))
    }

    private static func hidden(_ directory: String) -> String {
        guard let slash = directory.lastIndex(of: "/") else { return prefix + directory }
        return directory[...slash] + prefix + directory[slash...].dropFirst()
    }

    /// Removes the logs of pods that have ended, but for the `keptPods` that ended last, and for those of the store. `paths`
    /// are any pod's.
    static func prune(_ paths: PodPlan.Paths) {
        prune(
            Sandbox.parent(paths.logs), run: Sandbox.parent(paths.run), state: Sandbox.parent(paths.state))
    }

    /// `run` and `state` are directories in which pods that are alive have theirs, named by uid.
    static func prune(_ root: String, run: String, state: String) {
        var ended: [(path: String, at: Int)] = []
        for name in DirectoryReader.entries(root) {
            let path = root + "/" + name
            let uid = name.lastIndex(of: "_").map { name[$0...].dropFirst() } ?? ""
            let isAlive = access("\(run)/\(uid)", F_OK) == 0 || access("\(state)/\(uid)", F_OK) == 0
            if isAlive { continue }
            if name.hasPrefix(prefix) {
                try? TreeRemoval.remove(path)
                continue
            }
            var status = stat()
            guard lstat(path + "/" + marker, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            guard lstat(path, &status) == 0 else { continue }
            ended.append((path, status.st_mtim.tv_sec))
        }
        for (path, _) in ended.sorted(by: { $0.at > $1.at }).dropFirst(keptPods) {
            // Without its marker nobody would know whose it is.
            if rename(path, hidden(path)) == 0 { try? TreeRemoval.remove(hidden(path)) }
        }
    }
}
