import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// Gives what is in a volume to the pod's `fsGroup` (`pkg/volume/volume_linux.go` of Kubernetes): the group, and for the
/// group read and write permission, on directories also search permission and the set-group-ID bit, so that what is made
/// there later belongs to the group too.
///
/// The tree may be hostile, and may be changing: nothing is followed or opened but directories, and no mount is crossed. A
/// directory comes after what is in it, the root last, so that a walk that was cut short is not taken for a whole one by
/// `onRootMismatch`.
public struct VolumeOwnership {
    /// How a walk went.
    public struct Outcome: Sendable, Equatable {
        public var files = 0
        /// What could not be changed; as in the kubelet, no error.
        public var failures = 0
        public var firstFailure: SystemError?
        /// The caller asked for the end.
        public var wasStopped = false

        public init() {}
    }

    public let group: FileSystemGroup
    /// Without write permission for the group.
    public let readOnly: Bool

    public init(_ group: FileSystemGroup, readOnly: Bool) {
        self.group = group
        self.readOnly = readOnly
    }

    /// Permission bits that a file gets beside its own.
    public func mask(isDirectory: Bool) -> UInt32 {
        (readOnly ? 0o440 : 0o660) | (isDirectory ? 0o2110 : 0)
    }

    /// Whether a volume's root is as `apply` leaves it (`requiresPermissionChange`).
    public func isApplied(to root: FileStatus) -> Bool {
        let wanted = mask(isDirectory: true)
        return root.kind == .directory && root.gid == group.gid && root.permissions & wanted == wanted
    }

    /// Changes the tree at `path`, a path that nobody else can change. `goesOn` is asked every few hundred files, with
    /// their number.
    public func apply(to path: String, goesOn: @escaping (Int) -> Bool = { _ in true }) throws(SystemError) -> Outcome {
        let top = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
        var walk = Walk(ownership: self, path: path, goesOn: goesOn)
        if try FileStatus(top.raw).kind == .directory {
            try walk.run(OwnedFD(try check(swl_openat(top.raw, ".", O_RDONLY | O_DIRECTORY, 0), "open", path)))
        } else {
            try walk.change(top.raw)
        }
        return walk.outcome
    }

    /// One file or directory, by a descriptor of any kind.
    func change(_ file: Int32) throws(SystemError) {
        let status = try FileStatus(file)
        let isChanging = status.gid != group.gid
        if isChanging { try check(swl_chown_fd(file, .max, group.gid), "chown") }
        // The permissions of a symbolic link mean nothing, and chmod would change those of what it leads to.
        if status.kind == .link { return }
        let wanted = status.permissions | mask(isDirectory: status.kind == .directory)
        // A change of the group clears set-ID bits.
        if isChanging || wanted != status.permissions { try check(swl_chmod_fd(file, wanted), "chmod") }
    }

    fileprivate func isDone(_ status: FileStatus) -> Bool {
        if status.gid != group.gid { return false }
        let wanted = mask(isDirectory: status.kind == .directory)
        return status.kind == .link || status.permissions & wanted == wanted
    }
}

private struct Walk {
    private struct Level {
        var device: UInt64
        var inode: UInt64
        /// Names, NUL-terminated; they need not be UTF-8.
        var directories: [[CChar]] = []
    }

    let ownership: VolumeOwnership
    let path: String
    let goesOn: (Int) -> Bool
    var outcome = VolumeOwnership.Outcome()

    private static let resolve = UInt64(SWL_RESOLVE_NO_XDEV | SWL_RESOLVE_NO_SYMLINKS)

    init(ownership: VolumeOwnership, path: String, goesOn: @escaping (Int) -> Bool) {
        self.ownership = ownership
        self.path = path
        self.goesOn = goesOn
    }

    /// Two descriptors, however deep the tree is.
    mutating func run(_ top: consuming OwnedFD) throws(SystemError) {
        var current = top
        var levels = [try visit(current.raw)]
        while !outcome.wasStopped {
            if let name = levels[levels.count - 1].directories.popLast() {
                let child = swl_openat2(
                    current.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0,
                    Self.resolve | UInt64(SWL_RESOLVE_BENEATH))
                // It has gone, has become something else, or another file system is mounted there.
                if [-ENOENT, -ENOTDIR, -ELOOP, -EXDEV].contains(child) { continue }
                current = OwnedFD(try check(child, "open", "\(path)/…/\(Self.shown(name))"))
                levels.append(try visit(current.raw))
                continue
            }
            try change(current.raw)
            levels.removeLast()
            guard let parent = levels.last else { return }
            current = OwnedFD(
                try check(
                    swl_openat2(current.raw, "..", O_RDONLY | O_DIRECTORY, 0, Self.resolve), "open", path + "/…/.."))
            let status = try FileStatus(current.raw)
            // Somebody has moved a directory while it was walked.
            guard status.device == parent.device, status.inode == parent.inode else {
                throw SystemError(errno: ESTALE, call: "open", path: path + "/…/..")
            }
        }
    }

    private static func shown(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Changes the files of a directory; returns its directories, still to be walked.
    private mutating func visit(_ directory: Int32) throws(SystemError) -> Level {
        let status = try FileStatus(directory)
        var level = Level(device: status.device, inode: status.inode)
        try DirectoryReader.visit(directory, path: path) { (name, _) throws(SystemError) in
            try visit(name, in: directory, &level)
            outcome.wasStopped = outcome.files % 512 == 511 && !goesOn(outcome.files)
            return !outcome.wasStopped
        }
        return level
    }

    private mutating func visit(
        _ name: UnsafePointer<CChar>, in directory: Int32, _ level: inout Level
    ) throws(SystemError) {
        guard let status = FileStatus(ifPresent: name, in: directory) else { return }
        if status.kind == .directory {
            level.directories.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            return
        }
        outcome.files += 1
        if ownership.isDone(status) { return }
        // O_PATH: a FIFO or a device that is opened could block or act.
        let fd = swl_openat2(
            directory, name, Int32(SWL_O_PATH) | O_NOFOLLOW, 0, UInt64(SWL_RESOLVE_NO_XDEV | SWL_RESOLVE_BENEATH))
        if fd == -ENOENT || fd == -EXDEV { return }
        let file = OwnedFD(try check(fd, "open", "\(path)/…/\(String(cString: name))"))
        try change(file.raw, counts: false)
    }

    /// A failure is kept, as the kubelet logs it, and the walk goes on.
    mutating func change(_ file: Int32, counts: Bool = true) throws(SystemError) {
        if counts { outcome.files += 1 }
        do {
            try ownership.change(file)
        } catch {
            outcome.failures += 1
            if outcome.firstFailure == nil {
                outcome.firstFailure = error
                outcome.firstFailure?.path = path
            }
        }
    }
}
