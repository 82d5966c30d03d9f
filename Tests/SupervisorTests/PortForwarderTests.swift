import CLinux
import Glibc
import Linux
import PodPlan
import Testing

@testable import Supervisor

private func tcp(_ hostPort: UInt16, _ containerPort: UInt16, hostIP: String = "") -> PortPlan {
    PortPlan(protocol: .tcp, hostIP: hostIP, hostPort: hostPort, containerPort: containerPort)
}

/// A TCP server on a loopback address and a forwarder to it.
private func withTCP(
    server address: String = "127.0.0.1", limits: PortForwarder.Limits = PortForwarder.Limits(),
    _ serve: @escaping @Sendable (TestSocket) -> Void = echo,
    _ body: (_ hostPort: UInt16, ForwarderThread) throws -> Void
) throws {
    let (hostPort, containerPort) = (TestSocket.freePort(), TestSocket.freePort())
    let listener = TestSocket.server(address, containerPort)
    let server = serveTCP(listener, serve)
    let forwarder = try ForwarderThread([tcp(hostPort, containerPort)], limits: limits)
    defer {
        forwarder.stop()
        shutdown(listener.fd, Int32(SHUT_RDWR))
        server.join()
        listener.close()
    }
    try body(hostPort, forwarder)
}

@Suite(.serialized) struct PortForwarderTests {
    @Test(arguments: ["127.0.0.1", "::1"], ["127.0.0.1", "::1"])
    func echoes(client: String, server: String) throws {
        try withTCP(server: server) { port, forwarder in
            let socket = try #require(TestSocket.tcp(to: client, port))
            for word in ["hello", "again"] {
                socket.send(word)
                #expect(socket.receive() == word)
            }
            socket.close()
            #expect(forwarder.eventually { $0.active.connections == 0 })
        }
    }

    /// 50 MB each way at once; what comes back is what went.
    @Test func bulk() throws {
        try withTCP { port, _ in
            let socket = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            let total = 50_000_000
            @Sendable func chunk(at offset: Int, count: Int) -> [UInt8] {
                var bytes = [UInt8](repeating: 0, count: count)
                for index in 0..<count / 8 {
                    let word = UInt64(offset / 8 + index) &* 0x9E37_79B9_7F4A_7C15
                    bytes.withUnsafeMutableBytes { $0.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self) }
                }
                return bytes
            }
            let size = 100_000
            let writer = TestThread {
                for offset in stride(from: 0, to: total, by: size) {
                    let bytes = chunk(at: offset, count: size)
                    var sent = 0
                    while sent < size {
                        let count = bytes.withUnsafeBytes {
                            send(socket.fd, $0.baseAddress.map { $0 + sent }, size - sent, Int32(MSG_NOSIGNAL))
                        }
                        if count <= 0 { return }
                        sent += count
                    }
                }
                socket.shutdownWrite()
            }
            var received = 0
            var buffer = [UInt8](repeating: 0, count: size)
            for offset in stride(from: 0, to: total, by: size) {
                let count = recv(socket.fd, &buffer, size, Int32(MSG_WAITALL))
                guard count == size, buffer == chunk(at: offset, count: size) else { break }
                received += count
            }
            #expect(received == total)
            #expect(recv(socket.fd, &buffer, 1, 0) == 0)
            writer.join()
            socket.close()
        }
    }

    @Test func clientEndsFirst() throws {
        try withTCP({ connection in
            let text = connection.receiveToEnd() ?? "broken"
            usleep(50_000)
            connection.send("got \(text)")
        }) { port, _ in
            let socket = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            socket.send("a question")
            socket.shutdownWrite()
            #expect(socket.receiveToEnd() == "got a question")
            socket.close()
        }
    }

    @Test func serverEndsFirst() throws {
        let result = Mailbox()
        try withTCP({ connection in
            connection.send("greeting")
            connection.shutdownWrite()
            result.put(connection.receiveToEnd() ?? "broken")
        }) { port, forwarder in
            let socket = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            #expect(socket.receiveToEnd() == "greeting")
            #expect(forwarder.sync { $0.active.connections } == 1)
            socket.send("still ")
            usleep(20_000)
            socket.send("here")
            socket.shutdownWrite()
            #expect(result.take() == "still here")
            socket.close()
        }
    }

    @Test func fiveHundredConnections() throws {
        try withTCP { port, forwarder in
            var sockets: [TestSocket] = []
            for index in 0..<500 {
                let socket = try #require(TestSocket.tcp(to: index.isMultiple(of: 2) ? "127.0.0.1" : "::1", port))
                socket.send("connection \(index)")
                sockets.append(socket)
            }
            for (index, socket) in sockets.enumerated() { #expect(socket.receive() == "connection \(index)") }
            #expect(forwarder.sync { $0.active.connections } == 500)
            for socket in sockets { socket.close() }
            #expect(forwarder.eventually { $0.active.connections == 0 })
        }
    }

    @Test func refusedIsAReset() throws {
        let (hostPort, containerPort) = (TestSocket.freePort(), TestSocket.freePort())
        let forwarder = try ForwarderThread([tcp(hostPort, containerPort)])
        defer { forwarder.stop() }
        if let socket = TestSocket.tcp(to: "127.0.0.1", hostPort) {
            #expect(socket.receive() == nil)
            #expect(errno == ECONNRESET)
            socket.close()
        }
        #expect(forwarder.eventually { $0.active.connections == 0 })
        // The server comes up later: the port works from then on.
        let listener = TestSocket.server("127.0.0.1", containerPort)
        let server = serveTCP(listener, echo)
        let socket = try #require(TestSocket.tcp(to: "127.0.0.1", hostPort))
        socket.send("now")
        #expect(socket.receive() == "now")
        socket.close()
        shutdown(listener.fd, Int32(SHUT_RDWR))
        server.join()
        listener.close()
    }

    @Test func serverThatResets() throws {
        try withTCP({ connection in
            _ = connection.receive()
            _ = swl_reset_on_close(connection.fd)
        }) { port, forwarder in
            let socket = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            socket.send("x")
            #expect(socket.receive() == nil)
            #expect(errno == ECONNRESET)
            socket.close()
            #expect(forwarder.eventually { $0.active.connections == 0 })
        }
    }

    /// A server that does not read stalls its client, not the forwarder; nor does the forwarder spin or hoard.
    @Test func backPressure() throws {
        let release = Mailbox()
        try withTCP({ connection in
            connection.shutdownWrite()
            _ = release.take()
        }) { port, forwarder in
            let stalled = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            #expect(stalled.receive()?.isEmpty == true)
            _ = swl_set_nonblocking(stalled.fd, 1)
            let chunk = [UInt8](repeating: 1, count: 65536)
            var sent = 0
            var idle = 0
            while idle < 20, sent < 100_000_000 {
                let count = send(stalled.fd, chunk, chunk.count, Int32(MSG_NOSIGNAL))
                if count > 0 {
                    sent += count
                    idle = 0
                } else {
                    idle += 1
                    usleep(5_000)
                }
            }
            #expect(sent < 50_000_000)
            usleep(50_000)
            var before = forwarder.wakeUps
            usleep(200_000)
            #expect(forwarder.wakeUps - before < 20)
            // A reset client is a hang-up for as long as bytes for the server are left over.
            _ = swl_reset_on_close(stalled.fd)
            stalled.close()
            usleep(50_000)
            before = forwarder.wakeUps
            usleep(200_000)
            #expect(forwarder.wakeUps - before < 20)
            #expect(forwarder.sync { $0.active.connections } == 1)
            release.put("go")
            #expect(forwarder.eventually { $0.active.connections == 0 })
        }
    }

    @Test func connectionsAreBounded() throws {
        var limits = PortForwarder.Limits()
        limits.connections = 2
        try withTCP(limits: limits) { port, forwarder in
            let sockets = (0..<3).compactMap { _ in TestSocket.tcp(to: "127.0.0.1", port) }
            try #require(sockets.count == 3)
            for socket in sockets { socket.send("x") }
            #expect(sockets[0].receive() == "x")
            #expect(sockets[1].receive() == "x")
            #expect(forwarder.sync { $0.active.connections } == 2)
            sockets[0].close()
            #expect(sockets[2].receive() == "x")
            sockets[1].close()
            sockets[2].close()
        }
    }

    /// The host's namespace on this side, a server on the localhost of another on that side.
    @Test func acrossNamespaces() throws {
        guard geteuid() == 0 else {
            print("skipped: a network namespace needs root")
            return
        }
        let (hostPort, udpPort) = (TestSocket.freePort(), TestSocket.freePort())
        let servers = Servers()
        let forwarder = try ForwarderThread(
            [
                tcp(hostPort, 80),
                PortPlan(protocol: .udp, hostIP: "", hostPort: udpPort, containerPort: 53),
            ],
            inNewNamespace: true, prepare: { servers.start() })
        #expect(TestSocket.tcp(to: "127.0.0.1", 80) == nil)
        for host in ["127.0.0.1", "::1"] {
            let socket = try #require(TestSocket.tcp(to: host, hostPort))
            socket.send("over there")
            #expect(socket.receive() == "over there")
            socket.close()
            let datagram = TestSocket.udp(to: host, udpPort)
            datagram.send("ping")
            #expect(datagram.receive() == "ping")
            datagram.close()
        }
        forwarder.stop()
        servers.stop()
    }

    /// In a process of its own, where nothing else opens descriptors.
    @Test func leavesNoDescriptors() async {
        await #expect(processExitsWith: .success) {
            func count() -> Int {
                (3..<1024).count { fcntl($0, F_GETFD) >= 0 }
            }
            usleep(100_000)
            let before = count()
            try withTCP { port, forwarder in
                let sockets = (0..<50).compactMap { _ in TestSocket.tcp(to: "127.0.0.1", port) }
                for socket in sockets {
                    socket.send("x")
                    _ = socket.receive()
                }
                for socket in sockets.prefix(25) { socket.close() }
                _ = forwarder.eventually { $0.active.connections == 25 }
                for socket in sockets.dropFirst(25) {
                    // Some die with bytes on the way.
                    socket.send(String(repeating: "y", count: 100_000))
                    _ = swl_reset_on_close(socket.fd)
                    socket.close()
                }
                guard forwarder.eventually({ $0.active.connections == 0 }) else { exit(3) }
                let open = try #require(TestSocket.tcp(to: "127.0.0.1", port))
                open.send("x")
                _ = open.receive()
                open.close()
            }
            let port = TestSocket.freePort()
            let forwarder = try ForwarderThread([
                PortPlan(protocol: .udp, hostIP: "", hostPort: port, containerPort: 9)
            ])
            for _ in 0..<20 {
                let socket = TestSocket.udp(to: "127.0.0.1", port)
                socket.send("x")
                socket.close()
            }
            _ = forwarder.eventually { $0.active.flows == 20 }
            forwarder.stop()
            // The test library opens some of its own for moments; what leaks stays.
            for _ in 0..<100 where count() > before { usleep(10_000) }
            exit(count() <= before ? 0 : 1)
        }
    }
}

/// A TCP and a UDP echo server, on ports 80 and 53 of the localhost of the namespace in which they are started.
private final class Servers: @unchecked Sendable {
    private var listener: TestSocket?
    private var datagrams: TestSocket?
    private var threads: [TestThread] = []

    func start() {
        let listener = TestSocket.server("127.0.0.1", 80)
        let datagrams = TestSocket.server("127.0.0.1", 53, udp: true)
        threads = [serveTCP(listener, echo), serveUDP(datagrams) { text, _ in text }]
        self.listener = listener
        self.datagrams = datagrams
    }

    func stop() {
        for socket in [listener, datagrams].compactMap(\.self) { shutdown(socket.fd, Int32(SHUT_RDWR)) }
        for thread in threads { thread.join() }
        for socket in [listener, datagrams].compactMap(\.self) { socket.close() }
    }
}

/// Hands one text from one thread to another.
final class Mailbox: Sendable {
    private let ends: [Int32]

    init() {
        var ends: [Int32] = [-1, -1]
        _ = swl_pipe(&ends, O_CLOEXEC)
        self.ends = ends
    }

    deinit { for end in ends { close(end) } }

    func put(_ text: String) { write(ends[1], text, text.utf8.count) }

    func take() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var poll = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, 10_000) == 1 else { return "nothing" }
        let count = read(ends[0], &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
