import CLinux
import Glibc
import Keeper
import Linux
import PodPlan

/// What a supervisor begins with.
struct Beginning {
    var plan: PodPlan
    var file: OwnedDescriptor
    var input: OwnedDescriptor?
    /// Instead of `input`.
    var console: Console?
    /// Of a pod that has run before: the content of its `lifecycle` file, which may be damaged.
    var saved: [UInt8]?
}

/// The command that started the pod, at the other end of a packet socket. Reports wait in a queue while it is slow.
final class Client {
    private let socket: PacketSocket
    private var queue: [[UInt8]] = []
    /// Requests that came before the loop ran.
    private var early: [(request: PodRequest, descriptors: [OwnedDescriptor])] = []
    private var gone = false
    private var loop: EventLoop?

    init(_ socket: consuming PacketSocket) throws(SystemError) {
        self.socket = socket
    }

    var raw: Int32 { socket.raw }

    /// The first message: the plan. nil: the command left without starting anything.
    func receivePlan() throws(SystemError) -> Beginning? {
        guard var packet = try socket.receive() else { return nil }
        let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
        let request = try? PodRequest(packet: packet.bytes)
        guard request == .start || request == .startAgain, let file = descriptors.first else {
            throw SystemError(errno: EPROTO, call: "recvmsg")
        }
        guard let plan = try? PodPlan(decoding: try MemoryFile.read(file.raw)) else {
            throw SystemError(errno: EPROTO, call: "read", path: "plan")
        }
        var beginning = Beginning(plan: plan, file: file)
        if request == .start {
            let further = Array(descriptors.dropFirst())
            if further.count == 1 { beginning.input = further[0] }
            if further.count > 1 { beginning.console = Console(socket: further[0], pipe: further[1]) }
        } else {
            beginning.saved =
                try descriptors.dropFirst().first.map { file throws(SystemError) in
                    try MemoryFile.read(file.raw)
                } ?? []
        }
        return beginning
    }

    /// Waits for `PodRequest.secrets`. nil: the command has gone, or found too many.
    func receiveSecrets() -> [String]? {
        while var packet = try? socket.receive() {
            switch try? PodRequest(packet: packet.bytes) {
            case .secrets(let paths)?: return paths.isEmpty ? nil : paths
            case let request?: early.append((request, packet.take().map { OwnedDescriptor(OwnedFD($0)) }))
            case nil: continue
            }
        }
        return nil
    }

    /// Whether the command has asked for the end of the pod, or, where that counts as much, has gone; looks without waiting,
    /// before `watch`, which hears of it all the same.
    func wantsStop(whenGone: Bool) -> Bool {
        while true {
            if early.contains(where: { if case .stop = $0.request { true } else { false } }) { return true }
            var waiting = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 0) == 1 else { return false }
            guard var packet = try? socket.receive() else { return whenGone }
            if let request = try? PodRequest(packet: packet.bytes) {
                early.append((request, packet.take().map { OwnedDescriptor(OwnedFD($0)) }))
            }
        }
    }

    /// `handler` gets nil once, when the command has gone.
    func watch(
        _ loop: EventLoop, _ handler: @escaping (PodRequest?, [OwnedDescriptor]) -> Void
    ) throws(SystemError) {
        self.loop = loop
        try socket.setNonBlocking(true)
        for (request, descriptors) in early { handler(request, descriptors) }
        early = []
        try loop.watch(socket.raw) { [unowned self] events in
            if events & EventLoop.writable != 0 { self.flush() }
            self.readRequests(handler)
        }
    }

    private func readRequests(_ handler: (PodRequest?, [OwnedDescriptor]) -> Void) {
        do throws(SystemError) {
            while var packet = try socket.receive() {
                let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
                if let request = try? PodRequest(packet: packet.bytes) { handler(request, descriptors) }
            }
        } catch {
            if error.errno == EAGAIN { return }
        }
        leave()
        handler(nil, [])
    }

    private func leave() {
        gone = true
        queue = []
        loop?.unwatch(socket.raw)
    }

    func send(_ report: PodReport) {
        if gone { return }
        queue.append(report.packet)
        flush()
    }

    /// Says that there is more in the log files, unless the command has earlier messages still to read.
    func nudge() {
        if gone || !queue.isEmpty { return }
        do { try socket.send(PodReport.output.packet) } catch {}
    }

    func flush() {
        while let first = queue.first {
            do {
                try socket.send(first)
                queue.removeFirst()
            } catch {
                if error.errno == EAGAIN { break }
                // The command would wait for ever for what it was not told.
                gone = true
                shutdown(socket.raw, Int32(SHUT_RDWR))
                break
            }
        }
        if gone { queue = [] }
        try? loop?.change(socket.raw, queue.isEmpty ? EventLoop.readable : EventLoop.readable | EventLoop.writable)
    }

    /// Hands over what is left, waiting for a slow reader for at most so many milliseconds each.
    func drain(_ milliseconds: Int32) {
        while !queue.isEmpty && !gone {
            var waiting = pollfd(fd: socket.raw, events: Int16(POLLOUT), revents: 0)
            if poll(&waiting, 1, milliseconds) != 1 { return }
            flush()
        }
    }
}
