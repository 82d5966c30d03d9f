import CLinux
import Glibc
import Linux
import PodPlan

@testable import Supervisor

/// Runs a body on a thread of its own; `join` waits for its end.
final class TestThread: Sendable {
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Box(body)).toOpaque())
        self.thread = thread
    }

    func join() {
        pthread_join(thread, nil)
    }
}

/// A forwarder with its event loop on a thread of its own, as in a supervisor; in a network namespace of its own if asked.
final class ForwarderThread: @unchecked Sendable {
    private let commands: (read: Int32, write: Int32)
    private let answers: (read: Int32, write: Int32)
    private var thread: TestThread?
    private var command: ((PortForwarder) -> Void)?
    private(set) var wakeUps = 0

    /// - Parameter prepare: runs on the thread, in its namespace, before the forwarder starts.
    init(
        _ ports: [PortPlan], limits: PortForwarder.Limits = PortForwarder.Limits(), inNewNamespace: Bool = false,
        prepare: @escaping @Sendable () -> Void = {}
    ) throws {
        func pipe() -> (Int32, Int32) {
            var ends: [Int32] = [-1, -1]
            _ = swl_pipe(&ends, O_CLOEXEC)
            return (ends[0], ends[1])
        }
        signal(SIGPIPE, SIG_IGN)
        commands = pipe()
        answers = pipe()
        nonisolated(unsafe) var listeners = try PortListener.open(ports)
        thread = TestThread { [unowned self] in
            do {
                if inNewNamespace {
                    try Namespaces.network.unshare()
                    _ = swl_loopback_up()
                }
                prepare()
                let loop = try EventLoop()
                let forwarder = try PortForwarder(listeners: listeners, ports: ports, loop: loop, limits: limits)
                listeners = []
                try loop.watch(commands.read) { [unowned self] _ in
                    var byte: UInt8 = 0
                    guard read(commands.read, &byte, 1) == 1 else { return loop.stop() }
                    command?(forwarder)
                    write(answers.write, &byte, 1)
                }
                var byte: UInt8 = 0
                write(answers.write, &byte, 1)
                try loop.run(
                    deadline: { forwarder.deadline }, tick: { forwarder.tick(now: Clock.boot) },
                    settled: { wakeUps += 1 })
                loop.unwatch(commands.read)
                forwarder.close()
            } catch {
                print("forwarder: \(error)")
            }
        }
        awaitAnswer()
    }

    /// Runs a body on the forwarder's thread.
    func sync<T>(_ body: @escaping (PortForwarder) -> T) -> T? {
        var result: T?
        command = { result = body($0) }
        var byte: UInt8 = 0
        write(commands.write, &byte, 1)
        awaitAnswer()
        return result
    }

    /// Waits up to five seconds for a condition.
    func eventually(_ condition: @escaping (PortForwarder) -> Bool) -> Bool {
        for _ in 0..<500 {
            if sync(condition) == true { return true }
            usleep(10_000)
        }
        return false
    }

    func stop() {
        close(commands.write)
        thread?.join()
        close(commands.read)
        close(answers.read)
        close(answers.write)
    }

    private func awaitAnswer() {
        var byte: UInt8 = 0
        read(answers.read, &byte, 1)
    }
}

/// A blocking socket with a receive timeout of ten seconds, so that a broken forwarder fails a test and does not hang it.
struct TestSocket: Sendable {
    let fd: Int32

    init(fd: Int32) {
        self.fd = fd
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    static func tcp(to host: String, _ port: UInt16) -> TestSocket? {
        let socket = TestSocket(fd: socket(family(host), Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        let connected = withAddress(host, port) { connect(socket.fd, $0, $1) } == 0
        if !connected { socket.close() }
        return connected ? socket : nil
    }

    static func udp(to host: String? = nil, _ port: UInt16 = 0, family: Int32 = AF_INET) -> TestSocket {
        let socket = TestSocket(
            fd: socket(host.map(Self.family) ?? family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        if let host { _ = withAddress(host, port) { connect(socket.fd, $0, $1) } }
        return socket
    }

    static func server(_ host: String, _ port: UInt16, udp: Bool = false) -> TestSocket {
        let fd = swl_port_listen(Int32(udp ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue), host, port)
        precondition(fd >= 0, "listen: \(fd)")
        _ = swl_set_nonblocking(fd, 0)
        return TestSocket(fd: fd)
    }

    func accept() -> TestSocket? {
        let connection = Glibc.accept(fd, nil, nil)
        return connection >= 0 ? TestSocket(fd: connection) : nil
    }

    @discardableResult func send(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    fd, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    func send(_ text: String, to host: String, _ port: UInt16) {
        _ = Self.withAddress(host, port) { sendto(fd, text, text.utf8.count, 0, $0, $1) }
    }

    /// What one call of recv gives; nil for an error (see errno).
    func receive(_ size: Int = 65536) -> String? {
        var buffer = [UInt8](repeating: 0, count: size)
        let count = recv(fd, &buffer, size, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    func receiveToEnd() -> String? {
        var text = ""
        while let part = receive() {
            if part.isEmpty { return text }
            text += part
        }
        return nil
    }

    /// A datagram, with its sender as `address port`.
    func receiveFrom() -> (text: String, sender: String)? {
        var name = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { recvfrom(fd, &buffer, buffer.count, 0, $0, &length) }
        }
        guard count >= 0 else { return nil }
        return (String(decoding: buffer.prefix(count), as: UTF8.self), Self.text(&name, length))
    }

    func reply(_ text: String, to sender: String) {
        let parts = sender.split(separator: " ").map(String.init)
        send(text, to: parts[0], UInt16(parts[1]) ?? 0)
    }

    func shutdownWrite() { _ = swl_shutdown_write(fd) }
    func close() { Glibc.close(fd) }

    static func freePort() -> UInt16 {
        let socket = server("0.0.0.0", 0)
        defer { socket.close() }
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.fd, $0, &length) }
        }
        return UInt16(bigEndian: name.sin_port)
    }

    private static func family(_ host: String) -> Int32 { host.contains(":") ? AF_INET6 : AF_INET }

    private static func withAddress<T>(
        _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) -> T {
        if family(host) == AF_INET {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &name.sin_addr)
            return withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        inet_pton(AF_INET6, host, &name.sin6_addr)
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    private static func text(_ name: inout sockaddr_storage, _ length: socklen_t) -> String {
        var host = [CChar](repeating: 0, count: 64)
        var port = [CChar](repeating: 0, count: 16)
        withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getnameinfo($0, length, &host, 64, &port, 16, NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        func string(_ characters: [CChar]) -> String {
            String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return string(host) + " " + string(port)
    }
}

/// Accepts until the listening socket is shut down; serves each connection on a thread.
func serveTCP(_ listener: TestSocket, _ body: @escaping @Sendable (TestSocket) -> Void) -> TestThread {
    TestThread {
        var threads: [TestThread] = []
        while let connection = listener.accept() {
            threads.append(
                TestThread {
                    body(connection)
                    connection.close()
                })
        }
        for thread in threads { thread.join() }
    }
}

func echo(_ connection: TestSocket) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = recv(connection.fd, &buffer, buffer.count, 0), count > 0 {
        var sent = 0
        while sent < count {
            let part = buffer.withUnsafeBytes {
                send(connection.fd, $0.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
            }
            guard part > 0 else { return }
            sent += part
        }
    }
}
