import CLinux
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

/// Why a pod cannot have users of its own.
public struct MappedMountError: Error, Sendable, Equatable {
    public let message: String
}

/// The mounts of a pod with users of its own (KEP-127), as its containers see them: what belongs to root on the file system
/// belongs to the pod's root here, and nothing that a container makes has another owner there. Made once for a pod, below
/// `.map` on the tmpfs of its volumes; the supervisor goes on using the plain mounts, being root of the host.
///
///     .map/NAME  .map/.ro/NAME  .map/.peer/NAME     the volumes, as in `VolumeTable`
///     .map/.host/usr …                              the lower layers of a host root
///     .map/.rootN                                   those of directory roots
///     .map/.etc  .map/.layer  .map/.shm             of `SharedMounts`
public struct MappedMounts {
    private let plan: PodPlan
    private let users: Int32
    private let table: VolumeTable

    /// `users` is the pod's user namespace.
    public init(plan: PodPlan, users: Int32) {
        self.plan = plan
        self.users = users
        table = VolumeTable(plan)
    }

    static func path(_ plan: PodPlan, _ name: String) -> String {
        VolumeTable(plan, mapped: true).directory + "/" + name
    }

    /// The directories of the host that containers have as their root.
    private static func directories(_ plan: PodPlan) -> [String] {
        var list: [String] = []
        for container in plan.containers {
            if case .directory(let path) = container.rootFS, !list.contains(path) { list.append(path) }
        }
        return list
    }

    /// Where the lower layer of a directory root is.
    static func directory(_ plan: PodPlan, _ path: String) -> String {
        if !plan.namespaces.ownUsers { return path }
        return Self.path(plan, ".root\(directories(plan).firstIndex(of: path) ?? 0)")
    }

    /// Where the lower layer of one of the host root's directories is.
    static func hostDirectory(_ plan: PodPlan, _ name: String) -> String {
        path(plan, ".host/" + name)
    }

    /// Once, after `SharedMounts.make`.
    public func make() throws(MappedMountError) {
        let mask = umask(0)
        defer { umask(mask) }
        do throws(SystemError) {
            for name in ["", ".ro", ".peer", ".host"] { try makeDirectory(Self.path(plan, name)) }
        } catch {
            throw MappedMountError(message: error.description)
        }
        for (index, volume) in plan.volumes.enumerated() {
            let what = "volume \"\(volume.name)\""
            for path in [table.path(index), table.source(index, readOnly: true), table.peer(index)] {
                let name = String(path.dropFirst(table.directory.utf8.count + 1))
                if access(path, F_OK) == 0 && access(Self.path(plan, name), F_OK) != 0 {
                    try map(path, to: name, what, recursive: true)
                }
            }
        }
        try map(table.directory + "/.shm", to: ".shm", "/dev/shm")
        if plan.hasHostRoot {
            try map(table.directory + "/.etc", to: ".etc", "/etc")
            for name in HostRoot.directories {
                guard FileStatus(ifPresent: "/" + name, in: SWL_AT_FDCWD)?.kind == .directory else { continue }
                try map("/" + name, to: ".host/" + name, "/" + name)
            }
        }
        for path in Self.directories(plan) {
            let name = String(Self.directory(plan, path).dropFirst(table.directory.utf8.count + "/.map/".utf8.count))
            try map(path, to: name, path)
        }
        if access(table.directory + "/.layer", F_OK) == 0 { try map(table.directory + "/.layer", to: ".layer", "/") }
    }

    private func map(
        _ source: String, to name: String, _ what: String, recursive: Bool = false
    ) throws(MappedMountError) {
        do throws(SystemError) {
            let file = OwnedFD(
                try check(
                    swl_openat2(
                        SWL_AT_FDCWD, source, Int32(SWL_O_PATH), 0, UInt64(SWL_RESOLVE_NO_MAGICLINKS)), "open", source))
            let kind = try FileStatus(file.raw).kind
            let isTree = recursive && kind == .directory
            let mount = try MountHandle(clone: file.raw, recursive: isTree)
            var result = swl_mount_map(mount.fd.raw, isTree ? 1 : 0, users)
            // Below it may be one that cannot be mapped. Its files then belong to nobody in the container.
            if result == -EINVAL && isTree { result = swl_mount_map(mount.fd.raw, 0, users) }
            // Likewise the devices of the host, which are everybody's or nobody's.
            if result == -EINVAL && (kind == .characterDevice || kind == .blockDevice) { result = 0 }
            if result < 0 { throw SystemError(errno: -result, call: "mount_setattr", path: source) }
            let target = Self.path(plan, name)
            if kind == .directory {
                try makeDirectory(target)
            } else {
                _ = OwnedFD(try check(swl_open(target, O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600), "open", target))
            }
            try mount.attach(to: SWL_AT_FDCWD, target)
        } catch {
            throw MappedMountError(message: Self.message(error, what, source))
        }
    }

    private static func message(_ error: SystemError, _ what: String, _ path: String) -> String {
        guard error.call == "mount_setattr" else { return error.description }
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let entries = (try? MountTable())?.entries ?? []
        let type = entries.last { path == $0.target || path.hasPrefix($0.target == "/" ? "/" : $0.target + "/") }?.type
        return
            "\(what): the file system \(type ?? "of \(path)") cannot be mounted with users of the pod's own on kernel "
            + "\(release) (\(error)): put it on one that can, such as ext4, xfs or tmpfs, or leave out hostUsers: false"
    }

    private func makeDirectory(_ path: String) throws(SystemError) {
        let made = swl_mkdirat(SWL_AT_FDCWD, path, 0o755)
        if made != -EEXIST { try check(made, "mkdir", path) }
    }
}
