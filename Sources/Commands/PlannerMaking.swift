import CLinux
import Glibc
import Linux
import PodAPI
import PodManifest
import PodPlan
import PodPlanner
import SyscallFilter

/// A planner for this host, as far as image maps can be read.
struct PlannerMaking {
    private(set) var errors: [Diagnostic] = []
    private(set) var planner: PodPlanner

    init(_ options: PlanningOptions, _ roots: Roots, _ host: HostFacts, _ sysctls: SysctlAllowList) {
        var entries: [ImageMap.Entry] = []
        for name in options.imageMap {
            if name == "builtin" {
                entries += ImageMap.builtin.entries
                continue
            }
            let file = ImageMapFile(path: name)
            errors += file.errors
            entries += file.entries.map(ImageMap.Entry.init)
        }
        let rootFS = options.rootfs.map { $0 == "host" ? .host : Self.rootFS($0) }
        let cache = roots.state + "/seccomp-programs"
        let local = LocalFilters(roots, cache: cache, architecture: host.architecture)
        planner = PodPlanner(
            host: host, imageMap: ImageMap(entries), rootFSOverride: rootFS,
            users: { (root) throws(UserDatabase.Failure) in try UserDatabase(of: root) },
            filter: { (capabilities) throws(PodPlanner.FilterFailure) in
                do throws(SyscallFilterError) {
                    return try SyscallFilter.runtimeDefault(capabilities: capabilities, cacheDirectory: cache)
                } catch {
                    throw PodPlanner.FilterFailure(error.description)
                }
            },
            localFilter: { (file, capabilities) throws(PodPlanner.FilterFailure) in
                try local.filter(file, capabilities)
            }, node: { NodeResources.gather(stateRoot: host.stateRoot) })
        planner.securityModules = SecurityModules.gather
        planner.sysctls = sysctls
        planner.busybox = { ["/bin/busybox", "/usr/bin/busybox"].first { access($0, X_OK) == 0 } }
    }

    fileprivate static func rootFS(_ text: String) -> ContainerPlan.RootFS {
        let path = text.hasPrefix("host:") ? String(text.dropFirst(5)) : text
        return path == "/" ? .host : .directory(path)
    }
}

extension ImageMap.Entry {
    fileprivate init(_ entry: ImageMapFile.Entry) {
        self.init(
            name: entry.image, root: PlannerMaking.rootFS(entry.root), entrypoint: entry.entrypoint,
            command: entry.command, environment: entry.env, workingDirectory: entry.workingDir)
    }
}

extension UserDatabase {
    /// Reads the two files of a root; one that is missing counts as empty. They are resolved inside the root, and must be regular.
    fileprivate init(of root: ContainerPlan.RootFS) throws(Failure) {
        switch root {
        case .host: try self.init(below: "/")
        case .directory(let path): try self.init(below: path)
        }
    }

    private init(below path: String) throws(Failure) {
        let raw = swl_open(path, O_RDONLY | O_DIRECTORY, 0)
        guard raw >= 0 else { throw .unreadable(file: path, problem: String(cString: strerror(-raw))) }
        let root = OwnedFD(raw)
        try self.init(
            passwd: try Self.read("etc/passwd", in: root.raw), group: try Self.read("etc/group", in: root.raw))
    }

    private static func read(_ file: String, in root: Int32) throws(Failure) -> [UInt8] {
        let raw = swl_openat2(
            root, file, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, UInt64(SWL_RESOLVE_IN_ROOT | SWL_RESOLVE_NO_MAGICLINKS))
        if raw == -ENOENT { return [] }
        guard raw >= 0 else { throw .unreadable(file: "/" + file, problem: String(cString: strerror(-raw))) }
        let fd = OwnedFD(raw)
        var status = stat()
        guard fstat(fd.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: "/" + file, problem: "not a regular file")
        }
        guard let bytes = try? MemoryFile.read(fd.raw, limit: maximumFileSize) else {
            throw .tooLarge(file: "/" + file)
        }
        return bytes
    }
}
