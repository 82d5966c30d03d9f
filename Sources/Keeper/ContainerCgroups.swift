import Glibc
import Linux
import PodPlan

/// What of a container's resources the process itself takes on, between `clone3` and `exec`.
struct ContainerCgroups {
    let plan: PodPlan
    let container: ContainerPlan

    /// On cgroup v1 there is nothing like `CLONE_INTO_CGROUP`: the process goes into each cgroup that the supervisor has made
    /// for it, before it runs anything of the container's. Of cgroup v2 it has been in the right one from the start.
    func enter() throws(LaunchFailure) {
        if container.resources.limits == nil && !container.resources.restrictsDevices { return }
        for controller in ["cpu", "memory", "pids", "hugetlb", "devices"] {
            let path = "/sys/fs/cgroup/\(controller)/\(plan.paths.cgroup)/\(container.name)/cgroup.procs"
            let result = KernelFile.write("0", to: path)
            if result < 0 && result != -ENOENT { throw LaunchFailure(.cgroup, errno: -result, path: path) }
        }
    }

    /// Lowering takes CAP_SYS_RESOURCE; without it the value stays as it is, the lowest that is allowed.
    func adjustOutOfMemoryScore() {
        KernelFile.write("\(container.resources.oomScoreAdjust)", to: "/proc/self/oom_score_adj")
    }
}
