import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// Has the kernel enforce a container's AppArmor profile from its exec on.
struct Confinement {
    private let plan: ConfinementPlan

    init(_ plan: ConfinementPlan) {
        self.plan = plan
    }

    /// In the container's process, while it has all privileges: the kernel takes the write from whoever has opened the file.
    ///
    /// Goes through a procfs of its own that nobody else sees or can mount over, so that the word reaches the kernel and no
    /// other file (CVE-2019-16884, CVE-2023-28642, CVE-2025-52881).
    func apply() throws(LaunchFailure) {
        let profile = plan.appArmorProfile
        guard !profile.isEmpty else { return }
        do throws(SystemError) {
            let proc = try MountHandle(
                type: "proc", options: [("subset", "pid")], attributes: [.noSetUserID, .noDevices, .noExecution])
            // A kernel before 5.1 has the second alone.
            var fd = swl_openat(proc.fd.raw, "thread-self/attr/apparmor/exec", O_WRONLY | O_NOFOLLOW, 0)
            if fd == -ENOENT { fd = swl_openat(proc.fd.raw, "thread-self/attr/exec", O_WRONLY | O_NOFOLLOW, 0) }
            let file = OwnedFD(try check(fd, "open", "attr/exec"))
            guard swl_file_system(file.raw) == SWL_PROC_MAGIC else {
                throw SystemError(errno: EINVAL, call: "fstatfs", path: "attr/exec")
            }
            let word = "exec " + profile
            let count = write(file.raw, word, word.utf8.count)
            let code = errno
            if count != word.utf8.count {
                throw SystemError(errno: count < 0 ? code : EIO, call: "write", path: profile)
            }
        } catch {
            throw LaunchFailure(.confinement, errno: error.errno, path: profile)
        }
    }
}
