import CLinux
import Glibc
import Linux
import Mounts

/// New mounts of the kernel's own file systems.
enum KernelFileSystems {
    static func proc() throws(SystemError) -> MountHandle {
        try MountHandle(type: "proc", attributes: [.noSetUserID, .noDevices, .noExecution])
    }

    /// Of the network namespace that the caller is in; the host's where the kernel does not allow that.
    static func sys(_ attributes: MountAttributes) throws(SystemError) -> MountHandle {
        do {
            return try MountHandle(type: "sysfs", attributes: attributes)
        } catch {
            let host = OwnedFD(try check(swl_open("/sys", Int32(SWL_O_PATH) | O_DIRECTORY, 0), "open", "/sys"))
            let clone = try MountHandle(clone: host.raw)
            try clone.set(attributes)
            return clone
        }
    }

    /// Of the cgroup namespace that the caller is in, at the usual place below `sys`. A host with cgroup v1 alone has none.
    static func attachCgroups(to sys: Int32, readOnly: Bool) {
        var attributes: MountAttributes = [.noSetUserID, .noDevices, .noExecution]
        if readOnly { attributes.insert(.readOnly) }
        guard let cgroups = try? MountHandle(type: "cgroup2", attributes: attributes) else { return }
        try? cgroups.attach(to: sys, "fs/cgroup")
    }
}
