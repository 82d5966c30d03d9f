import CLinux
import Glibc
import Linux
import PodPlan

/// `port-forward`: listens on the host, and connects to the pod's localhost from within its network namespace, which this
/// process goes into once its listeners are open. The pod's supervisor has no part in it, and may be replaced meanwhile.
final class PortForwardSession {
    struct Listener {
        let descriptor: OwnedDescriptor
        /// `127.0.0.1:8080`, or the path of a socket.
        let shown: String
        /// `8080`
        let local: String
        let remote: UInt16
    }

    private static let limit = 4096

    private let run: String
    private let pod: String
    private let loop: EventLoop
    private var listeners: [Listener]
    private var connections: [ObjectIdentifier: ForwardedConnection] = [:]
    private var link: OwnedDescriptor?
    private var network: OwnedDescriptor?
    /// Accepting goes on then: descriptors had run out.
    private var pausedUntil: Int64?
    private var reconnectAt: Int64?
    private var lostAt: Int64 = 0
    private var isPaused = false
    private var code: Int32 = 0

    init(run: String, pod: String, listeners: [Listener]) throws(SystemError) {
        self.run = run
        self.pod = pod
        self.listeners = listeners
        loop = try EventLoop()
    }

    /// Returns the exit code: 0 where the user has ended it.
    func start() throws -> Int32 {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        if swl_get_limit(Int32(RLIMIT_NOFILE.rawValue), &soft, &hard) == 0 {
            _ = swl_lower_limit(Int32(RLIMIT_NOFILE.rawValue), hard, hard)
        }
        try enter()
        let signals = OwnedFD(try check(swl_signalfd([SIGINT, SIGTERM, SIGHUP], 3), "signalfd"))
        try loop.watch(signals.raw) { [unowned self] _ in self.loop.stop() }
        for listener in listeners { Output.line("Forwarding from \(listener.shown) -> \(listener.remote)") }
        try watchListeners()
        try loop.run(
            deadline: { [self.pausedUntil, self.reconnectAt].compactMap(\.self).min() }, tick: { self.tick() },
            settled: {})
        for connection in connections.values { connection.close() }
        return code
    }

    // MARK: The pod

    /// Into the pod's network namespace. The connection to its supervisor stays open: its end may be the pod's.
    private func enter() throws {
        let connection = try PodLink(run)
        try connection.send(.network)
        guard let (reply, descriptors) = try connection.receive() else {
            throw SystemError(errno: ECONNREFUSED, call: "recvmsg", path: run)
        }
        if case .session(.refused(let refusal)) = reply { throw SessionText.error(refusal, pod: pod) }
        guard case .session(.network) = reply, let namespace = descriptors.first else {
            throw CommandError("error: the supervisor of pod \(pod) does not understand this: it is of another version")
        }
        try check(swl_setns(namespace.raw, 0), "setns")
        network = namespace
        let socket = OwnedDescriptor(OwnedFD(try check(swl_dup_above(connection.raw, 3), "fcntl")))
        link = socket
        try loop.watch(socket.raw) { [unowned self] _ in self.disconnected() }
    }

    private func disconnected() {
        if let link { loop.unwatch(link.raw) }
        link = nil
        lostAt = Clock.boot
        reconnectAt = lostAt
    }

    private func reconnect() {
        reconnectAt = nil
        do {
            try enter()
        } catch {
            // A new supervisor is there within a second; a pod that is gone has no directory any more.
            let waits = (error as? SystemError).map { $0.errno != ENOENT && Clock.boot - lostAt < 5_000_000_000 }
            if waits ?? false {
                reconnectAt = Clock.boot + 50_000_000
            } else {
                Output.error("error: lost connection to pod")
                code = 1
                loop.stop()
            }
        }
    }

    // MARK: Connections

    private func tick() {
        let now = Clock.boot
        if let at = reconnectAt, at <= now { reconnect() }
        if let at = pausedUntil, at <= now {
            pausedUntil = nil
            try? watchListeners()
        }
    }

    private func watchListeners() throws(SystemError) {
        isPaused = false
        for listener in listeners {
            try loop.watch(listener.descriptor.raw) { [unowned self] _ in self.accept(listener) }
        }
    }

    private func pause() {
        if isPaused { return }
        isPaused = true
        for listener in listeners { loop.unwatch(listener.descriptor.raw) }
    }

    private func accept(_ listener: Listener) {
        for _ in 0..<64 {
            if connections.count >= Self.limit { return pause() }
            let client = swl_port_accept(listener.descriptor.raw)
            switch -client {
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                pausedUntil = Clock.boot + 100_000_000
                return pause()
            case 1...: continue
            default: break
            }
            Output.line("Handling connection for \(listener.local)")
            let connection = ForwardedConnection(OwnedFD(client), port: listener.remote, loop: loop) {
                [unowned self] connection, failure in
                self.connections[ObjectIdentifier(connection)] = nil
                if let failure {
                    Output.error(
                        "error: an error occurred forwarding \(listener.local) -> \(listener.remote): failed to connect to "
                            + "localhost:\(listener.remote) in pod \(self.pod): \(failure)")
                }
                if self.isPaused && self.pausedUntil == nil { try? self.watchListeners() }
            }
            connections[ObjectIdentifier(connection)] = connection
            connection.start()
        }
    }
}
