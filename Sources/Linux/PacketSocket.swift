import CLinux
import Glibc

/// A `SOCK_SEQPACKET` socket: whole messages, each with the descriptors that travel along.
public struct PacketSocket: ~Copyable {
    public struct Packet: ~Copyable {
        public let bytes: [UInt8]
        public private(set) var descriptors: [Int32]

        fileprivate init(bytes: [UInt8], descriptors: [Int32]) {
            self.bytes = bytes
            self.descriptors = descriptors
        }

        /// Hands the descriptors over to the caller; those not taken are closed with the packet.
        public mutating func take() -> [Int32] {
            defer { descriptors = [] }
            return descriptors
        }

        deinit {
            for fd in descriptors { close(fd) }
        }
    }

    /// The largest message, in bytes; the kernel's default send buffer holds one.
    public static let limit = 160 * 1024

    public let fd: OwnedFD
    /// Made once: a buffer of this size for each message would be mapped and unmapped with it.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketSocket.limit, alignment: 16)

    public init(_ fd: consuming OwnedFD) {
        self.fd = fd
    }

    deinit {
        buffer.deallocate()
    }

    /// Two connected ends, raw since a tuple cannot hold what is not copyable; the caller wraps them at once.
    public static func pair() throws(SystemError) -> (Int32, Int32) {
        var fds: [Int32] = [-1, -1]
        try check(swl_socketpair(Int32(SOCK_SEQPACKET.rawValue), &fds), "socketpair")
        return (fds[0], fds[1])
    }

    public var raw: Int32 { fd.raw }

    /// Descriptors are duplicated by the kernel; the caller's stay open.
    public func send(_ bytes: [UInt8], _ descriptors: [Int32] = []) throws(SystemError) {
        try check(swl_send(fd.raw, bytes, bytes.count, descriptors, Int32(descriptors.count)), "sendmsg")
    }

    /// The next message; nil where the other side has closed its end. Throws EAGAIN on a non-blocking socket.
    public func receive() throws(SystemError) -> Packet? {
        var descriptors = [Int32](repeating: -1, count: 16)
        var count = Int32(descriptors.count)
        let length = try check(
            swl_receive(fd.raw, buffer.baseAddress, buffer.count, &descriptors, &count), "recvmsg")
        if length == 0 && count == 0 { return nil }
        return Packet(bytes: Array(buffer.prefix(length)), descriptors: Array(descriptors.prefix(Int(count))))
    }

    public func setNonBlocking(_ nonBlocking: Bool) throws(SystemError) {
        try check(swl_set_nonblocking(fd.raw, nonBlocking ? 1 : 0), "fcntl")
    }
}
