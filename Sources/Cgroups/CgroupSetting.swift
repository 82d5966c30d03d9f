import Glibc
public import PodPlan

/// One value to be written into one file of a cgroup.
public struct CgroupSetting: Sendable, Equatable {
    public var controller: CgroupController
    public var file: String
    public var value: String
    /// A kernel that lacks the file does without.
    public var isOptional: Bool

    init(_ controller: CgroupController, _ file: String, _ value: some BinaryInteger, isOptional: Bool = false) {
        self.init(controller, file, "\(value)", isOptional: isOptional)
    }

    init(_ controller: CgroupController, _ file: String, _ value: String, isOptional: Bool = false) {
        self.controller = controller
        self.file = file
        self.value = value
        self.isOptional = isOptional
    }
}

extension CgroupLimits {
    /// What is written where the host has the controller on cgroup v1 (Documentation/admin-guide/cgroup-v1).
    public var legacySettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if cpuShares > 0 { settings.append(.init(.cpu, "cpu.shares", cpuShares)) }
        if cpuQuota > 0 {
            settings.append(.init(.cpu, "cpu.cfs_period_us", Self.cpuPeriod))
            settings.append(.init(.cpu, "cpu.cfs_quota_us", cpuQuota))
        }
        if memory > 0 {
            settings.append(.init(.memory, "memory.limit_in_bytes", memory))
            // Memory and swap together: no swap (the kubelet's NoSwap).
            settings.append(.init(.memory, "memory.memsw.limit_in_bytes", memory, isOptional: true))
        }
        if pids > 0 { settings.append(.init(.pids, "pids.max", pids)) }
        for pages in hugePages {
            let prefix = "hugetlb.\(pages.sizeName)"
            settings.append(.init(.hugetlb, prefix + ".limit_in_bytes", pages.limit))
            // So that mmap(2) fails, and not the access.
            settings.append(.init(.hugetlb, prefix + ".rsvd.limit_in_bytes", pages.limit, isOptional: true))
        }
        return settings
    }

    /// The same for cgroup v2 (Documentation/admin-guide/cgroup-v2.rst).
    public var unifiedSettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if cpuShares > 0 { settings.append(.init(.cpu, "cpu.weight", Self.weight(ofShares: cpuShares))) }
        if cpuQuota > 0 { settings.append(.init(.cpu, "cpu.max", "\(cpuQuota) \(Self.cpuPeriod)")) }
        if memory > 0 {
            settings.append(.init(.memory, "memory.max", memory))
            settings.append(.init(.memory, "memory.swap.max", 0, isOptional: true))
            // The kubelet's default (singleProcessOOMKill) where the kernel has it.
            if killsTogether { settings.append(.init(.memory, "memory.oom.group", 1, isOptional: true)) }
        }
        if pids > 0 { settings.append(.init(.pids, "pids.max", pids)) }
        for pages in hugePages {
            let prefix = "hugetlb.\(pages.sizeName)"
            settings.append(.init(.hugetlb, prefix + ".max", pages.limit))
            settings.append(.init(.hugetlb, prefix + ".rsvd.max", pages.limit, isOptional: true))
        }
        return settings
    }

    /// The controllers that carry the limits out.
    public var controllers: [CgroupController] {
        CgroupController.allCases.filter { controller in
            switch controller {
            case .cpu: cpuShares > 0 || cpuQuota > 0
            case .memory: memory > 0
            case .pids: pids > 0
            case .hugetlb: !hugePages.isEmpty
            case .devices: false
            }
        }
    }

    /// `cpu.weight` of the `cpu.shares`: the least, the default and the most of one become those of the other
    /// (`ConvertCPUSharesToCgroupV2Value` of github.com/opencontainers/cgroups; the kubelet's since 1.35).
    static func weight(ofShares shares: UInt64) -> UInt64 {
        if shares <= 2 { return 1 }
        if shares >= 262_144 { return 10_000 }
        let exponent = log2(Double(shares))
        return UInt64(pow(10, (exponent * exponent + 125 * exponent) / 612 - 7.0 / 34).rounded(.up))
    }
}

extension CgroupLimits.HugePages {
    /// As in the names of the controller's files: `2MB`, `1GB`, `64KB`.
    var sizeName: String {
        for (shift, unit) in [(30, "GB"), (20, "MB")] where pageSize >= 1 << UInt64(shift) {
            return "\(pageSize >> UInt64(shift))\(unit)"
        }
        return "\(pageSize >> 10)KB"
    }
}
