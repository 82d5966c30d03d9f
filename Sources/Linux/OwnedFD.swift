import CLinux
import Glibc

/// A file descriptor with one owner; closed when the owner goes.
public struct OwnedFD: ~Copyable, Sendable {
    public let raw: Int32

    public init(_ raw: Int32) {
        self.raw = raw
    }

    /// Another descriptor for the same open file.
    public func duplicate() throws(SystemError) -> OwnedFD {
        OwnedFD(try check(swl_dup_above(raw, 3), "fcntl"))
    }

    /// Gives the descriptor up without closing it.
    public consuming func release() -> Int32 {
        let fd = raw
        discard self
        return fd
    }

    deinit {
        close(raw)
    }
}
