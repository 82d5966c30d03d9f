import CLinux
import Cgroups
import Glibc
import Linux
import Mounts
import PodLifecycle
import PodPlan
import Volumes

/// What the kernel does not free when a pod has died: its cgroup, its state directory and its run directory.
struct PodRemains {
    /// What goes besides cgroup and run directory.
    enum Extent {
        /// The state directory.
        case all
        /// The pod is of the store, and has ended for good: its volumes.
        case volumes
        /// It is of the store, and may be started again.
        case nothing
    }

    let paths: PodPlan.Paths
    let extent: Extent

    init(_ paths: PodPlan.Paths, _ extent: Extent) {
        self.paths = paths
        self.extent = extent
    }

    /// Of a pod that nobody holds.
    init(dead paths: PodPlan.Paths) {
        self.paths = paths
        if PodLock.isKept(paths.state) {
            let status = (try? StateDirectory.read(paths.state + "/status.json")) ?? []
            extent = StatusFile.saysEnded(status) ? .volumes : .nothing
        } else {
            extent = .all
        }
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
            switch extent {
            case .all: try TreeRemoval.remove(paths.state)
            case .volumes: try TreeRemoval.remove(paths.state + "/volumes")
            case .nothing: break
            }
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
            let hasRun = access(paths.run, F_OK) == 0
            if hasRun && (try? PodLock.take(paths.run)) == nil { continue }
            let remains = PodRemains(dead: paths)
            // Whoever starts it again takes over what it has left.
            if remains.extent == .nothing || (remains.extent == .volumes && !hasRun) { continue }
            problems += remains.remove(cgroups: cgroups, hasLimits: true)
        }
        return problems
    }
}
