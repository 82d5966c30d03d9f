import CLinux
import Glibc
import Linux

/// One connection from the host to a port on the pod's localhost, each end closed when the other one closes it.
final class ForwardedConnection {
    /// One direction: at most one buffer is on its way.
    private struct Flow {
        var buffer: [UInt8] = []
        var start = 0
        /// The reader has seen the end of its input.
        var isEnding = false
        /// The end has been passed on.
        var hasEnded = false

        var isEmpty: Bool { start == buffer.count }
    }

    private static let capacity = 64 << 10

    private let client: OwnedDescriptor
    private var server: OwnedDescriptor?
    private let port: UInt16
    private let loop: EventLoop
    private let ended: (ForwardedConnection, String?) -> Void
    private var families = [AF_INET, AF_INET6]
    private var isConnected = false
    private var toServer = Flow()
    private var toClient = Flow()
    private var interests: [Int32: UInt32] = [:]
    private var isOver = false

    /// `ended` is called once, with the reason where the pod's side could not be reached.
    init(
        _ client: consuming OwnedFD, port: UInt16, loop: EventLoop,
        ended: @escaping (ForwardedConnection, String?) -> Void
    ) {
        self.client = OwnedDescriptor(client)
        self.port = port
        self.loop = loop
        self.ended = ended
    }

    /// In the pod's network namespace. Nothing blocks: a server that does not answer holds up its own connection alone.
    func start() {
        connect(lastError: ECONNREFUSED)
    }

    private func connect(lastError: Int32) {
        if let server { forget(server.raw) }
        server = nil
        guard !families.isEmpty else { return finish(String(cString: strerror(lastError)).lowercased()) }
        let family = families.removeFirst()
        let raw = swl_loopback_socket(Int32(SOCK_STREAM.rawValue), family)
        if raw < 0 { return connect(lastError: -raw) }
        let socket = OwnedDescriptor(OwnedFD(raw))
        server = socket
        proceed(socket, family, lastError)
    }

    private func proceed(_ socket: OwnedDescriptor, _ family: Int32, _ lastError: Int32) {
        switch -swl_loopback_connect(socket.raw, family, port) {
        case 0:
            isConnected = true
            update()
        case EINPROGRESS, EALREADY:
            interests[socket.raw] = EventLoop.writable
            try? loop.watch(socket.raw, EventLoop.writable) { [weak self] _ in
                guard let self, !self.isConnected else {
                    self?.move()
                    return
                }
                let failure = swl_socket_error(socket.raw)
                if failure != 0 {
                    self.connect(lastError: self.worse(lastError, failure))
                } else {
                    self.isConnected = true
                    self.update()
                }
            }
        case let failure:
            connect(lastError: worse(lastError, failure))
        }
    }

    /// That there is no IPv6 says nothing about the server.
    private func worse(_ known: Int32, _ new: Int32) -> Int32 {
        new == EADDRNOTAVAIL || new == EAFNOSUPPORT ? known : new
    }

    // MARK: Data

    private func move() {
        guard let server, !isOver else { return }
        // Bounded, so that one busy connection leaves time for the others.
        for _ in 0..<4 {
            let before = (toServer.start, toServer.buffer.count, toClient.start, toClient.buffer.count)
            guard pass(&toServer, from: client.raw, to: server.raw), pass(&toClient, from: server.raw, to: client.raw)
            else {
                // As it would have been without anybody in between.
                _ = swl_reset_on_close(client.raw)
                _ = swl_reset_on_close(server.raw)
                return finish(nil)
            }
            if (toServer.start, toServer.buffer.count, toClient.start, toClient.buffer.count) == before { break }
        }
        if toServer.hasEnded && toClient.hasEnded { return finish(nil) }
        update()
    }

    /// False where the connection is broken.
    private func pass(_ flow: inout Flow, from source: Int32, to sink: Int32) -> Bool {
        if flow.isEmpty && !flow.isEnding {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.capacity) { buffer, count in
                let got = recv(source, buffer.baseAddress, buffer.count, 0)
                failure = got < 0 ? errno : 0
                if got == 0 { flow.isEnding = true }
                count = max(0, got)
            }
            if failure != 0 && failure != EAGAIN && failure != EINTR { return false }
            flow.buffer = bytes
            flow.start = 0
        }
        while !flow.isEmpty {
            let count = flow.buffer.withUnsafeBytes { bytes in
                send(
                    sink, bytes.baseAddress?.advanced(by: flow.start), bytes.count - flow.start,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EAGAIN { return true }
                if errno == EINTR { continue }
                return false
            }
            flow.start += count
        }
        flow.buffer = []
        flow.start = 0
        if flow.isEnding && !flow.hasEnded {
            flow.hasEnded = true
            _ = swl_shutdown_write(sink)
        }
        return true
    }

    private func update() {
        guard let server, !isOver else { return }
        func wanted(_ input: Flow, _ output: Flow) -> UInt32 {
            (input.isEmpty && !input.isEnding ? EventLoop.readable : 0) | (output.isEmpty ? 0 : EventLoop.writable)
        }
        watch(client.raw, wanted(toServer, toClient))
        watch(server.raw, wanted(toClient, toServer))
    }

    /// epoll tells of hang-ups without end: what nothing is wanted from is taken out.
    private func watch(_ fd: Int32, _ events: UInt32) {
        let known = interests[fd] ?? 0
        if known == events { return }
        interests[fd] = events
        if events == 0 {
            loop.unwatch(fd)
        } else if known == 0 {
            try? loop.watch(fd, events) { [weak self] _ in self?.move() }
        } else {
            try? loop.change(fd, events)
        }
    }

    private func forget(_ fd: Int32) {
        if (interests.removeValue(forKey: fd) ?? 0) != 0 { loop.unwatch(fd) }
    }

    func close() {
        if isOver { return }
        isOver = true
        forget(client.raw)
        if let server { forget(server.raw) }
        server = nil
    }

    private func finish(_ failure: String?) {
        if isOver { return }
        close()
        if failure != nil { _ = swl_reset_on_close(client.raw) }
        ended(self, failure)
    }
}
