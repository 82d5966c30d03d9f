import CLinux
import Glibc
import Linux

/// What a path or descriptor is; symbolic links are never followed.
public struct FileStatus: Sendable, Equatable {
    public enum Kind: Sendable {
        case directory, file, link, socket, characterDevice, blockDevice, fifo
    }

    public let device: UInt64
    public let inode: UInt64
    public let specialDevice: UInt64
    public let size: UInt64
    public let mode: UInt32
    public let uid: UInt32
    public let gid: UInt32
    /// Also of the links that make a directory's entries.
    public let links: UInt32

    /// An empty `path` is `directory` itself, which may be any descriptor.
    public init(_ directory: Int32, _ path: String = "") throws(SystemError) {
        var status = swl_stat()
        try check(swl_statat(directory, path, &status), "stat", path)
        device = status.device
        inode = status.inode
        specialDevice = status.special_device
        size = status.size
        mode = status.mode
        uid = status.uid
        gid = status.gid
        links = status.links
    }

    public var permissions: UInt32 { mode & 0o7777 }

    public var kind: Kind {
        switch mode & 0o170000 {
        case 0o040000: .directory
        case 0o120000: .link
        case 0o140000: .socket
        case 0o020000: .characterDevice
        case 0o060000: .blockDevice
        case 0o010000: .fifo
        default: .file
        }
    }
}
