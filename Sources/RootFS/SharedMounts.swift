import CLinux
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

/// What all containers of a pod have in common, made once, in the pod's mount namespace, on the tmpfs of its volumes:
///
///     .root      where each container, in its own namespace, puts its root together
///     .etc       the layer over the /etc of a host root
///     .layer     the layer over a directory root: etc, and the directories that something is mounted on
///     .empty     an empty directory, mounted read-only
///     .shm       /dev/shm
///     .mqueue    /dev/mqueue, of the pod's IPC namespace
///     .sys       /sys, of the pod's network namespace: read-only, with its masks
///
/// A container clones these mounts, which costs a fraction of making them.
public struct SharedMounts {
    /// Bytes; Docker's and containerd's default.
    static let sharedMemorySize: UInt64 = 64 << 20
    /// Bytes, of all containers together.
    static let terminationSize: UInt64 = 1 << 20

    private let plan: PodPlan
    private let directory: String
    private let secrets: () -> [String]

    /// `secrets` is of `HostSecrets.find`, and asked for late: it may still be under way.
    public init(plan: PodPlan, secrets: @escaping () -> [String]) {
        self.plan = plan
        self.secrets = secrets
        directory = VolumeTable.directory(plan.paths)
    }

    static func path(_ plan: PodPlan, _ name: String) -> String {
        VolumeTable.directory(plan.paths) + "/." + name
    }

    /// The same of those that `MappedMounts` has too.
    static func layer(_ plan: PodPlan, _ name: String) -> String {
        plan.namespaces.ownUsers ? MappedMounts.path(plan, "." + name) : path(plan, name)
    }

    /// Once, after `VolumeSetup.make`.
    public func make() throws(SystemError) {
        let mask = umask(0)
        defer { umask(mask) }
        let mounts = try MountContext()
        for name in ["root", "empty", "shm", "mqueue", "sys"] { try makeDirectory(directory + "/." + name) }
        let empty = directory + "/.empty"
        try mounts.bind(empty, empty)
        try mounts.restrict(empty, options: "ro,nosuid,nodev,noexec")
        if plan.namespaces.hostIPC {
            // POSIX shared memory is files; the host's are part of its IPC namespace in all but name.
            try mounts.bind("/dev/shm", directory + "/.shm")
            try mounts.restrict(directory + "/.shm", options: "nosuid,nodev,noexec")
        } else {
            try mounts.temporaryFileSystem(
                directory + "/.shm", size: Self.sharedMemorySize, mode: 0o1777, options: "nosuid,nodev,noexec",
                swap: true)
        }
        try makeTerminationDirectory(mounts)
        try makeMessageQueues()
        try makeSys()
        try makeLayers()
    }

    /// A container that fills its termination message fills no more than this.
    private func makeTerminationDirectory(_ mounts: MountContext) throws(SystemError) {
        let path = plan.paths.run + "/termination"
        try makeDirectory(path, mode: 0o700)
        try mounts.temporaryFileSystem(
            path, size: Self.terminationSize, mode: 0o700, options: "nosuid,nodev,noexec", swap: true)
    }

    private func makeMessageQueues() throws(SystemError) {
        // A kernel without POSIX message queues has no such file system.
        guard let queues = try? MountHandle(type: "mqueue", attributes: [.noSetUserID, .noDevices, .noExecution]) else {
            return
        }
        try queues.attach(to: SWL_AT_FDCWD, directory + "/.mqueue")
    }

    private func makeSys() throws(SystemError) {
        let sys = try KernelFileSystems.sys([.readOnly, .noSetUserID, .noDevices, .noExecution])
        try sys.attach(to: SWL_AT_FDCWD, directory + "/.sys")
        let null = try MaskedPaths.openNull()
        let empty = try MountHandle(at: directory + "/.empty")
        for path in MaskedPaths.sys {
            try MaskedPaths.mask(path, of: sys.fd.raw, null: null.raw, empty: empty.fd.raw)
        }
        let processors = "devices/system/cpu"
        let fd = swl_openat(sys.fd.raw, processors, O_RDONLY | O_DIRECTORY, 0)
        if fd < 0 { return }
        let list = OwnedFD(fd)
        for name in try DirectoryReader.names(list.raw) where name.hasPrefix("cpu") {
            try MaskedPaths.mask(
                "\(processors)/\(name)/thermal_throttle", of: sys.fd.raw, null: null.raw, empty: empty.fd.raw)
        }
    }

    private func makeLayers() throws(SystemError) {
        if plan.containers.contains(where: { $0.rootFS == .host }) {
            let etc = try EtcLayer(directory + "/.etc")
            let host = OwnedFD(try check(swl_open("/etc", O_RDONLY | O_DIRECTORY, 0), "open", "/etc"))
            try etc.cover(secrets(), of: host.raw)
            try etc.write(plan.etcFiles)
        }
        if plan.containers.allSatisfy({ $0.rootFS == .host }) { return }
        let layer = directory + "/.layer"
        try makeDirectory(layer)
        for name in DirectoryRoot.mountPoints { try makeDirectory(layer + "/" + name) }
        try EtcLayer(layer + "/etc").write(plan.etcFiles)
    }

    private func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        let made = swl_mkdirat(SWL_AT_FDCWD, path, mode)
        if made != -EEXIST { try check(made, "mkdir", path) }
    }
}
