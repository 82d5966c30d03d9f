import CLinux
import Cgroups
import Glibc
import Linux

/// Removes what was left over; each is looked at again before.
struct LeftOverRemoval {
    let roots: Roots
    let executable: SupervisorExecutable

    /// Returns what could not be removed, in words.
    func remove(_ all: [LeftOver]) -> [String] {
        var problems: [String] = []
        let pods = all.filter { $0.kind == .pod }
        for pod in pods where !PodLock.isHeld(pod.name, run: roots.run) {
            // It says that the pod is the store's, and keeps the sweep from its directory.
            for name in ["plan", "plan.bad"] { unlink("\(roots.state)/pods/\(pod.name)/\(name)") }
        }
        if !pods.isEmpty { executable.sweep(state: roots.state, run: roots.run) }
        for leftOver in all {
            switch leftOver.kind {
            case .pod:
                for root in [roots.state, roots.run] where access("\(root)/pods/\(leftOver.name)", F_OK) == 0 {
                    problems.append("\(root)/pods/\(leftOver.name): still there")
                }
            case .cgroup:
                if !removeCgroup(leftOver.name) { problems.append("\(leftOver.name): still in use") }
            case .log, .damaged, .seccomp:
                if let problem = Self.removeTree(leftOver.name) { problems.append("\(leftOver.name): \(problem)") }
            }
        }
        return problems
    }

    private func removeCgroup(_ path: String) -> Bool {
        if rmdir(path) == 0 || errno == ENOENT { return true }
        let parts = path.components(after: "/swiftlet")
        guard let root = parts?.root, let below = parts?.below, below.hasPrefix("/pod") else { return false }
        let deadline = Clock.boot + 3_000_000_000
        if let tree = CgroupTree(), tree.root == root { return tree.remove("swiftlet" + below, until: deadline) }
        return CgroupLayout().removeLegacy("swiftlet" + below, until: deadline)
    }

    /// Follows no link. Returns what is in the way, in words.
    static func removeTree(_ path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return "no path" }
        let parent = swl_open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        if parent < 0 { return String(cString: strerror(-parent)) }
        let directory = OwnedFD(parent)
        let result = removeTree(directory.raw, String(path[path.index(after: slash)...]), depth: 0)
        return result == 0 ? nil : String(cString: strerror(result))
    }

    private static func removeTree(_ directory: Int32, _ name: String, depth: Int) -> Int32 {
        let removed = swl_unlinkat(directory, name, 0)
        if removed == 0 || removed == -ENOENT { return 0 }
        guard removed == -EISDIR || removed == -EPERM, depth < 1000 else { return -removed }
        let opened = swl_openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        if opened < 0 { return -opened }
        let inner = OwnedFD(opened)
        for entry in (try? DirectoryReader.names(inner.raw)) ?? [] {
            let result = removeTree(inner.raw, entry, depth: depth + 1)
            if result != 0 { return result }
        }
        return -swl_unlinkat(directory, name, 1)
    }
}

extension String {
    /// Before and after the last `separator`, which is with neither.
    fileprivate func components(after separator: String) -> (root: String, below: String)? {
        var start = startIndex
        var last: Range<Index>?
        while start < endIndex {
            if self[start...].hasPrefix(separator) { last = start..<index(start, offsetBy: separator.count) }
            start = index(after: start)
        }
        return last.map { (String(self[..<$0.lowerBound]), String(self[$0.upperBound...])) }
    }
}
