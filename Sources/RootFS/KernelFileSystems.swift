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

    /// Of the cgroup namespace that the caller is in, at the usual place below `sys`: cgroup v2, which a host with cgroup v1
    /// alone lacks, and beside it each controller of `legacy`, where programs look for their limits.
    static func attachCgroups(to sys: Int32, readOnly: Bool, legacy: [String]) {
        var attributes: MountAttributes = [.noSetUserID, .noDevices, .noExecution]
        if readOnly { attributes.insert(.readOnly) }
        let unified = try? MountHandle(type: "cgroup2", attributes: attributes)
        if legacy.isEmpty {
            try? unified?.attach(to: sys, "fs/cgroup")
            return
        }
        do {
            let all = try MountHandle(
                type: "tmpfs", options: [("mode", "0755"), ("size", "64k")],
                attributes: [.noSetUserID, .noDevices, .noExecution])
            for name in ["unified"] + legacy { try RootMounts.makeDirectory(all.fd.raw, name, 0o755) }
            try all.attach(to: sys, "fs/cgroup")
            try? unified?.attach(to: all.fd.raw, "unified")
            let hierarchies = hierarchies()
            for name in legacy {
                let together = hierarchies.first { $0.contains(name) } ?? [name]
                try MountHandle(type: "cgroup", options: together.map { ($0, nil) }, attributes: attributes)
                    .attach(to: all.fd.raw, name)
            }
            if readOnly { try all.set(.readOnly) }
        } catch {
            // Limits hold whether they are seen or not.
        }
    }

    /// The controllers of each hierarchy of cgroup v1, which can only be mounted together (cgroups(7)).
    private static func hierarchies() -> [[String]] {
        (KernelFile.read("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count < 3 ? nil : fields[1].split(separator: ",").map(String.init)
        }
    }
}
