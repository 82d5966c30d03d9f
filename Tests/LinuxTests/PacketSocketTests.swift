import Glibc
import Testing

@testable import Linux

@Suite struct PacketSocketTests {
    /// The caller closes the descriptors.
    private func next(_ socket: borrowing PacketSocket) throws -> (bytes: [UInt8], descriptors: [Int32])? {
        guard var packet = try socket.receive() else { return nil }
        return (packet.bytes, packet.take())
    }

    @Test func packetsKeepTheirBoundsAndCarryDescriptors() throws {
        let (left, right) = try PacketSocket.pair()
        let sender = PacketSocket(OwnedFD(left))
        let receiver = PacketSocket(OwnedFD(right))
        let file = try MemoryFile.make(Array("content".utf8))
        try sender.send([1, 2], [file.raw])
        try sender.send([3])
        let first = try next(receiver)
        #expect(first?.bytes == [1, 2])
        #expect(first?.descriptors.count == 1)
        for descriptor in first?.descriptors ?? [] {
            #expect(descriptor != file.raw)
            #expect(try MemoryFile.read(descriptor) == Array("content".utf8))
            #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
            close(descriptor)
        }
        #expect(try next(receiver)?.bytes == [3])
    }

    @Test func aClosedEndIsNoPacket() throws {
        let (left, right) = try PacketSocket.pair()
        let receiver = PacketSocket(OwnedFD(right))
        close(left)
        #expect(try next(receiver)?.bytes == nil)
    }

    @Test func whatWasSentBeforeTheEndArrives() throws {
        let (left, right) = try PacketSocket.pair()
        let receiver = PacketSocket(OwnedFD(right))
        do {
            let sender = PacketSocket(OwnedFD(left))
            // Never read by the other side.
            try receiver.send([9])
            try sender.send([1])
        }
        #expect(try next(receiver)?.bytes == [1])
        #expect(try next(receiver)?.bytes == nil)
    }
}
