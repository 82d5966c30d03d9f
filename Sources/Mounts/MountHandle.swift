import CLinux
import Glibc
import Linux

/// Flags of a mount, as mount_setattr(2) takes them.
public struct MountAttributes: OptionSet, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static let readOnly = MountAttributes(rawValue: UInt64(SWL_ATTR_RDONLY))
    public static let noSetUserID = MountAttributes(rawValue: UInt64(SWL_ATTR_NOSUID))
    public static let noDevices = MountAttributes(rawValue: UInt64(SWL_ATTR_NODEV))
    public static let noExecution = MountAttributes(rawValue: UInt64(SWL_ATTR_NOEXEC))
}

/// A mount that is held by its descriptor, before and after it gets a place: nothing about it is ever looked up twice.
/// The kernel frees one that was never attached. Needs Linux 5.12.
public struct MountHandle: ~Copyable {
    public let fd: OwnedFD

    /// A mount that somebody has made before.
    public init(_ fd: consuming OwnedFD) {
        self.fd = fd
    }

    /// A new mount of a new file system. An option without a value is a flag.
    public init(
        type: String, source: String? = nil, options: [(String, String?)] = [], attributes: MountAttributes = []
    ) throws(SystemError) {
        let context = OwnedFD(try check(swl_fsopen(type), "fsopen", type))
        try check(swl_fsconfig_string(context.raw, "source", source ?? type), "fsconfig", type)
        for (key, value) in options {
            if let value {
                try check(swl_fsconfig_string(context.raw, key, value), "fsconfig", "\(type): \(key)=\(value)")
            } else {
                try check(swl_fsconfig_flag(context.raw, key), "fsconfig", "\(type): \(key)")
            }
        }
        try check(swl_fsconfig_create(context.raw), "fsconfig", type)
        fd = OwnedFD(try check(swl_fsmount(context.raw, attributes.rawValue), "fsmount", type))
    }

    /// Another mount of what is at `path` below `directory`; of `directory` itself where `path` is empty. A symbolic link
    /// at the end is not followed.
    public init(clone directory: Int32, _ path: String = "", recursive: Bool = false) throws(SystemError) {
        fd = OwnedFD(try check(swl_mount_clone(directory, path, recursive ? 1 : 0), "open_tree", path))
    }

    /// The mount that is on top at `path`.
    public init(at path: String) throws(SystemError) {
        fd = OwnedFD(try check(swl_open(path, Int32(SWL_O_PATH) | O_NOFOLLOW, 0), "open", path))
    }

    /// Flags that the mount already has stay, unless they are in `clear`.
    public func set(
        _ attributes: MountAttributes, clear: MountAttributes = [], recursive: Bool = false
    ) throws(SystemError) {
        try check(
            swl_mount_setattr(fd.raw, recursive ? 1 : 0, attributes.rawValue, clear.rawValue), "mount_setattr")
    }

    /// Whether mounts that are made below it spread to its peers, and theirs to it.
    public func setPropagation(_ propagation: MountContext.Propagation, recursive: Bool) throws(SystemError) {
        let flag =
            switch propagation {
            case .private: SWL_PROPAGATION_PRIVATE
            case .slave: SWL_PROPAGATION_SLAVE
            case .shared: SWL_PROPAGATION_SHARED
            }
        try check(swl_mount_propagation(fd.raw, recursive ? 1 : 0, UInt64(flag)), "mount_setattr")
    }

    /// Mounts it at `path` below `directory`, where a symbolic link at the end is not followed.
    public func attach(to directory: Int32, _ path: String = "") throws(SystemError) {
        try check(swl_mount_attach(fd.raw, directory, path), "move_mount", path)
    }
}
