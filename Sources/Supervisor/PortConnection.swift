import CLinux
import Glibc
import Linux

/// One TCP connection to a hostPort, and the one to the pod's localhost that it is spliced to.
///
/// Each direction ends by itself (half-close). A direction holds at most one pipe of bytes, and only while its receiver does
/// not take them; until then nothing more is read from its sender.
final class PortConnection {
    private enum State {
        /// The connection to the server in the pod is under way.
        case connecting(family: Int32)
        case open
        case closed
    }

    /// Bytes moved in one call of a handler, so that a fast connection does not starve the others.
    private static let share = 1 << 20
    private static let pipeCapacity = 1 << 16

    private unowned let forwarder: PortForwarder
    private let containerPort: UInt16
    private let client: Int32
    private var clientWatch: DescriptorWatch?
    private var server: Int32 = -1
    private var serverWatch: DescriptorWatch?
    private var toServer = Direction()
    private var toClient = Direction()
    private var state = State.connecting(family: AF_INET)

    private struct Direction {
        var pipe: PipePool.Pipe?
        /// Bytes in the pipe.
        var pending = 0
        /// The sender has sent its FIN.
        var hasEnded = false
        /// And so have we, to the receiver.
        var isShutDown = false

        var wantsRead: Bool { !hasEnded && pending == 0 }
        var wantsWrite: Bool { pending > 0 }
    }

    init(client: consuming OwnedFD, containerPort: UInt16, forwarder: PortForwarder) {
        self.client = client.release()
        self.containerPort = containerPort
        self.forwarder = forwarder
    }

    func start() {
        clientWatch = DescriptorWatch(client, loop: forwarder.loop) { [unowned self] _ in ready() }
        connect(AF_INET)
    }

    /// Idempotent. `reset`: the peers see ECONNRESET instead of an end.
    func close(reset: Bool) {
        if case .closed = state { return }
        state = .closed
        clientWatch?.remove()
        serverWatch?.remove()
        for fd in [client, server] where fd >= 0 {
            if reset { _ = swl_reset_on_close(fd) }
            Glibc.close(fd)
        }
        for direction in [toServer, toClient] {
            // A pipe that still has bytes cannot be used again.
            if let pipe = direction.pipe { pipe.close() }
        }
    }

    private func end(reset: Bool) {
        close(reset: reset)
        forwarder.connectionEnded(self)
    }

    // MARK: Connecting

    private func connect(_ family: Int32) {
        let fd = swl_loopback_socket(Int32(SOCK_STREAM.rawValue), family)
        guard fd >= 0 else { return end(reset: true) }
        server = fd
        serverWatch = DescriptorWatch(fd, loop: forwarder.loop) { [unowned self] _ in ready() }
        state = .connecting(family: family)
        continueConnecting(family)
    }

    private func continueConnecting(_ family: Int32) {
        switch -swl_loopback_connect(server, family, containerPort) {
        case 0:
            state = .open
            pump()
        case EINPROGRESS, EALREADY, EAGAIN:
            do { try serverWatch?.set(EventLoop.writable) } catch { end(reset: true) }
        case ECONNREFUSED where family == AF_INET:
            serverWatch?.remove()
            Glibc.close(server)
            server = -1
            connect(AF_INET6)
        default:
            end(reset: true)
        }
    }

    // MARK: Pumping

    /// An event on either socket. Which, and what it was, is not looked at: the calls tell the truth, also when the event was
    /// about an earlier descriptor of the same number.
    private func ready() {
        switch state {
        case .connecting(let family): continueConnecting(family)
        case .open: pump()
        case .closed: break
        }
    }

    private func pump() {
        guard pump(&toServer, from: client, to: server), pump(&toClient, from: server, to: client) else {
            return end(reset: true)
        }
        if toServer.isShutDown, toClient.isShutDown { return end(reset: false) }
        do {
            try clientWatch?.set(events(reading: toServer, writing: toClient))
            try serverWatch?.set(events(reading: toClient, writing: toServer))
        } catch {
            end(reset: true)
        }
    }

    private func events(reading: Direction, writing: Direction) -> UInt32 {
        (reading.wantsRead ? EventLoop.readable : 0) | (writing.wantsWrite ? EventLoop.writable : 0)
    }

    /// Moves what can be moved without waiting; false when the connection is broken.
    private func pump(_ direction: inout Direction, from: Int32, to: Int32) -> Bool {
        var moved = 0
        while moved < Self.share {
            if direction.wantsRead {
                if direction.pipe == nil { direction.pipe = forwarder.pipes.take() }
                guard let pipe = direction.pipe else { return false }
                let count = swl_splice(from, pipe.input, Self.pipeCapacity)
                if count > 0 {
                    direction.pending = count
                } else if count == 0 {
                    direction.hasEnded = true
                } else if -count == Int(EAGAIN) {
                    break
                } else if -count != Int(EINTR) {
                    return false
                }
            }
            if direction.wantsWrite, let pipe = direction.pipe {
                let count = swl_splice(pipe.output, to, direction.pending)
                if count > 0 {
                    direction.pending -= count
                    moved += count
                } else if -count == Int(EAGAIN) {
                    break
                } else if -count != Int(EINTR) {
                    return false
                }
            }
            if direction.hasEnded, direction.pending == 0 {
                if !direction.isShutDown {
                    // ENOTCONN: the receiver has gone already, and wants no more.
                    _ = swl_shutdown_write(to)
                    direction.isShutDown = true
                }
                break
            }
        }
        if direction.pending == 0, let pipe = direction.pipe {
            forwarder.pipes.giveBack(pipe)
            direction.pipe = nil
        }
        return true
    }
}

/// Empty pipes. A connection has one only while bytes lie in it, so a few serve thousands of connections.
final class PipePool {
    struct Pipe {
        let output: Int32
        let input: Int32

        func close() {
            Glibc.close(output)
            Glibc.close(input)
        }
    }

    private static let spare = 4
    private var pipes: [Pipe] = []

    deinit {
        for pipe in pipes { pipe.close() }
    }

    /// Nil when descriptors have run out.
    func take() -> Pipe? {
        if let pipe = pipes.popLast() { return pipe }
        var ends: [Int32] = [-1, -1]
        guard swl_pipe(&ends, O_CLOEXEC | O_NONBLOCK) >= 0 else { return nil }
        return Pipe(output: ends[0], input: ends[1])
    }

    func giveBack(_ pipe: Pipe) {
        if pipes.count < Self.spare { pipes.append(pipe) } else { pipe.close() }
    }
}
