import Glibc
import Linux
import PodPlan
import Testing

@testable import Supervisor

typealias Transport = PortPlan.`Protocol`
private let transports: [Transport] = [.tcp, .udp]

@Suite(.serialized) struct PortListenerTests {
    private func plan(_ port: UInt16, _ protocol: Transport = .tcp, hostIP: String = "") -> PortPlan {
        PortPlan(protocol: `protocol`, hostIP: hostIP, hostPort: port, containerPort: 80)
    }

    @Test func allAddressesOfBothFamilies() throws {
        let port = TestSocket.freePort()
        let listeners = try PortListener.open([plan(port), plan(port, .udp)])
        #expect(listeners.map(\.port) == [0, 0, 1, 1])
        for host in ["127.0.0.1", "127.0.0.9", "::1"] {
            let socket = try #require(TestSocket.tcp(to: host, port))
            socket.close()
        }
    }

    @Test func hostIPIsHonoured() throws {
        let port = TestSocket.freePort()
        let listeners = try PortListener.open([plan(port, hostIP: "127.0.0.5")])
        #expect(listeners.count == 1)
        let socket = try #require(TestSocket.tcp(to: "127.0.0.5", port))
        socket.close()
        #expect(TestSocket.tcp(to: "127.0.0.1", port) == nil)
        #expect(TestSocket.tcp(to: "::1", port) == nil)
        // Another pod may have the same port on another address.
        _ = try PortListener.open([plan(port, hostIP: "127.0.0.6")])
    }

    @Test(arguments: transports, ["", "127.0.0.1", "::1"])
    func portInUse(protocol: Transport, hostIP: String) throws {
        let port = TestSocket.freePort()
        let first = try PortListener.open([plan(port, `protocol`)])
        let error = #expect(throws: PortError.self) {
            _ = try PortListener.open([plan(port, `protocol`, hostIP: hostIP)])
        }
        withExtendedLifetime(first) {}
        #expect(error?.errno == EADDRINUSE)
        #expect(error?.holder?.pid == getpid())
        let address = hostIP.isEmpty ? "" : hostIP == "::1" ? "[::1]:" : hostIP + ":"
        let name = `protocol` == .tcp ? "TCP" : "UDP"
        let text = error?.description ?? ""
        #expect(text.hasPrefix("hostPort \(address)\(port)/\(name): address already in use by "))
        #expect(text.hasSuffix(" (pid \(getpid()))"))
    }

    @Test func wrongAddresses() throws {
        let error = #expect(throws: PortError.self) { _ = try PortListener.open([plan(1080, hostIP: "203.0.113.7")]) }
        #expect(error?.description == "hostPort 203.0.113.7:1080/TCP: hostIP is not an address of this host")
        let other = #expect(throws: PortError.self) { _ = try PortListener.open([plan(1080, hostIP: "localhost")]) }
        #expect(other?.description == "hostPort localhost:1080/TCP: hostIP is not an IP address")
    }

    /// The next pod gets the port at once, whatever connections of the last one linger in TIME_WAIT.
    @Test func portIsFreeAgain() throws {
        let port = TestSocket.freePort()
        for _ in 0..<2 {
            let listeners = try PortListener.open([plan(port)])
            let client = try #require(TestSocket.tcp(to: "127.0.0.1", port))
            let server = try #require(TestSocket(fd: dup(listeners[0].descriptor.raw)).acceptAndCloseListener())
            server.close()
            #expect(client.receive()?.isEmpty == true)
            client.close()
        }
    }
}

extension TestSocket {
    fileprivate func acceptAndCloseListener() -> TestSocket? {
        defer { close() }
        return accept()
    }
}
