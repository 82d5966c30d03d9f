import CLinux
import Glibc

/// Words of memory that outlive the process: a memfd, mapped shared. A `kill -9` leaves in it what was stored before, in
/// program order.
public struct SharedMemory: ~Copyable {
    public let fd: OwnedFD
    public let count: Int
    private let words: UnsafeMutablePointer<UInt64>

    public init(words count: Int) throws(SystemError) {
        let fd = OwnedFD(try check(swl_memfd("swiftlet"), "memfd_create"))
        guard ftruncate(fd.raw, count * 8) == 0 else { throw SystemError(errno: errno, call: "ftruncate") }
        try self.init(fd, words: count)
    }

    public init(_ fd: consuming OwnedFD, words count: Int) throws(SystemError) {
        guard let address = swl_map_shared(fd.raw, count * 8) else { throw SystemError(errno: errno, call: "mmap") }
        self.fd = fd
        self.count = count
        words = address.bindMemory(to: UInt64.self, capacity: count)
    }

    public subscript(index: Int) -> UInt64 {
        get {
            precondition(index >= 0 && index < count)
            return swl_load(words + index)
        }
        nonmutating set {
            precondition(index >= 0 && index < count)
            swl_store(words + index, newValue)
        }
    }

    deinit {
        munmap(words, count * 8)
    }
}
