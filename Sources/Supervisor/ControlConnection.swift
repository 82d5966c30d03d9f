import CLinux
import Glibc
import Linux
import PodPlan

/// One client of the control socket.
final class ControlConnection {
    private let socket: PacketSocket
    private let loop: EventLoop
    private var queue: [(bytes: [UInt8], descriptors: [OwnedDescriptor])] = []
    private var received: (ControlRequest, [OwnedDescriptor]) -> Void
    private(set) var isOpen = true
    /// What follows the first request goes here; where it is nil, it is a request of its own.
    var onRequest: ((ControlRequest, [OwnedDescriptor]) -> Void)?
    /// Once, when the client has gone or `close` was called.
    var onClose: (() -> Void)?
    /// It waits for the pod's end.
    var awaitsEnd = false

    init(
        _ socket: consuming PacketSocket, loop: EventLoop,
        received: @escaping (ControlRequest, [OwnedDescriptor]) -> Void
    ) throws(SystemError) {
        self.socket = socket
        self.loop = loop
        self.received = received
        // Held by the loop until `close`.
        try loop.watch(self.socket.raw) { [self] events in
            if events & EventLoop.writable != 0 { flush() }
            receive()
        }
    }

    var raw: Int32 { socket.raw }

    /// A slow client's replies wait; one that has gone hears nothing. The descriptors are duplicated.
    func reply(_ reply: ControlReply, _ descriptors: [OwnedDescriptor] = []) {
        if !isOpen { return }
        queue.append((reply.packet, descriptors))
        flush()
    }

    func close() {
        if !isOpen { return }
        isOpen = false
        queue = []
        loop.unwatch(socket.raw)
        // Closed with this object, which others may hold; the client hears of it now.
        shutdown(socket.raw, Int32(SHUT_RDWR))
        onRequest = nil
        received = { _, _ in }
        let closed = onClose
        onClose = nil
        closed?()
    }

    private func receive() {
        while isOpen {
            do throws(SystemError) {
                guard var packet = try socket.receive() else { return close() }
                let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
                guard let request = try? ControlRequest(packet: packet.bytes) else {
                    reply(.refused("the pod's supervisor does not know this request: it is of another version"))
                    continue
                }
                if let onRequest { onRequest(request, descriptors) } else { received(request, descriptors) }
            } catch {
                if error.errno == EINTR { continue }
                if error.errno != EAGAIN { close() }
                return
            }
        }
    }

    private func flush() {
        while let first = queue.first {
            do {
                try socket.send(first.bytes, first.descriptors.map(\.raw))
                queue.removeFirst()
            } catch {
                if error.errno != EAGAIN { return close() }
                break
            }
        }
        try? loop.change(socket.raw, queue.isEmpty ? EventLoop.readable : EventLoop.readable | EventLoop.writable)
    }
}
