import CLinux
import Glibc
import Keeper
import Linux
import PodPlan

/// The supervisor's end of the keeper: its socket, and the pidfd that tells of its death.
final class KeeperLink {
    private let socket: PacketSocket
    let process: OwnedDescriptor
    let pid: Int32

    init(socket: consuming PacketSocket, process: OwnedDescriptor, pid: Int32) {
        self.socket = socket
        self.pid = pid
        self.process = process
    }

    /// Blocks where the keeper's queue is full: it does nothing but work on it. A keeper that is gone is told of by `died`.
    func send(_ request: KeeperRequest, _ descriptors: [Int32] = []) {
        try? deliver(request, descriptors)
    }

    /// The same for what must not be lost. Throws where the kernel has no room for it.
    func deliver(_ request: KeeperRequest, _ descriptors: [Int32] = []) throws(SystemError) {
        do {
            try socket.send(request.packet, descriptors)
        } catch {
            if error.errno != EPIPE && error.errno != ECONNRESET { throw error }
        }
    }

    func store(_ tag: UInt32, _ descriptor: Int32) {
        send(.store(tag: tag), [descriptor])
    }

    func watch(
        _ loop: EventLoop, reported: @escaping (KeeperReport, [Int32]) -> Void, died: @escaping () -> Void
    ) throws(SystemError) {
        try loop.watch(socket.raw) { [unowned self] events in
            if !self.receive(reported) { loop.unwatch(self.socket.raw) }
        }
        try loop.watch(process.raw) { [self] _ in
            // What it had reported before it died comes first.
            while self.receive(reported) {}
            loop.unwatch(self.socket.raw)
            loop.unwatch(self.process.raw)
            died()
        }
    }

    func unwatch(_ loop: EventLoop) {
        loop.unwatch(socket.raw)
        loop.unwatch(process.raw)
    }

    /// One message; false: there is none, nor will there be.
    func receive(_ reported: (KeeperReport, [Int32]) -> Void) -> Bool {
        var waiting = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) == 1 else { return false }
        do {
            guard var packet = try socket.receive() else { return false }
            reported(try KeeperReport(packet: packet.bytes), packet.take())
            return true
        } catch {
            return false
        }
    }

    /// Waits for the next message.
    func next(_ reported: (KeeperReport, [Int32]) -> Void) throws(SystemError) {
        guard var packet = try socket.receive() else { throw SystemError(errno: EPIPE, call: "recvmsg") }
        guard let report = try? KeeperReport(packet: packet.bytes) else {
            throw SystemError(errno: EPROTO, call: "recvmsg")
        }
        reported(report, packet.take())
    }

    /// Waits until it has died, for at most so many milliseconds.
    func waitForDeath(_ milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)
        let died = poll(&waiting, 1, milliseconds) == 1
        var code: Int32 = 0
        var signal: Int32 = 0
        _ = swl_pidfd_reap(process.raw, &code, &signal)
        return died
    }
}
