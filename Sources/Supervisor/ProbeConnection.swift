import CLinux
import Glibc
import Linux

/// A TCP connection of a probe or a hook, in the network namespace that the supervisor is in: the pod's. With TLS where that is
/// asked for. Nothing here blocks.
final class ProbeConnection {
    enum Event {
        /// Connected, and ready for bytes.
        case open
        case received([UInt8])
        /// The other side has closed.
        case ended
        /// In words.
        case failed(String)
    }

    private enum State {
        case connecting, handshake, open, closed
    }

    private let host: String
    private let port: UInt16
    private let isTLS: Bool
    private let loop: EventLoop
    private let handler: (Event) -> Void
    private var socket: OwnedDescriptor?
    private var watch: DescriptorWatch?
    private var session: UnsafeMutableRawPointer?
    private var state = State.connecting
    private var unsent: [UInt8] = []

    /// `host` is an IP address. `handler` is called from `start` on; after `.ended` and `.failed` no more.
    init(host: String, port: UInt16, isTLS: Bool, loop: EventLoop, handler: @escaping (Event) -> Void) {
        (self.host, self.port, self.isTLS, self.loop, self.handler) = (host, port, isTLS, loop, handler)
    }

    deinit { close() }

    /// As a URL has it.
    static func authority(_ host: String, _ port: UInt16) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    func start() {
        if isTLS && swl_tls_load() < 0 {
            return fail("HTTPS needs libssl.so.3 on the host: install the package libssl3")
        }
        let fd = swl_tcp_connect(host, port)
        guard fd >= 0 else { return fail(words(-fd)) }
        let socket = OwnedDescriptor(OwnedFD(fd))
        self.socket = socket
        watch = DescriptorWatch(fd, loop: loop) { [unowned self] _ in self.ready() }
        want(EventLoop.writable)
    }

    func send(_ bytes: [UInt8]) {
        unsent += bytes
        if state == .open { flush() }
    }

    func close() {
        if state == .closed { return }
        state = .closed
        watch?.remove()
        watch = nil
        if let session { swl_tls_close(session) }
        session = nil
        socket = nil
    }

    private func words(_ number: Int32) -> String {
        "dial tcp \(Self.authority(host, port)): connect: \(String(cString: strerror(number)).lowercased())"
    }

    private func fail(_ message: String) {
        close()
        handler(.failed(message))
    }

    private func want(_ events: UInt32) {
        do { try watch?.set(events) } catch { fail(error.description) }
    }

    private func ready() {
        guard let socket else { return }
        switch state {
        case .connecting:
            let error = swl_socket_error(socket.raw)
            if error != 0 { return fail(words(error)) }
            if isTLS {
                session = swl_tls_open(socket.raw)
                state = .handshake
                handshake()
            } else {
                opened()
            }
        case .handshake: handshake()
        case .open:
            flush()
            if state == .open { receive() }
        case .closed: break
        }
    }

    private func handshake() {
        guard let session else { return fail("out of memory") }
        switch swl_tls_connect(session) {
        case 1...: opened()
        case Int32(SWL_TLS_WANTS_READ): want(EventLoop.readable)
        case Int32(SWL_TLS_WANTS_WRITE): want(EventLoop.writable)
        default: fail("TLS handshake: \(tlsError)")
        }
    }

    private var tlsError: String {
        var text = [CChar](repeating: 0, count: 256)
        swl_tls_error(&text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func opened() {
        state = .open
        handler(.open)
        if state == .open { flush() }
    }

    private func flush() {
        guard let socket else { return }
        while !unsent.isEmpty {
            var count: Int
            if let session {
                count = Int(swl_tls_write(session, unsent, Int32(unsent.count)))
                if count == Int(SWL_TLS_WANTS_READ) { return want(EventLoop.readable) }
                if count == Int(SWL_TLS_WANTS_WRITE) { return want(EventLoop.readable | EventLoop.writable) }
                if count <= 0 { return fail("write: \(tlsError)") }
            } else {
                count = swl_datagram_send(socket.raw, unsent, unsent.count)
                if count == -Int(EAGAIN) { return want(EventLoop.readable | EventLoop.writable) }
                if count < 0 { return fail("write: \(String(cString: strerror(Int32(-count))).lowercased())") }
            }
            unsent.removeFirst(count)
        }
        want(EventLoop.readable)
    }

    /// A bounded number of reads, so that a flood leaves time for the rest.
    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 16384)
        for _ in 0..<8 {
            guard state == .open, let socket else { return }
            let count: Int
            if let session {
                count = Int(swl_tls_read(session, &buffer, Int32(buffer.count)))
                if count == Int(SWL_TLS_WANTS_READ) { return want(EventLoop.readable) }
                if count == Int(SWL_TLS_WANTS_WRITE) { return want(EventLoop.readable | EventLoop.writable) }
                if count < 0 { return fail("read: \(tlsError)") }
            } else {
                count = read(socket.raw, &buffer, buffer.count)
                if count < 0 {
                    let error = errno
                    if error == EAGAIN || error == EINTR { return }
                    return fail("read: \(String(cString: strerror(error)).lowercased())")
                }
            }
            if count == 0 {
                close()
                return handler(.ended)
            }
            handler(.received(Array(buffer.prefix(count))))
        }
    }
}
