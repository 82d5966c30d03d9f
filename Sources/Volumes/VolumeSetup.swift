import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// Makes a pod's volumes real. Run once for a pod, by its supervisor, in the pod's own mount namespace: all mounts are made
/// there, below `<run>/volumes`, and go with the namespace. Only the directories of emptyDirs are on the host, below the
/// pod's state directory; they are there again, with their content, when the pod is set up anew.
public struct VolumeSetup {
    let plan: PodPlan
    let table: VolumeTable
    let hostMount: Int32?

    /// `hostMount` is a descriptor of the host's mount namespace; without it no mount spreads between host and pod.
    public init(plan: PodPlan, hostMount: Int32? = nil) {
        self.plan = plan
        self.hostMount = hostMount
        table = VolumeTable(plan)
    }

    public func make() throws(VolumeError) -> VolumeTable {
        var current = ""
        do {
            let mounts = try MountContext()
            try makeDirectory(table.directory, mode: 0o700)
            try mounts.temporaryFileSystem(table.directory, mode: 0o711, options: "nosuid,nodev")
            try makeDirectory(table.directory + "/.ro", mode: 0o700)
            for (index, volume) in plan.volumes.enumerated() {
                current = volume.name
                let propagation = table.propagation(index, in: plan)
                if propagation == .none {
                    try make(volume, at: table.path(index), mounts)
                } else {
                    try makePropagated(volume, index, propagation, mounts)
                }
                if table.needsReadOnlyMount(index, in: plan) {
                    try bindReadOnly(index, mounts)
                }
            }
        } catch let error as SystemError {
            throw VolumeError(current, error)
        } catch let error as VolumeError {
            throw error
        } catch {
            throw VolumeError(current, "\(error)")
        }
        return table
    }

    /// Puts new content into a ConfigMap's or Secret's volume; containers see all of it at once, and never a mixture.
    public static func update(_ plan: PodPlan, volume: Int, files: [FilePlan]) throws(VolumeError) {
        let table = VolumeTable(plan)
        do {
            let nested = NestedMountPoints(plan, volume: volume)
            try AtomicWriter(table.path(volume), fsGroup: plan.fsGroup, nested: nested).write(files)
        } catch {
            throw VolumeError(plan.volumes[volume].name, error)
        }
    }

    func make(_ volume: VolumePlan, at path: String, _ mounts: MountContext) throws {
        switch volume.source {
        case .emptyDirectory:
            let disk = plan.paths.state + "/volumes"
            try makeDirectory(disk, mode: 0o700)
            try makeDirectory(disk + "/" + volume.name, mode: volume.options.mode)
            try makeDirectory(path, mode: 0o755)
            try mounts.bind(disk + "/" + volume.name, path)
            try mounts.restrict(path, options: "nosuid,nodev")
        case .memory(let size):
            try makeDirectory(path, mode: 0o755)
            try mounts.temporaryFileSystem(path, size: size, mode: volume.options.mode, options: "nosuid,nodev")
        case .hugePages(let pageSize, let size):
            try makeDirectory(path, mode: 0o755)
            var options = "nosuid,nodev,pagesize=\(pageSize),mode=" + String(volume.options.mode, radix: 8)
            if size > 0 { options += ",size=\(size)" }
            try mounts.mount("hugetlbfs", path, type: "hugetlbfs", options: options)
        case .hostPath, .directory:
            if let host = HostPath(volume) { try bind(try host.open(), at: path, mounts) }
        case .files(let files):
            try makeDirectory(path, mode: 0o755)
            let index = plan.volumes.firstIndex { $0.name == volume.name } ?? 0
            try AtomicWriter(path, fsGroup: plan.fsGroup, nested: NestedMountPoints(plan, volume: index)).write(files)
        }
    }

    private func bind(
        _ source: consuming OwnedFD, at path: String, _ mounts: MountContext
    ) throws(SystemError) {
        let kind = try FileStatus(source.raw).kind
        try makeMountPoint(path, kind)
        try mounts.bind(source.procPath, path, recursive: kind == .directory)
        // mountPropagation None: what the host mounts there later stays out.
        try mounts.setPropagation(path, .private, recursive: kind == .directory)
        // Also the mounts below it, which libmount's remount would leave as they are.
        try MountHandle(at: path).set(Self.attributes(kind), recursive: true)
    }

    /// A device that is a volume has to work as one.
    static func attributes(_ kind: FileStatus.Kind) -> MountAttributes {
        kind == .characterDevice || kind == .blockDevice ? .noSetUserID : [.noSetUserID, .noDevices]
    }

    private func bindReadOnly(_ index: Int, _ mounts: MountContext) throws(SystemError) {
        let target = table.source(index, readOnly: true)
        let source = OwnedFD(
            try check(swl_open(table.path(index), Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", table.path(index)))
        let kind = try FileStatus(source.raw).kind
        try makeMountPoint(target, kind)
        try mounts.bind(table.path(index), target, recursive: kind == .directory)
        try mounts.restrict(target, options: "ro")
    }

    func makeMountPoint(_ path: String, _ kind: FileStatus.Kind) throws(SystemError) {
        if kind == .directory { return try makeDirectory(path, mode: 0o755) }
        _ = OwnedFD(try check(swl_open(path, O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600), "open", path))
    }

    /// The umask has no say; a directory that is there gets the mode too.
    func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        let result = swl_mkdirat(SWL_AT_FDCWD, path, mode)
        if result != -EEXIST { try check(result, "mkdir", path) }
        let directory = OwnedFD(
            try check(swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        try check(swl_chmod_fd(directory.raw, mode), "chmod", path)
    }
}
