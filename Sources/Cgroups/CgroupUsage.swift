import Glibc
import Linux

/// What the processes of a cgroup use, on cgroup v2, v1, or a host with some of each.
public struct CgroupUsage: Sendable, Equatable {
    /// CPU time since the cgroup was made, in nanoseconds.
    public var cpu: Int64
    /// Bytes: what is in use without files that could be dropped, as the kubelet's working set. Where the host has no memory
    /// controller, the processes' own pages.
    public var memory: Int64
}

extension CgroupLayout {
    /// nil: there is no such cgroup.
    ///
    /// - Parameter path: Below the roots of the hierarchies.
    public func usage(_ path: String) -> CgroupUsage? {
        let home = [unified] + legacy.values.sorted()
        guard let directory = home.first(where: { !$0.isEmpty && access("\($0)/\(path)", F_OK) == 0 }) else {
            return nil
        }
        let pids = Self.processes("\(directory)/\(path)")
        let cpu = cpuTime(path) ?? pids.reduce(0) { $0 + Self.cpuTime(of: $1) }
        return CgroupUsage(cpu: cpu, memory: workingSet(path) ?? pids.reduce(0) { $0 + Self.memory(of: $1) })
    }

    private func cpuTime(_ path: String) -> Int64? {
        if !unified.isEmpty, let text = KernelFile.read("\(unified)/\(path)/cpu.stat") {
            return Self.value("usage_usec", in: text).map { $0 * 1000 }
        }
        // The hierarchy of the controller that counts is mounted beside that which limits, or with it.
        for root in ["cpuacct", "cpu,cpuacct", "cpu"] {
            if let text = KernelFile.read("/sys/fs/cgroup/\(root)/\(path)/cpuacct.usage") {
                return Int64(text.prefix { $0.isNumber })
            }
        }
        return nil
    }

    private func workingSet(_ path: String) -> Int64? {
        let (file, statistics, key): (String, String, String)
        if unifiedControllers.contains(.memory) {
            (file, statistics, key) = ("memory.current", "memory.stat", "inactive_file")
        } else {
            (file, statistics, key) = ("memory.usage_in_bytes", "memory.stat", "total_inactive_file")
        }
        let root = unifiedControllers.contains(.memory) ? unified : legacy[.memory]
        guard let root, let text = KernelFile.read("\(root)/\(path)/\(file)"),
            let used = Int64(text.prefix { $0.isNumber })
        else { return nil }
        let inactive = KernelFile.read("\(root)/\(path)/\(statistics)").flatMap { Self.value(key, in: $0) } ?? 0
        return max(used - inactive, 0)
    }

    static func value(_ key: String, in text: String) -> Int64? {
        for line in text.split(separator: "\n") where line.hasPrefix(key + " ") {
            return Int64(line.dropFirst(key.utf8.count + 1))
        }
        return nil
    }

    /// Those in the cgroup and in the ones below it.
    private static func processes(_ directory: String) -> [Int32] {
        var pids = (KernelFile.read(directory + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }
        for name in DirectoryReader.entries(directory) {
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            pids += processes("\(directory)/\(name)")
        }
        return pids
    }

    /// proc_pid_stat(5): utime and stime, in clock ticks, come eleven fields after the state.
    private static func cpuTime(of pid: Int32) -> Int64 {
        guard let text = KernelFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else { return 0 }
        return (user + system) * (1_000_000_000 / Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1)))
    }

    /// Bytes; pages that are shared count in part where the kernel says so.
    private static func memory(of pid: Int32) -> Int64 {
        if let text = KernelFile.read("/proc/\(pid)/smaps_rollup") {
            for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
                return (Int64(line.dropFirst(4).drop { $0 == " " }.prefix { $0.isNumber }) ?? 0) * 1024
            }
        }
        let fields = (KernelFile.read("/proc/\(pid)/statm") ?? "").split(separator: " ")
        return fields.count > 1 ? (Int64(fields[1]) ?? 0) * Int64(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
