import CLinux
import Glibc
import Linux
import Mounts
import PodPlan
import Volumes

/// Puts a pod's volumes into a container's root, in the plan's order, through libmount. Source and target are descriptors
/// from one safe walk each, so a container that shares a volume and moves things in it leads no mount astray
/// (CVE-2017-1002101, CVE-2021-25741, CVE-2021-30465).
struct VolumeMounts {
    let volumes: VolumeTable
    let root: Int32
    private let context: MountContext

    init(volumes: VolumeTable, root: Int32) throws(SystemError) {
        self.volumes = volumes
        self.root = root
        context = try MountContext()
    }

    func mount(_ mount: MountPlan) throws(SystemError) {
        if !mount.options.isPlain || volumes.hasPeer(Int(mount.volume)) { return try mountTree(mount) }
        let path = volumes.source(Int(mount.volume), readOnly: mount.readOnly)
        var source = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
        if !mount.subPath.isEmpty {
            let made = try openSubPath(mount, of: volumes.path(Int(mount.volume)))
            source = mount.readOnly ? try SafePath.open(.beneath, source.raw, mount.subPath) : made
        }
        try bind(source.procPath, isDirectory: FileStatus(source.raw).kind == .directory, at: mount.mountPath)
    }

    /// A mount that is like no other of its volume: a clone is made so before it gets its place.
    private func mountTree(_ mount: MountPlan) throws(SystemError) {
        let index = Int(mount.volume)
        let options = mount.options
        // Also without propagation of its own a container sees what has been mounted before it starts.
        let path = volumes.hasPeer(index) ? volumes.peer(index) : volumes.path(index)
        let source =
            mount.subPath.isEmpty
            ? OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
            : try openSubPath(mount, of: path)
        let isDirectory = try FileStatus(source.raw).kind == .directory
        let tree = try MountHandle(clone: source.raw, recursive: isDirectory)
        var attributes: MountAttributes = []
        if options.noExecution { attributes.insert(.noExecution) }
        if options.noDevices { attributes.insert(.noDevices) }
        if options.recursiveReadOnly { attributes.insert(.readOnly) }
        if !attributes.isEmpty { try tree.set(attributes, recursive: true) }
        if mount.readOnly && !options.recursiveReadOnly { try tree.set(.readOnly) }
        switch options.propagation {
        case .none: if volumes.hasPeer(index) { try tree.setPropagation(.private, recursive: true) }
        case .hostToContainer: try tree.setPropagation(.slave, recursive: true)
        case .bidirectional: break
        }
        let target = try target(at: mount.mountPath, isDirectory: isDirectory)
        do throws(SystemError) {
            try tree.attach(to: target.raw)
        } catch {
            throw SystemError(errno: error.errno, call: "mount", path: mount.mountPath)
        }
    }

    /// `source` must be a path that nobody else can change.
    func bind(_ source: String, isDirectory: Bool, at path: String) throws(SystemError) {
        let target = try target(at: path, isDirectory: isDirectory)
        do {
            try context.bind(source, target.procPath, recursive: isDirectory)
        } catch {
            throw SystemError(errno: error.errno, call: "mount", path: path)
        }
    }

    private func target(at path: String, isDirectory: Bool) throws(SystemError) -> OwnedFD {
        let target =
            isDirectory
            ? try SafePath.makeDirectories(.root, root, path) : try SafePath.makeFile(.root, root, path)
        let (status, top) = (try FileStatus(target.raw), try FileStatus(root))
        if status.device == top.device && status.inode == top.inode {
            throw SystemError(errno: EBUSY, call: "mount", path: path)
        }
        // The mount would hide what the kernel shows there, also from us (CVE-2019-16884).
        if swl_file_system(target.raw) == SWL_PROC_MAGIC { throw SystemError(errno: EPERM, call: "mount", path: path) }
        return target
    }

    /// A missing directory is made with the mode of the volume's root (kubelet: `SafeMakeDir(subPath, …, GetMode(volume))`),
    /// in the volume itself: the read-only mount would not let that happen.
    private func openSubPath(_ mount: MountPlan, of path: String) throws(SystemError) -> OwnedFD {
        let volume = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
        let found = swl_openat2(
            volume.raw, mount.subPath, Int32(SWL_O_PATH), 0, UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_MAGICLINKS))
        if found != -ENOENT { return OwnedFD(try check(found, "openat2", mount.subPath)) }
        let mode = try FileStatus(volume.raw).permissions
        return try SafePath.makeDirectories(.beneath, volume.raw, mount.subPath, mode: mode)
    }
}
