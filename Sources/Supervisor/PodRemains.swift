import CLinux
import Cgroups
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

/// What the kernel does not free when a pod has died: its cgroup, its state directory and its run directory.
struct PodRemains {
    let paths: PodPlan.Paths

    init(_ paths: PodPlan.Paths) {
        self.paths = paths
    }

    /// The run directory, which says that there is something to sweep, goes last, and only when all else has gone.
    /// Returns what could not be removed, in words. `hasLimits` false: it has no cgroups but the one in the tree of cgroup v2.
    func remove(cgroups: CgroupTree?, hasLimits: Bool) -> [String] {
        var problems: [String] = []
        let deadline = Clock.boot + 5_000_000_000
        let isGone = cgroups?.remove(paths.cgroup, until: deadline) ?? true
        let isGoneFromLegacy = !hasLimits || CgroupLayout().removeLegacy(paths.cgroup, until: deadline)
        if !isGone || !isGoneFromLegacy {
            problems.append("cgroup \(paths.cgroup) is still in use; the next command removes it")
        }
        do {
            try TreeRemoval.remove(paths.state)
        } catch {
            problems.append("\(error)")
        }
        if problems.isEmpty {
            do {
                try TreeRemoval.remove(paths.run)
            } catch {
                problems.append("\(error)")
            }
        }
        return problems
    }
}

/// Removes what dead pods have left: pods whose keeper and supervisor were both killed, or whose host went down.
public enum Sweep {
    /// `state` and `run` are the roots, such as `/var/lib/swiftlet` and `/run/swiftlet`. Returns problems in words.
    public static func run(state: String, run: String) -> [String] {
        var problems: [String] = []
        guard let gate = try? PodLock.gate(run, exclusive: true) else { return [] }
        defer { _ = gate.raw }
        let cgroups = CgroupTree()
        let names = Set(DirectoryReader.entries(run + "/pods")).union(DirectoryReader.entries(state + "/pods"))
        for name in names {
            let paths = PodPlan.Paths(
                state: "\(state)/pods/\(name)", run: "\(run)/pods/\(name)", logs: "", cgroup: "swiftlet/pod\(name)")
            // The gate keeps others out until all is gone, so the lock itself need not be held.
            if access(paths.run, F_OK) == 0 && (try? PodLock.take(paths.run)) == nil { continue }
            problems += PodRemains(paths).remove(cgroups: cgroups, hasLimits: true)
        }
        return problems
    }
}
