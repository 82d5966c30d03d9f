import CLinux
import Glibc
import Linux
import PodPlan

/// Carries what arrives at the hostPorts to the pod's localhost, and the answers back.
///
/// The listeners live in the host's network namespace, the calling thread in the pod's: so `connect` to 127.0.0.1 (or ::1,
/// where nothing listens on 127.0.0.1) reaches a server that listens on the pod's localhost only, and the host's firewall
/// and routes are left alone. All work is done in the handlers of the event loop; nothing blocks.
public final class PortForwarder {
    /// Bounds on what one pod may hold.
    public struct Limits: Sendable {
        /// TCP connections; more wait in the kernel's backlog.
        public var connections = 4096
        /// UDP clients; the one that was silent for longest gives way.
        public var flows = 1024
        /// Nanoseconds of silence after which a UDP client is forgotten.
        public var flowIdle: Int64 = 90_000_000_000

        public init() {}
    }

    let loop: EventLoop
    let limits: Limits
    let pipes = PipePool()
    private let ports: [PortPlan]
    private var listeners: [(listener: PortListener, watch: DescriptorWatch)] = []
    private var connections: [ObjectIdentifier: PortConnection] = [:]
    private var datagrams: [PortDatagrams] = []
    /// When accepting goes on after descriptors or memory had run out.
    private var pausedUntil: Int64?
    private let connectionLimit: Int

    /// Starts at once. The process must ignore SIGPIPE, which splice(2) raises when a client is gone.
    public init(
        listeners: [PortListener], ports: [PortPlan], loop: EventLoop, limits: Limits = Limits()
    ) throws(SystemError) {
        self.loop = loop
        self.ports = ports
        self.limits = limits
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        _ = swl_get_limit(Int32(RLIMIT_NOFILE.rawValue), &soft, &hard)
        // Two sockets and, under back pressure both ways, two pipes of two ends each.
        connectionLimit = max(1, min(limits.connections, Int(clamping: soft) / 6 - 32))
        let buffer = DatagramBuffer()
        for listener in listeners {
            let port = ports[listener.port]
            switch port.protocol {
            case .tcp:
                let watch = DescriptorWatch(listener.descriptor.raw, loop: loop) { [unowned self] _ in accept(listener)
                }
                try watch.set(EventLoop.readable)
                self.listeners.append((listener, watch))
            case .udp:
                datagrams.append(
                    try PortDatagrams(
                        listener: listener, containerPort: port.containerPort, loop: loop, limits: limits,
                        buffer: buffer))
            }
        }
    }

    deinit { close() }

    /// Ends all connections and flows and stops listening here. The listening sockets are closed with the last
    /// `PortListener` that refers to them.
    public func close() {
        for (_, watch) in listeners { watch.remove() }
        for connection in connections.values { connection.close(reset: true) }
        for port in datagrams { port.close() }
        listeners = []
        connections = [:]
        datagrams = []
        pausedUntil = nil
    }

    /// How many TCP connections and UDP flows there are, for the status and for tests.
    public var active: (connections: Int, flows: Int) {
        (connections.count, datagrams.reduce(0) { $0 + $1.flowCount })
    }

    /// Boot-clock time at which `tick` is due; nil while there is nothing to wait for.
    public var deadline: Int64? {
        var deadline = pausedUntil
        for port in datagrams {
            if let sweep = port.nextSweep { deadline = min(deadline ?? sweep, sweep) }
        }
        return deadline
    }

    public func tick(now: Int64) {
        if let pausedUntil, now >= pausedUntil {
            self.pausedUntil = nil
            resumeAccepting()
        }
        for port in datagrams { port.sweep(now: now) }
    }

    private func accept(_ listener: PortListener) {
        // A bounded number, so that a flood of connections leaves room for what else the loop has to do.
        for _ in 0..<64 {
            guard connections.count < connectionLimit else { return pauseAccepting() }
            let fd = swl_port_accept(listener.descriptor.raw)
            switch -fd {
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                // The connection stays in the backlog and would wake the loop again at once.
                pausedUntil = Clock.boot + 100_000_000
                return pauseAccepting()
            case 1...: continue  // this connection has failed, the next may not
            default: break
            }
            let connection = PortConnection(
                client: OwnedFD(fd), containerPort: ports[listener.port].containerPort, forwarder: self)
            connections[ObjectIdentifier(connection)] = connection
            connection.start()
        }
    }

    func connectionEnded(_ connection: PortConnection) {
        connections[ObjectIdentifier(connection)] = nil
        if pausedUntil == nil, connections.count == connectionLimit - 1 { resumeAccepting() }
    }

    private func pauseAccepting() {
        for (_, watch) in listeners { watch.remove() }
    }

    private func resumeAccepting() {
        do {
            for (_, watch) in listeners { try watch.set(EventLoop.readable) }
        } catch {
            pausedUntil = Clock.boot + 100_000_000
        }
    }
}

/// What a descriptor is watched for. One that nothing is wanted from is taken out of the loop altogether, because epoll
/// reports hang-ups even then, without end.
final class DescriptorWatch {
    let fd: Int32
    private let loop: EventLoop
    private let handler: EventLoop.Handler
    private var events: UInt32 = 0

    init(_ fd: Int32, loop: EventLoop, handler: @escaping EventLoop.Handler) {
        self.fd = fd
        self.loop = loop
        self.handler = handler
    }

    func set(_ wanted: UInt32) throws(SystemError) {
        guard wanted != events else { return }
        if wanted == 0 {
            loop.unwatch(fd)
        } else if events == 0 {
            try loop.watch(fd, wanted, handler)
        } else {
            try loop.change(fd, wanted)
        }
        events = wanted
    }

    func remove() {
        if events != 0 { loop.unwatch(fd) }
        events = 0
    }
}
