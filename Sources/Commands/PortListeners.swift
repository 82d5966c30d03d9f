import CLinux
import Glibc
import Linux

extension PortForwardSession.Listener {
    /// The addresses of `--address`; localhost is both of its own.
    static func addresses(_ list: String) throws(CommandError) -> [String] {
        var result: [String] = []
        for part in list.split(separator: ",").map({ $0.trimmingSpaces() }) {
            if part == "localhost" {
                result += ["127.0.0.1", "::1"]
            } else {
                var v4 = in_addr()
                var v6 = in6_addr()
                guard inet_pton(AF_INET, part, &v4) == 1 || inet_pton(AF_INET6, part, &v6) == 1 else {
                    throw CommandError("error: \(part) is not a valid IP", code: 2)
                }
                result.append(part)
            }
        }
        return result
    }

    /// All that can be opened for a port, on one number where a free one is asked for.
    static func open(
        _ addresses: [String], local: UInt16, remote: UInt16
    ) throws(CommandError) -> [PortForwardSession.Listener] {
        var opened: [PortForwardSession.Listener] = []
        var problems: [String] = []
        var port = local
        for address in addresses {
            let raw = swl_port_listen(Int32(SOCK_STREAM.rawValue), address, port)
            let host = address.contains(":") ? "[\(address)]" : address
            if raw < 0 {
                problems.append("listen tcp \(host):\(port): \(String(cString: strerror(-raw)).lowercased())")
                continue
            }
            let descriptor = OwnedDescriptor(OwnedFD(raw))
            port = number(raw) ?? port
            opened.append(
                .init(descriptor: descriptor, shown: "\(host):\(port)", local: "\(port)", remote: remote))
        }
        if opened.isEmpty {
            throw CommandError(
                "error: unable to listen on port \(local): \(problems.joined(separator: "; ")): choose another one, or :\(remote)"
            )
        }
        return opened
    }

    static func open(path: String, remote: UInt16) throws(CommandError) -> PortForwardSession.Listener {
        let raw = swl_unix_listen(path)
        if raw < 0 {
            throw CommandError("error: unable to listen on \(path): \(String(cString: strerror(-raw)).lowercased())")
        }
        return .init(descriptor: OwnedDescriptor(OwnedFD(raw)), shown: path, local: path, remote: remote)
    }

    private static func number(_ socket: Int32) -> UInt16? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard result == 0 else { return nil }
        // The port is at the same place in both families.
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
        }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
