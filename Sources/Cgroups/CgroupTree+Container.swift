import Glibc
import Linux

extension CgroupTree {
    /// Kills what is in a container's cgroup, and removes it; the pod's stays, with its limits. Waits for the kernel until
    /// `deadline`, on the boot clock in nanoseconds.
    public func clear(_ path: String, until deadline: Int64) {
        kill(path)
        while !Self.removeDirectories("\(root)/\(path)") && Clock.boot < deadline {
            usleep(200)
            kill(path)
        }
    }
}
