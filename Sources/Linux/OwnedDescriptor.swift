import Glibc

/// A descriptor that several values may refer to; closed with the last of them.
public final class OwnedDescriptor {
    public let raw: Int32

    public init(_ fd: consuming OwnedFD) {
        raw = fd.release()
    }

    deinit {
        close(raw)
    }
}
