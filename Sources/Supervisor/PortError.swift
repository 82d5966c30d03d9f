import CLinux
import Glibc
import Linux
import PodPlan

/// A hostPort that cannot be had.
public struct PortError: Error, Equatable, CustomStringConvertible {
    /// A process that has the port.
    public struct Holder: Equatable, Sendable {
        public var pid: Int32
        public var command: String
    }

    public var port: PortPlan
    public var errno: Int32
    /// With EADDRINUSE, where one was found.
    public var holder: Holder?

    /// `hostPort 8080/TCP: address already in use by nginx (pid 4711)`
    public var description: String {
        let `protocol` =
            switch port.protocol {
            case .tcp: "TCP"
            case .udp: "UDP"
            }
        let address =
            if port.hostIP.isEmpty { "" } else if port.hostIP.contains(":") { "[\(port.hostIP)]:" } else {
                "\(port.hostIP):"
            }
        let prefix = "hostPort \(address)\(port.hostPort)/\(`protocol`): "
        switch errno {
        case EADDRINUSE:
            return prefix + "address already in use" + (holder.map { " by \($0.command) (pid \($0.pid))" } ?? "")
        case EADDRNOTAVAIL: return prefix + "hostIP is not an address of this host"
        case EINVAL: return prefix + "hostIP is not an IP address"
        default:
            let text = String(cString: strerror(errno))
            return prefix + text.prefix(1).lowercased() + text.dropFirst()
        }
    }
}

/// Finds out, by /proc, who has a port: some milliseconds, so only when there is an error to explain.
enum PortHolder {
    static func find(_ port: PortPlan) -> PortError.Holder? {
        let tables: [String] =
            switch port.protocol {
            case .tcp: ["/proc/net/tcp", "/proc/net/tcp6"]
            case .udp: ["/proc/net/udp", "/proc/net/udp6"]
            }
        var sockets: Set<String> = []
        for table in tables {
            for line in contents(of: table).split(separator: "\n").dropFirst() {
                // sl local_address:port rem_address st tx:rx tr:when retrnsmt uid timeout inode
                let fields = line.split(separator: " ")
                guard fields.count > 9, let text = fields[1].split(separator: ":").last,
                    UInt16(text, radix: 16) == port.hostPort,
                    port.protocol == .udp || fields[3] == "0A"
                else { continue }
                sockets.insert("socket:[\(fields[9])]")
            }
        }
        guard !sockets.isEmpty else { return nil }
        for process in DirectoryReader.entries("/proc") {
            guard let pid = Int32(process) else { continue }
            let directory = "/proc/\(pid)/fd"
            for fd in DirectoryReader.entries(directory) {
                var target = [CChar](repeating: 0, count: 64)
                let length = readlink("\(directory)/\(fd)", &target, target.count)
                guard length > 0 else { continue }
                let text = String(decoding: target.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
                guard sockets.contains(text) else { continue }
                let command = contents(of: "/proc/\(pid)/comm").prefix { $0 != "\n" }
                return PortError.Holder(pid: pid, command: command.isEmpty ? "?" : String(command))
            }
        }
        return nil
    }

    private static func contents(of path: String) -> String {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return "" }
        defer { close(fd) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while case let count = read(fd, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
