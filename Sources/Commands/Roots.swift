import Glibc

/// Where swiftlet keeps its things. `--root DIR` (or `SWIFTLET_ROOT`) moves all of them below one directory, so that a
/// whole world can be tried out and thrown away.
struct Roots {
    /// Pods' directories and caches.
    var state: String
    /// Locks and what lives no longer than the host is up.
    var run: String
    /// What the node that pods are scheduled to is like; need not be there.
    var node: String
    /// Container logs, where log shippers for Kubernetes look for them.
    var logs: String

    init(_ root: String?) {
        if let root = root ?? getenv("SWIFTLET_ROOT").map({ String(cString: $0) }), !root.isEmpty {
            let absolute = Self.absolute(root)
            state = absolute + "/lib"
            run = absolute + "/run"
            logs = absolute + "/log/pods"
            node = absolute + "/etc/node.yaml"
        } else {
            state = "/var/lib/swiftlet"
            run = "/run/swiftlet"
            logs = "/var/log/pods"
            node = "/etc/swiftlet/node.yaml"
        }
    }

    static func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : workingDirectory + "/" + path }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
