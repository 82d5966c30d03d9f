import CLinux
import Glibc

/// Namespaces as sets of clone(2) flags, and handles on the ones that a process is in.
public struct Namespaces: OptionSet, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let mount = Namespaces(rawValue: Int32(SWL_CLONE_NEWNS))
    public static let cgroup = Namespaces(rawValue: Int32(SWL_CLONE_NEWCGROUP))
    public static let uts = Namespaces(rawValue: Int32(SWL_CLONE_NEWUTS))
    public static let ipc = Namespaces(rawValue: Int32(SWL_CLONE_NEWIPC))
    public static let pid = Namespaces(rawValue: Int32(bitPattern: UInt32(SWL_CLONE_NEWPID)))
    public static let user = Namespaces(rawValue: Int32(SWL_CLONE_NEWUSER))
    public static let network = Namespaces(rawValue: Int32(bitPattern: UInt32(SWL_CLONE_NEWNET)))

    /// Moves the calling process into new ones (unshare(2)).
    public func unshare() throws(SystemError) {
        try check(swl_unshare(rawValue), "unshare")
    }
}

/// A namespace that is held open, to come back to it.
public struct NamespaceHandle: ~Copyable {
    public let fd: OwnedFD

    /// `kind` is a name below `/proc/self/ns`: `mnt`, `net`, `ipc`, `uts`.
    public init(current kind: String) throws(SystemError) {
        let path = "/proc/self/ns/" + kind
        fd = OwnedFD(try check(swl_open(path, O_RDONLY, 0), "open", path))
    }

    public init(_ fd: consuming OwnedFD) {
        self.fd = fd
    }

    public func enter() throws(SystemError) {
        try check(swl_setns(fd.raw, 0), "setns")
    }
}
