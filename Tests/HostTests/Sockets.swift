import Glibc

/// Clients and listeners on the host, for what a pod's ports promise.
enum Sockets {
    /// A port that is free on all addresses, for TCP and UDP.
    static func freePort() throws -> UInt16 {
        for _ in 0..<50 {
            let listener = try Listener("::", 0)
            let port = listener.port
            if (try? Listener("::", port, datagram: true)) != nil { return port }
        }
        throw Expired(description: "no free port")
    }

    /// Connects, sends `text` where it is not empty, and reads to the end; nil: refused or timed out.
    static func ask(
        _ address: String, _ port: UInt16, _ text: String = "", datagram: Bool = false, seconds: Int = 2
    ) -> String? {
        guard let socket = try? open(address, datagram: datagram) else { return nil }
        defer { close(socket) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard withAddress(address, port, { connect(socket, $0, $1) }) == 0 else { return nil }
        let bytes = Array(text.utf8)
        if !bytes.isEmpty || datagram {
            guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
        }
        if !datagram { shutdown(socket, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count < 0 { return answer.isEmpty ? nil : String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
            if count == 0 || datagram { return String(decoding: answer, as: UTF8.self) }
        }
    }

    final class Listener {
        let descriptor: Int32

        init(_ address: String, _ port: UInt16, datagram: Bool = false) throws {
            descriptor = try open(address, datagram: datagram)
            let bound = withAddress(address, port) { bind(descriptor, $0, $1) }
            if bound != 0 || (!datagram && listen(descriptor, 4) != 0) {
                let number = errno
                close(descriptor)
                throw Expired(description: "bind \(address) \(port): errno \(number)")
            }
        }

        deinit { close(descriptor) }

        var port: UInt16 {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            return withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
                // The port stands at the same place in both families.
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
    }

    private static func open(_ address: String, datagram: Bool) throws -> Int32 {
        let family = address.contains(":") ? AF_INET6 : AF_INET
        let type = datagram ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue
        let socket = Glibc.socket(family, Int32(type) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Expired(description: "socket: errno \(errno)") }
        return socket
    }

    private static func withAddress(
        _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        if address.contains(":") {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &six.sin6_addr)
            return withUnsafePointer(to: &six) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &four.sin_addr)
        return withUnsafePointer(to: &four) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
