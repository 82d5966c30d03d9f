import CLinux
import Glibc
import Linux
import PodPlan

/// A socket that listens for one hostPort. It belongs to the network namespace in which it was opened, and goes on listening
/// there whatever namespace its process moves to, and whichever process it is handed to.
public struct PortListener {
    public let descriptor: OwnedDescriptor
    /// Index into `PodPlan.ports`.
    public let port: Int

    /// For a socket that another supervisor opened.
    public init(descriptor: OwnedDescriptor, port: Int) {
        self.descriptor = descriptor
        self.port = port
    }

    /// The listeners of a whole plan, opened in the caller's network namespace; none if one of the ports cannot be had.
    public static func open(_ ports: [PortPlan]) throws(PortError) -> [PortListener] {
        var listeners: [PortListener] = []
        for (index, port) in ports.enumerated() { listeners += try open(port, index: index) }
        return listeners
    }

    /// An empty hostIP stands for all addresses of IPv4 and IPv6, a socket each; on a host without IPv6, for IPv4's alone.
    public static func open(_ port: PortPlan, index: Int) throws(PortError) -> [PortListener] {
        guard port.hostIP.isEmpty else { return [try listen(port, on: port.hostIP, index: index)] }
        var listeners = [try listen(port, on: "0.0.0.0", index: index)]
        do {
            listeners.append(try listen(port, on: "::", index: index))
        } catch {
            guard [EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT].contains(error.errno) else { throw error }
        }
        return listeners
    }

    private static func listen(_ port: PortPlan, on address: String, index: Int) throws(PortError) -> PortListener {
        let type =
            switch port.protocol {
            case .tcp: SOCK_STREAM
            case .udp: SOCK_DGRAM
            }
        let fd = swl_port_listen(Int32(type.rawValue), address, port.hostPort)
        guard fd >= 0 else {
            throw PortError(port: port, errno: -fd, holder: -fd == EADDRINUSE ? PortHolder.find(port) : nil)
        }
        return PortListener(descriptor: OwnedDescriptor(OwnedFD(fd)), port: index)
    }
}
