import CLinux
import PodPlan

extension ContainerProcess {
    /// Among the pod's users, in a copy of the mount namespace that belongs to them. The kernel locks what was mounted before:
    /// masks and read-only mounts stay, also for a container with CAP_SYS_ADMIN. All privileges over the host are gone from
    /// here on, all over the pod are there.
    func enterUsers() throws(LaunchFailure) {
        if users < 0 { return }
        for result in [swl_setns(users, Int32(SWL_CLONE_NEWUSER)), swl_unshare(Int32(SWL_CLONE_NEWNS))] where result < 0
        {
            throw LaunchFailure(.user, errno: -result, path: "user namespace")
        }
    }
}
