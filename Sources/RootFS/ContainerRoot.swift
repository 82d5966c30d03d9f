import CLinux
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

/// Makes a container's root file system and takes the calling process into it.
///
/// Run in the container's process, after clone3 and before exec: in a new mount namespace that is a copy of the pod's, a new
/// PID namespace and a new cgroup namespace, with all privileges. Everything is put together at `<run>/volumes/.root`; after
/// pivot_root(2) nothing of the host's tree is left but descriptors, which the caller closes.
public struct ContainerRoot {
    /// Bytes.
    private static let layerMargin: UInt64 = 1 << 20
    private let pod: PodPlan
    private let index: Int
    private let volumes: VolumeTable
    /// The container's terminal, which is also its `/dev/console`, and the file system that it is of, for its `/dev/pts`.
    public var terminal: (fileSystem: Int32, device: Int32)?
    private var container: ContainerPlan { pod.containers[index] }

    public init(pod: PodPlan, container: Int, volumes: VolumeTable) {
        self.pod = pod
        index = container
        self.volumes = volumes
    }

    /// Returns `/dev/null` of the new root, open for reading: once volumes are mounted, another file may be there.
    ///
    /// `ready` is called when all is done that does not depend on what other containers have written to the volumes. A
    /// container that mounts a `subPath` has that from the start, so for it `ready` must not wait.
    @discardableResult
    public func build(ready: () -> Void = {}) throws(LaunchFailure) -> OwnedDescriptor {
        let mask = umask(0)
        defer { umask(mask) }
        if pod.namespaces.ownUsers {
            // What is made from here on is for the pod's root. That the process gives up with its users.
            let root = pod.namespaces.firstHostID
            try step(.user) { () throws(SystemError) in _ = try check(swl_set_file_ids(root, root), "setfsuid") }
        }
        let layers = try step(.rootFS) { () throws(SystemError) in try mountLayers() }
        let root = try step(.rootFS) { () throws(SystemError) in try mountRoot(layers.raw) }
        try step(.proc) { () throws(SystemError) in try mountProc(root.fd) }
        try step(.sys) { () throws(SystemError) in try mountSys(root.fd) }
        try step(.dev) { () throws(SystemError) in
            try DeviceDirectory.mount(
                on: root.fd, layers: layers.raw, plan: pod, privileged: container.privileged, terminal: terminal)
        }
        let null = try step(.dev) { () throws(SystemError) in
            OwnedDescriptor(OwnedFD(try check(swl_openat(root.fd, "dev/null", O_RDONLY, 0), "open", "/dev/null")))
        }
        try mountVolumes(root.fd)
        if !hasWorkingDirectoryOnVolume {
            try step(.workingDirectory) { () throws(SystemError) in
                _ = try SafePath.makeDirectories(.root, root.fd, container.workingDirectory)
            }
        }
        if container.readOnlyRootFilesystem { try step(.rootFS) { () throws(SystemError) in try root.makeReadOnly() } }
        try step(.pivot) { () throws(SystemError) in try enter(root.fd) }
        ready()
        try step(.workingDirectory) { () throws(SystemError) in
            let whole = OwnedFD(try check(swl_open("/", O_RDONLY | O_DIRECTORY, 0), "open", "/"))
            try changeDirectory(try SafePath.makeDirectories(.root, whole.raw, container.workingDirectory))
        }
        return null
    }

    /// Then it may be another container's to make, and this one must not be the first.
    public var hasWorkingDirectoryOnVolume: Bool {
        let path = container.workingDirectory + "/"
        return container.mounts.contains {
            path.hasPrefix($0.mountPath.hasSuffix("/") ? $0.mountPath : $0.mountPath + "/")
        }
    }

    /// The tmpfs that holds everything that the container writes: the upper layers (`u`), the overlays' work directories
    /// (`w`), `/dev`, and the mount point of the root.
    private func mountLayers() throws(SystemError) -> OwnedDescriptor {
        var options: [(String, String?)] = [("mode", "0755")]
        // A little more than the limit, so that whoever exceeds it is noticed, and yet can do no harm until then.
        if let limit = pod.resources.storage.containers.first(where: { $0.index == UInt32(index) }) {
            options.append(("size", "\(limit.bytes &+ Self.layerMargin)"))
        }
        let layers = try MountHandle(
            type: "tmpfs", source: "rootfs", options: options, attributes: [.noSetUserID, .noDevices])
        try layers.attach(to: SWL_AT_FDCWD, SharedMounts.path(pod, "root"))
        for name in ["u", "w", "root"] { try RootMounts.makeDirectory(layers.fd.raw, name, 0o755) }
        return OwnedDescriptor(try layers.fd.duplicate())
    }

    private func mountRoot(_ layers: Int32) throws(SystemError) -> RootMounts {
        try check(swl_fchdir(layers), "fchdir")
        switch container.rootFS {
        case .host: return try HostRoot.mount(layers: layers, plan: pod)
        case .directory(let path): return try DirectoryRoot.mount(path, layers: layers, plan: pod)
        }
    }

    private func mountProc(_ root: Int32) throws(SystemError) {
        let proc = try KernelFileSystems.proc()
        try proc.attach(to: root, "proc")
        if container.privileged || container.unmaskedProc { return }
        let null = try MaskedPaths.openNull()
        let empty = try MountHandle(at: SharedMounts.path(pod, "empty"))
        for path in MaskedPaths.readOnlyProc { try MaskedPaths.makeReadOnly(path, of: proc.fd.raw) }
        for path in MaskedPaths.proc {
            try MaskedPaths.mask(path, of: proc.fd.raw, null: null.raw, empty: empty.fd.raw)
        }
    }

    private func mountSys(_ root: Int32) throws(SystemError) {
        let sys =
            container.privileged
            ? try KernelFileSystems.sys([.noSetUserID, .noDevices, .noExecution])
            : try MountHandle(clone: SWL_AT_FDCWD, SharedMounts.path(pod, "sys"), recursive: true)
        try sys.attach(to: root, "sys")
        KernelFileSystems.attachCgroups(to: sys.fd.raw, readOnly: !container.privileged, legacy: legacyControllers)
    }

    /// Those of cgroup v1 by which the container has limits.
    private var legacyControllers: [String] {
        if container.resources.limits == nil { return [] }
        return ["cpu", "memory", "pids", "hugetlb"].filter {
            access("/sys/fs/cgroup/\($0)/\(pod.paths.cgroup)/\(container.name)/tasks", F_OK) == 0
        }
    }

    private func mountVolumes(_ root: Int32) throws(LaunchFailure) {
        let mounts = try step(.volume) { () throws(SystemError) in try VolumeMounts(volumes: volumes, root: root) }
        for mount in container.mounts {
            try step(.volume) { () throws(SystemError) in try mounts.mount(mount) }
        }
        try step(.terminationMessage) { () throws(SystemError) in
            let file = TerminationMessage.path(in: pod.paths.run, container: index)
            if !container.terminationMessagePath.isEmpty && access(file, F_OK) == 0 {
                try mounts.bind(file, isDirectory: false, at: container.terminationMessagePath)
            }
        }
    }

    /// With `.` for both, the old root ends up on top of the new one, and is what `.` then unmounts (pivot_root(2)).
    private func enter(_ root: Int32) throws(SystemError) {
        let old = pod.hasPropagation ? try MountHandle(at: "/") : nil
        try check(swl_fchdir(root), "fchdir")
        try check(swl_pivot_root(".", "."), "pivot_root")
        // Otherwise the old root's mounts would be unmounted at their peers too: at the host's, that is.
        try old?.setPropagation(.slave, recursive: true)
        try check(swl_unmount(".", 1), "umount")
        try check(swl_chdir("/"), "chdir", "/")
    }

    /// A directory that is not below the root has no path: getcwd would begin with `(unreachable)` (CVE-2024-21626).
    private func changeDirectory(_ directory: borrowing OwnedFD) throws(SystemError) {
        let path = container.workingDirectory
        try check(swl_fchdir(directory.raw), "chdir", path)
        var buffer = [CChar](repeating: 0, count: 4097)
        guard getcwd(&buffer, buffer.count) != nil, buffer[0] == CChar(bitPattern: UInt8(ascii: "/")) else {
            throw SystemError(errno: ENOENT, call: "getcwd", path: path)
        }
    }

    private func step<T>(_ step: LaunchStep, _ body: () throws(SystemError) -> T) throws(LaunchFailure) -> T {
        do {
            return try body()
        } catch {
            throw LaunchFailure(step, errno: error.errno, path: error.path.isEmpty ? error.call : error.path)
        }
    }
}
