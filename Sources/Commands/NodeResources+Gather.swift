import CLinux
import Glibc
import Linux
import PodAPI
import PodPlanner

extension NodeResources {
    /// Of the host that this runs on. `stateRoot` is where disk-backed volumes are kept.
    static func gather(stateRoot: String) -> NodeResources {
        var capacity: ResourceList = [
            ResourceName.cpu: Quantity(value: processors, format: .decimalSI), "pods": Quantity(value: 110),
        ]
        if let memory { capacity[ResourceName.memory] = Quantity(value: memory) }
        if let size = fileSystemSize(stateRoot) { capacity[ResourceName.ephemeralStorage] = Quantity(value: size) }
        if let text = try? String(contentsOfKernelFile: "/proc/sys/kernel/pid_max"),
            let pids = Int64(text.prefix { $0 != "\n" })
        {
            capacity["pids"] = Quantity(value: pids)
        }
        for (name, bytes) in hugePages { capacity[name] = Quantity(value: bytes) }
        return NodeResources(capacity: capacity)
    }

    /// Those that this process may run on.
    private static var processors: Int64 { Int64(max(1, swl_processors())) }

    /// Bytes; the first line of `/proc/meminfo`.
    private static var memory: Int64? {
        guard let text = try? String(contentsOfKernelFile: "/proc/meminfo"), text.hasPrefix("MemTotal:") else {
            return nil
        }
        let digits = text.dropFirst(9).drop { $0 == " " }.prefix { $0.isNumber }
        return Int64(digits).map { $0 * 1024 }
    }

    /// Bytes of the file system that the directory is on, or will be.
    private static func fileSystemSize(_ path: String) -> Int64? {
        var path = path
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return Int64(clamping: UInt64(status.f_blocks) * UInt64(status.f_frsize))
    }

    /// Bytes by `hugepages-<size>`, of pages that have been set aside.
    private static var hugePages: [(String, Int64)] {
        let root = "/sys/kernel/mm/hugepages"
        return DirectoryReader.entries(root).compactMap { name in
            guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
                let kilobytes = Int64(name.dropFirst(10).dropLast(2)),
                let text = try? String(contentsOfKernelFile: "\(root)/\(name)/nr_hugepages"),
                let count = Int64(text.prefix { $0 != "\n" })
            else { return nil }
            return ("hugepages-\(Quantity(value: kilobytes * 1024))", count * kilobytes * 1024)
        }
    }
}
