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

    /// An empty `path` is `directory` itself, which may be any descriptor.
    public init(_ directory: Int32, _ path: String = "") throws(SystemError) {
        var status = swl_stat()
        try check(swl_statat(directory, path, &status), "stat", path)
        self.init(status)
    }

    /// Nil where there is nothing, or nothing that may be looked at.
    public init?(ifPresent path: String, in directory: Int32) {
        var status = swl_stat()
        guard swl_statat(directory, path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// As above, for a name that need not be UTF-8.
    public init?(ifPresent name: UnsafePointer<CChar>, in directory: Int32) {
        var status = swl_stat()
        guard swl_statat(directory, name, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: swl_stat) {
        device = status.device
        inode = status.inode
        specialDevice = status.special_device
        size = status.size
        mode = status.mode
        uid = status.uid
        gid = status.gid
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
