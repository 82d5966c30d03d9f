import Glibc
import Linux
public import PodPlan

/// Limits of cgroups in which something runs.
extension CgroupLayout {
    /// Sets what a controller carries out, cpu or memory, also where there is no limit any more. The cgroup is made, and what
    /// runs in the same one of another hierarchy moved into it, where there was none for the controller.
    ///
    /// - Parameter grows: Of memory on cgroup v1, whose limit may never be above that of memory and swap together.
    public func resize(
        _ path: String, to limits: CgroupLimits, _ controller: CgroupController, grows: Bool
    ) throws(SystemError) {
        if unifiedControllers.contains(controller) {
            for setting in limits.unifiedValues(controller) { try write(setting, in: "\(unified)/\(path)") }
            return
        }
        guard let root = legacy[controller] else { return }
        let directory = "\(root)/\(path)"
        let isNew = access(directory, F_OK) != 0
        if isNew { try makeDirectory(root, path) }
        let settings = limits.legacyValues(controller)
        for setting in grows && !isNew ? settings.reversed() : settings { try write(setting, in: directory) }
        if isNew { try adopt(path, into: directory, besides: controller) }
    }

    /// Bytes of memory that the cgroup has in use; nil: nobody counts.
    public func memoryInUse(_ path: String) -> UInt64? {
        let file: String
        if unifiedControllers.contains(.memory) {
            file = "\(unified)/\(path)/memory.current"
        } else if let root = legacy[.memory] {
            file = "\(root)/\(path)/memory.usage_in_bytes"
        } else {
            return nil
        }
        return KernelFile.read(file).flatMap { UInt64($0.prefix { $0.isNumber }) }
    }

    /// What is started meanwhile is a child of what has been moved, or is seen the next time.
    private func adopt(_ path: String, into directory: String, besides controller: CgroupController) throws(SystemError)
    {
        let other = legacy.first { $0.key != controller && access("\($0.value)/\(path)", F_OK) == 0 }?.value
        let source = unified.isEmpty ? other : unified
        guard let source else { return }
        var known: Set<Substring> = []
        for _ in 0..<20 {
            let text = KernelFile.read("\(source)/\(path)/cgroup.procs") ?? ""
            let new = text.split(separator: "\n").filter { !known.contains($0) }
            if new.isEmpty { return }
            for process in new {
                known.insert(process)
                let file = directory + "/cgroup.procs"
                let result = KernelFile.write(String(process), to: file)
                if result < 0 && result != -ESRCH { throw SystemError(errno: -result, call: "write", path: file) }
            }
        }
    }
}

extension CgroupLimits {
    /// Whether `new` leaves more of what the controller counts than `self`, or as much.
    public func grows(to new: CgroupLimits, _ controller: CgroupController) -> Bool {
        let (old, new) = controller == .cpu ? (cpuQuota, new.cpuQuota) : (memory, new.memory)
        return new == 0 || (old != 0 && new >= old)
    }

    func unifiedValues(_ controller: CgroupController) -> [CgroupSetting] {
        switch controller {
        case .cpu:
            [
                .init(.cpu, "cpu.weight", Self.weight(ofShares: cpuShares)),
                .init(.cpu, "cpu.max", "\(cpuQuota > 0 ? "\(cpuQuota)" : "max") \(Self.cpuPeriod)"),
            ]
        case .memory:
            [
                .init(.memory, "memory.max", memory > 0 ? "\(memory)" : "max"),
                .init(.memory, "memory.swap.max", memory > 0 ? "0" : "max", isOptional: true),
            ]
        case .pids, .hugetlb, .devices: []
        }
    }

    func legacyValues(_ controller: CgroupController) -> [CgroupSetting] {
        switch controller {
        case .cpu:
            [
                .init(.cpu, "cpu.shares", max(cpuShares, 2)), .init(.cpu, "cpu.cfs_period_us", Self.cpuPeriod),
                .init(.cpu, "cpu.cfs_quota_us", cpuQuota > 0 ? "\(cpuQuota)" : "-1"),
            ]
        case .memory:
            [
                .init(.memory, "memory.limit_in_bytes", memory > 0 ? "\(memory)" : "-1"),
                .init(.memory, "memory.memsw.limit_in_bytes", memory > 0 ? "\(memory)" : "-1", isOptional: true),
            ]
        case .pids, .hugetlb, .devices: []
        }
    }
}
