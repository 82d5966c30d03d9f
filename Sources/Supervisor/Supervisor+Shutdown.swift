import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan

/// A pod of the store outlives who started it, and comes back after the host was shut down.
extension Supervisor {
    // MARK: Its own cgroup

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

    // MARK: Shutdown

    /// Says so in the run directory, which goes with the host: a successor of this supervisor finds it there.
    private var shutdownMark: String { plan.paths.run + "/shutdown" }

    /// The host goes down, as systemd tells services, by SIGTERM: the containers are stopped as the pod's end asks for, but what is
    /// on record stays as it was, and the next `boot` starts the pod again.
    func shutDown() {
        if plan.isKept && !lifecycle.isFinished && !lifecycle.isEnding && !isShuttingDown {
            writeRecord()
            let mark = swl_open(shutdownMark, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600)
            if mark >= 0 { close(mark) }
            isShuttingDown = true
        }
        dispatch(.stop(grace: nil))
    }

    func resumeShutdown() {
        isShuttingDown = access(shutdownMark, F_OK) == 0
    }
}
