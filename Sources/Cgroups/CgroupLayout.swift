import CLinux
import Glibc
public import Linux
public import PodPlan

/// Where the host has its cgroup controllers: all on cgroup v2, all on v1, or some on each (a hybrid host).
public struct CgroupLayout: Sendable, Equatable {
    /// Where cgroup v2 is mounted; empty: nowhere.
    public let unified: String
    /// Where each controller of cgroup v1 is mounted.
    public let legacy: [CgroupController: String]
    /// The controllers of cgroup v2.
    public let unifiedControllers: Set<CgroupController>

    /// `root` is `/sys/fs/cgroup`.
    public init(root: String = "/sys/fs/cgroup") {
        unified = ["", "/unified"].map { root + $0 }.first { access($0 + "/cgroup.controllers", F_OK) == 0 } ?? ""
        let names = unified.isEmpty ? nil : KernelFile.read(unified + "/cgroup.controllers")
        unifiedControllers = Set(
            (names ?? "").split { $0 == " " || $0 == "\n" }.compactMap { CgroupController(rawValue: String($0)) })
        var legacy: [CgroupController: String] = [:]
        for controller in CgroupController.allCases {
            // The file is there on v1 alone.
            let path = "\(root)/\(controller.rawValue)"
            if access(path + "/tasks", F_OK) == 0 { legacy[controller] = path }
        }
        self.legacy = legacy
    }

    /// Those that the host has on neither version.
    public func missing(of controllers: [CgroupController]) -> [CgroupController] {
        controllers.filter { !unifiedControllers.contains($0) && legacy[$0] == nil }
    }

    /// Makes the cgroup wherever one of the controllers is, and sets the limits. What the host has no controller for is left
    /// out.
    ///
    /// - Parameters:
    ///   - path: Below the roots of the hierarchies.
    ///   - controllers: All that the pod's cgroups need, so that each container is in a cgroup of its own in each.
    public func make(
        _ path: String, _ limits: CgroupLimits, controllers: [CgroupController]
    ) throws(SystemError) {
        let onUnified = controllers.filter(unifiedControllers.contains)
        if !onUnified.isEmpty { try enable(onUnified, above: path) }
        for controller in controllers where !unifiedControllers.contains(controller) {
            if let root = legacy[controller] { try makeDirectory(root, path) }
        }
        for setting in limits.unifiedSettings where unifiedControllers.contains(setting.controller) {
            try write(setting, in: "\(unified)/\(path)")
        }
        for setting in limits.legacySettings where !unifiedControllers.contains(setting.controller) {
            guard let root = legacy[setting.controller] else { continue }
            try write(setting, in: "\(root)/\(path)")
        }
    }

    /// A directory above may go at the same time, with the last pod in it.
    public func makeDirectory(_ root: String, _ path: String) throws(SystemError) {
        for attempt in 0..<100 {
            var full = root
            var isGone = false
            for component in path.split(separator: "/") {
                full += "/" + component
                if mkdir(full, 0o755) == 0 || errno == EEXIST { continue }
                if errno != ENOENT || attempt == 99 { throw SystemError(errno: errno, call: "mkdir", path: full) }
                isGone = true
                break
            }
            if !isGone { return }
        }
    }

    /// Hands the controllers down to the cgroup, which is there already.
    private func enable(_ controllers: [CgroupController], above path: String) throws(SystemError) {
        var directory = unified
        for component in path.split(separator: "/") {
            let file = directory + "/cgroup.subtree_control"
            for controller in controllers {
                let result = KernelFile.write("+" + controller.rawValue, to: file)
                if result < 0 { throw SystemError(errno: -result, call: "write", path: file) }
            }
            directory += "/" + component
        }
    }

    func write(_ setting: CgroupSetting, in directory: String) throws(SystemError) {
        let path = directory + "/" + setting.file
        let result = KernelFile.write(setting.value, to: path)
        if result >= 0 || setting.isOptional { return }
        throw SystemError(errno: -result, call: "write", path: path)
    }

    /// How many processes in the cgroup the kernel has killed because memory was short; nil: nobody counts.
    public func oomKills(_ path: String) -> UInt64? {
        let file: String
        if unifiedControllers.contains(.memory) {
            file = "\(unified)/\(path)/memory.events"
        } else if let root = legacy[.memory] {
            file = "\(root)/\(path)/memory.oom_control"
        } else {
            return nil
        }
        return KernelFile.read(file).flatMap(Self.oomKills(in:))
    }

    static func oomKills(in text: String) -> UInt64? {
        for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") { return UInt64(line.dropFirst(9)) }
        return nil
    }

    /// Removes the cgroup, with those below it, from the hierarchies of cgroup v1. Those of cgroup v2 are `CgroupTree`'s.
    /// False: something still runs in it at `deadline`, on the boot clock in nanoseconds.
    public func removeLegacy(_ path: String, until deadline: Int64) -> Bool {
        var isGone = true
        for root in legacy.values {
            if access("\(root)/\(path)", F_OK) != 0 { continue }
            while !CgroupTree.removeDirectories("\(root)/\(path)") {
                if Clock.boot > deadline {
                    isGone = false
                    break
                }
                // Elsewhere it is done by `cgroup.kill`.
                if unified.isEmpty { Self.killAll(in: "\(root)/\(path)") }
                usleep(500)
            }
            if let slash = path.lastIndex(of: "/") { rmdir("\(root)/\(path[..<slash])") }
        }
        return isGone
    }

    private static func killAll(in directory: String) {
        for name in DirectoryReader.entries(directory) + ["."] {
            guard let text = KernelFile.read("\(directory)/\(name)/cgroup.procs") else { continue }
            for line in text.split(separator: "\n") {
                if let pid = Int32(line), pid > 1 { _ = Glibc.kill(pid, SIGKILL) }
            }
        }
    }
}

extension CgroupLayout {
    /// A descriptor that says when the cgroup runs out of memory, and the epoll events that it says it by.
    public func outOfMemoryEvents(_ path: String) -> (descriptor: OwnedDescriptor, events: UInt32)? {
        if unifiedControllers.contains(.memory) {
            let file = swl_open("\(unified)/\(path)/memory.events", O_RDONLY, 0)
            return file < 0 ? nil : (OwnedDescriptor(OwnedFD(file)), EPOLLPRI.rawValue)
        }
        guard let root = legacy[.memory] else { return nil }
        let events = swl_out_of_memory_events("\(root)/\(path)")
        return events < 0 ? nil : (OwnedDescriptor(OwnedFD(events)), EventLoop.readable)
    }

    /// After an event: the next one is told of again.
    public static func acknowledge(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // An eventfd has no offset.
        if pread(descriptor, &buffer, buffer.count, 0) < 0 { _ = Glibc.read(descriptor, &buffer, buffer.count) }
    }
}
