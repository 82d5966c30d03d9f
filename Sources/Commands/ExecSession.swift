import CLinux
import Glibc
import Linux
import PodPlan

/// A command in a container, with the user's streams: from the request to its end.
struct ExecSession {
    let run: String
    let pod: String
    let request: ExecRequest
    let isQuiet: Bool
    /// Asks for raw keys; nil: no terminal is asked for.
    let terminal: UserTerminal?

    /// How long a new supervisor is waited for, nanoseconds.
    private static let patience: Int64 = 10_000_000_000

    /// Returns the exit code.
    func start() throws -> Int32 {
        let deadline = Clock.boot + Self.patience
        while true {
            do {
                if let code = try attempt() { return code }
            } catch let error as SystemError where error.errno == ECONNREFUSED && Clock.boot < deadline {
                // Between two supervisors.
                usleep(20_000)
                continue
            }
            // Its supervisor has died before it took the request.
            if Clock.boot > deadline { throw CommandError("error: the supervisor of pod \(pod) does not answer") }
            usleep(20_000)
        }
    }

    /// nil: nothing has been done.
    private func attempt() throws -> Int32? {
        let (mine, theirs) = try PacketSocket.pair()
        let session = PacketSocket(OwnedFD(mine))
        let pump = StreamPump()
        // What is the other side's is closed here once it has been sent: its end is to be seen.
        var given = [OwnedDescriptor(OwnedFD(theirs))]
        if request.terminal == nil {
            for sink in [1, 2] as [Int32] {
                let pipe = try Pipe()
                pump.addOutput(from: OwnedDescriptor(try pipe.reader.duplicate()), to: sink)
                given.append(OwnedDescriptor(try pipe.writer.duplicate()))
            }
            if request.hasInput {
                let pipe = try Pipe()
                pump.addInput(to: OwnedDescriptor(try pipe.writer.duplicate()))
                given.append(OwnedDescriptor(try pipe.reader.duplicate()))
            }
        }
        do {
            let link = try PodLink(run)
            try link.send(.exec(request), given.map(\.raw))
        }
        given = []
        return try follow(session, pump)
    }

    private func follow(_ session: borrowing PacketSocket, _ pump: StreamPump) throws -> Int32? {
        let signals = try TerminalSignals(terminal)
        defer { UserTerminal.restore() }
        var accepted = false
        var master: OwnedDescriptor?
        while true {
            var waiting = [
                pollfd(fd: session.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0),
            ]
            if accepted { pump.prepare(&waiting) }
            if poll(&waiting, nfds_t(waiting.count), -1) < 0 {
                if errno == EINTR { continue }
                throw SystemError(errno: errno, call: "poll")
            }
            if accepted { pump.handle(waiting[2...]) }
            if waiting[1].revents != 0, signals.handle() { resize(master) }
            guard waiting[0].revents != 0 else { continue }
            guard var packet = try session.receive() else {
                if !accepted { return nil }
                pump.finish()
                throw CommandError("error: pod \(pod) has ended, and the command with it", code: 137)
            }
            let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
            switch try SessionReport(packet: packet.bytes) {
            case .accepted(let container, let defaulted):
                accepted = true
                SessionText.showDefaulted(container, defaulted, isQuiet: isQuiet)
            case .refused(let refusal):
                throw SessionText.error(refusal, pod: pod)
            case .terminal:
                guard let first = descriptors.first else { continue }
                master = first
                pump.addOutput(from: first, to: 1)
                pump.addInput(to: first)
                signals.makeRaw()
                resize(master)
            case .ended(let exitCode, let signal):
                pump.finish()
                UserTerminal.restore()
                let code = signal == 0 ? exitCode : 128 + signal
                if code != 0 { Output.error("command terminated with exit code \(code)") }
                return code
            case .failed(let failure):
                pump.finish()
                UserTerminal.restore()
                let (words, code) = SessionText.words(failure)
                Output.error("error: exec failed: \(words)")
                Output.error("command terminated with exit code \(code)")
                return code
            case .input, .lost, .network, .process: continue
            }
        }
    }

    private func resize(_ master: OwnedDescriptor?) {
        guard let master, let size = terminal?.size else { return }
        _ = swl_set_window_size(master.raw, size.rows, size.columns)
    }
}
