import CLinux
import Glibc
import Linux

/// The UDP clients of one listening socket. Each has a socket of its own towards the pod's localhost, so the server there sees
/// one address per client, and its answers find the way back.
final class PortDatagrams {
    private final class Flow {
        let endpoints: swl_endpoints
        /// nil while no server has been reached.
        var watch: DescriptorWatch?
        var isConfirmed = false
        var family = AF_INET
        /// Boot-clock nanoseconds.
        var lastUse: Int64

        init(endpoints: swl_endpoints, now: Int64) {
            self.endpoints = endpoints
            lastUse = now
        }
    }

    /// A client, and the address of this host that it wrote to.
    private struct Key: Hashable {
        var remote: SIMD2<UInt64>
        var local: SIMD2<UInt64>
        var port: UInt64

        init(_ endpoints: swl_endpoints) {
            remote = SIMD2(endpoints.remote.0, endpoints.remote.1)
            local = SIMD2(endpoints.local.0, endpoints.local.1)
            port = UInt64(endpoints.remote_port) | UInt64(endpoints.remote_scope) << 32
        }
    }

    /// Datagrams taken in one call of a handler.
    private static let share = 64

    private let listener: PortListener
    private let containerPort: UInt16
    private let loop: EventLoop
    private let limits: PortForwarder.Limits
    private var watch: DescriptorWatch?
    private var flows: [Key: Flow] = [:]
    private let buffer: DatagramBuffer
    /// No flow can have been silent for long enough before.
    private(set) var nextSweep: Int64?

    init(
        listener: PortListener, containerPort: UInt16, loop: EventLoop, limits: PortForwarder.Limits,
        buffer: DatagramBuffer
    ) throws(SystemError) {
        self.listener = listener
        self.containerPort = containerPort
        self.loop = loop
        self.limits = limits
        self.buffer = buffer
        let watch = DescriptorWatch(listener.descriptor.raw, loop: loop) { [unowned self] _ in receive() }
        self.watch = watch
        try watch.set(EventLoop.readable)
    }

    var flowCount: Int { flows.count }

    func close() {
        watch?.remove()
        for flow in flows.values { disconnect(flow) }
        flows = [:]
        nextSweep = nil
    }

    func sweep(now: Int64) {
        guard let nextSweep, now >= nextSweep else { return }
        for (key, flow) in flows where flow.lastUse + limits.flowIdle <= now {
            disconnect(flow)
            flows[key] = nil
        }
        self.nextSweep = flows.values.map(\.lastUse).min().map { $0 + limits.flowIdle }
    }

    // MARK: To the pod

    private func receive() {
        let now = Clock.boot
        for _ in 0..<Self.share {
            var endpoints = swl_endpoints()
            let count = swl_datagram_receive(listener.descriptor.raw, &buffer.bytes, buffer.bytes.count, &endpoints)
            if count == -Int(EAGAIN) { return }
            // An error that some earlier answer met on its way; it has been taken now.
            guard count >= 0 else { continue }
            let flow = flow(for: endpoints, now: now)
            flow.lastUse = now
            forward(count, on: flow)
        }
    }

    private func flow(for endpoints: swl_endpoints, now: Int64) -> Flow {
        let key = Key(endpoints)
        if let flow = flows[key] { return flow }
        if flows.count >= limits.flows, let (oldest, flow) = flows.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            disconnect(flow)
            flows[oldest] = nil
        }
        let flow = Flow(endpoints: endpoints, now: now)
        flows[key] = flow
        if nextSweep == nil { nextSweep = now + limits.flowIdle }
        return flow
    }

    /// Sends the datagram in the buffer. What cannot be sent is lost, as datagrams may be.
    private func forward(_ count: Int, on flow: Flow) {
        if flow.watch == nil, !connect(flow, AF_INET), !connect(flow, AF_INET6) { return }
        guard let fd = flow.watch?.fd else { return }
        var result = swl_datagram_send(fd, buffer.bytes, count)
        // The answer to an earlier datagram, not to this one.
        if result == -Int(ECONNREFUSED) { result = swl_datagram_send(fd, buffer.bytes, count) }
        // On the loopback interface "port unreachable" is back before send(2) returns.
        guard !flow.isConfirmed, result >= 0, swl_socket_error(fd) == ECONNREFUSED else { return }
        if connect(flow, flow.family == AF_INET ? AF_INET6 : AF_INET), let fd = flow.watch?.fd {
            _ = swl_datagram_send(fd, buffer.bytes, count)
        }
    }

    private func connect(_ flow: Flow, _ family: Int32) -> Bool {
        disconnect(flow)
        let fd = swl_loopback_socket(Int32(SOCK_DGRAM.rawValue), family)
        guard fd >= 0 else { return false }
        let watch = DescriptorWatch(fd, loop: loop) { [unowned self, unowned flow] _ in answer(flow) }
        flow.watch = watch
        flow.family = family
        do {
            if swl_loopback_connect(fd, family, containerPort) == 0 {
                try watch.set(EventLoop.readable)
                return true
            }
        } catch {}
        disconnect(flow)
        return false
    }

    private func disconnect(_ flow: Flow) {
        guard let watch = flow.watch else { return }
        watch.remove()
        Glibc.close(watch.fd)
        flow.watch = nil
    }

    // MARK: To the client

    private func answer(_ flow: Flow) {
        guard let fd = flow.watch?.fd else { return }
        for _ in 0..<Self.share {
            let count = recv(fd, &buffer.bytes, buffer.bytes.count, 0)
            guard count >= 0 else {
                guard errno == ECONNREFUSED else { return }
                // The server has gone; the next one may listen on the other family's address.
                flow.isConfirmed = false
                continue
            }
            flow.isConfirmed = true
            flow.lastUse = Clock.boot
            var endpoints = flow.endpoints
            _ = swl_datagram_reply(listener.descriptor.raw, buffer.bytes, count, &endpoints)
        }
    }
}

/// Room for one datagram of any size, shared by all sockets of a forwarder and made when the first one needs it.
final class DatagramBuffer {
    lazy var bytes = [UInt8](repeating: 0, count: 65536)
}
