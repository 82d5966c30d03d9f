import CLinux
import Glibc
import Linux
import PodPlan
import Testing

@testable import Supervisor

/// Answers each datagram, until the socket is shut down.
func serveUDP(
    _ socket: TestSocket, _ answer: @escaping @Sendable (_ text: String, _ sender: String) -> String
) -> TestThread {
    TestThread {
        while let (text, sender) = socket.receiveFrom() {
            // The empty datagram that shutdown(2) makes of a blocked receive has no sender.
            guard !text.isEmpty else { return }
            socket.reply(answer(text, sender), to: sender)
        }
    }
}

private func withUDP(
    server address: String = "127.0.0.1", limits: PortForwarder.Limits = PortForwarder.Limits(),
    _ answer: @escaping @Sendable (String, String) -> String = { text, _ in text },
    _ body: (_ hostPort: UInt16, ForwarderThread) throws -> Void
) throws {
    let (hostPort, containerPort) = (TestSocket.freePort(), TestSocket.freePort())
    let socket = TestSocket.server(address, containerPort, udp: true)
    let server = serveUDP(socket, answer)
    let forwarder = try ForwarderThread(
        [PortPlan(protocol: .udp, hostIP: "", hostPort: hostPort, containerPort: containerPort)], limits: limits)
    defer {
        forwarder.stop()
        shutdown(socket.fd, Int32(SHUT_RDWR))
        server.join()
        socket.close()
    }
    try body(hostPort, forwarder)
}

@Suite(.serialized) struct PortDatagramsTests {
    /// The server sees each client as a sender of its own, on its localhost, and the same one again.
    @Test(arguments: ["127.0.0.1", "::1"], ["127.0.0.1", "::1"])
    func twoClients(client: String, server: String) throws {
        try withUDP(server: server, { text, sender in "\(text) from \(sender)" }) { port, forwarder in
            let sockets = [TestSocket.udp(to: client, port), TestSocket.udp(to: client, port)]
            defer { for socket in sockets { socket.close() } }
            var senders: [String] = []
            for round in 0..<2 {
                for (index, socket) in sockets.enumerated() {
                    socket.send("\(round).\(index)")
                    let answer = try #require(socket.receive())
                    #expect(answer.hasPrefix("\(round).\(index) from \(server) "))
                    senders.append(String(answer.split(separator: " ").last ?? ""))
                }
            }
            #expect(senders[0] == senders[2])
            #expect(senders[1] == senders[3])
            #expect(senders[0] != senders[1])
            #expect(forwarder.sync { $0.active.flows } == 2)
        }
    }

    /// A resolver drops answers from another address than it asked.
    @Test func answersComeFromTheAddressThatWasAsked() throws {
        try withUDP { port, _ in
            let socket = TestSocket.udp()
            for host in ["127.0.0.2", "127.0.0.3", "127.0.0.1"] {
                socket.send("to \(host)", to: host, port)
                let answer = try #require(socket.receiveFrom())
                #expect(answer.text == "to \(host)")
                #expect(answer.sender == "\(host) \(port)")
            }
            socket.close()
            let v6 = TestSocket.udp(family: AF_INET6)
            v6.send("x", to: "::1", port)
            #expect(v6.receiveFrom()?.sender == "::1 \(port)")
            v6.close()
        }
    }

    @Test func largeDatagrams() throws {
        try withUDP({ text, _ in text.count > 1000 ? String(text.count) : "small" }) { port, _ in
            let socket = TestSocket.udp(to: "127.0.0.1", port)
            socket.send(String(repeating: "x", count: 60_000))
            #expect(socket.receive() == "60000")
            socket.send("x")
            #expect(socket.receive() == "small")
            socket.close()
        }
    }

    @Test func theLongestSilentFlowGivesWay() throws {
        var limits = PortForwarder.Limits()
        limits.flows = 2
        try withUDP(limits: limits, { _, sender in sender }) { port, forwarder in
            let sockets = (0..<3).map { _ in TestSocket.udp(to: "127.0.0.1", port) }
            defer { for socket in sockets { socket.close() } }
            func ask(_ index: Int) -> String? {
                sockets[index].send("who")
                return sockets[index].receive()
            }
            let first = ask(0)
            let second = ask(1)
            #expect(ask(0) == first)
            _ = ask(2)
            #expect(forwarder.sync { $0.active.flows } == 2)
            #expect(ask(0) == first)
            #expect(ask(1) != second)
        }
    }

    @Test func silentFlowsEnd() throws {
        var limits = PortForwarder.Limits()
        limits.flowIdle = 100_000_000
        try withUDP(limits: limits) { port, forwarder in
            #expect(forwarder.sync { $0.deadline } == .some(nil))
            let socket = TestSocket.udp(to: "127.0.0.1", port)
            socket.send("x")
            #expect(socket.receive() == "x")
            #expect(forwarder.sync { $0.active.flows } == 1)
            #expect(forwarder.eventually { $0.active.flows == 0 })
            #expect(forwarder.sync { $0.deadline } == .some(nil))
            socket.send("y")
            #expect(socket.receive() == "y")
            socket.close()
        }
    }

    /// A client that asks before the server is up is answered as soon as it is, on whichever address.
    @Test func serverComesLater() throws {
        let (hostPort, containerPort) = (TestSocket.freePort(), TestSocket.freePort())
        let forwarder = try ForwarderThread(
            [PortPlan(protocol: .udp, hostIP: "127.0.0.1", hostPort: hostPort, containerPort: containerPort)])
        let client = TestSocket.udp(to: "127.0.0.1", hostPort)
        client.send("too early")
        #expect(forwarder.eventually { $0.active.flows == 1 })
        for address in ["127.0.0.1", "::1"] {
            let socket = TestSocket.server(address, containerPort, udp: true)
            let server = serveUDP(socket) { text, _ in text }
            var answer: String?
            for attempt in 0..<5 where answer == nil {
                client.send("\(address) \(attempt)")
                var poll = pollfd(fd: client.fd, events: Int16(POLLIN), revents: 0)
                if Glibc.poll(&poll, 1, 200) == 1 { answer = client.receive() }
            }
            #expect(answer?.hasPrefix(address) == true)
            shutdown(socket.fd, Int32(SHUT_RDWR))
            server.join()
            socket.close()
        }
        client.close()
        forwarder.stop()
    }
}
