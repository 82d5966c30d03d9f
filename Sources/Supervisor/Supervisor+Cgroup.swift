import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan

/// A pod of the store outlives who started it.
extension Supervisor {
    /// Supervisor and keeper were born into the cgroup of a shell's session or a unit, and would end with it. Done when the
    /// pod's state is first written, and so not in the way of a start: the kernel waits for all processors, some milliseconds.
    func leaveCallersCgroup() {
        guard plan.isKept, !hasOwnCgroup else { return }
        hasOwnCgroup = true
        let own = getpid()
        if let cgroups, (try? cgroups.make(CgroupTree.supervisors)) != nil {
            for pid in [keeper?.pid, own] { if let pid { cgroups.move(pid, into: CgroupTree.supervisors) } }
        }
        // Where systemd has a hierarchy of cgroup v1, containers are in it where the keeper was when they were cloned.
        guard let legacy = CgroupTree(systemd: ()), (try? legacy.make("swiftlet")) != nil else { return }
        if let keeper { legacy.move(keeper.pid, into: "swiftlet") }
        for pid in cgroups?.processes(plan.paths.cgroup) ?? [] { legacy.move(pid, into: "swiftlet") }
        legacy.move(own, into: "swiftlet")
    }

    /// Before it leaves: what it is in has to be removed with the last pod.
    func leaveOwnCgroup() {
        guard hasOwnCgroup else { return }
        cgroups?.move(getpid(), into: "")
        CgroupTree(systemd: ())?.move(getpid(), into: "")
    }
}
