import CLinux
import Glibc
import Linux
import PodPlan

/// A container's output from now on, and the way to its standard input or its terminal.
struct AttachSession {
    let run: String
    let pod: String
    let container: String
    let hasInput: Bool
    let isQuiet: Bool
    let wantsTerminal: Bool
    /// For raw keys, where the container has a terminal; nil: none is asked for.
    let terminal: UserTerminal?

    private static let patience: Int64 = 5_000_000_000

    private enum End {
        /// The container has ended.
        case ended
        /// The supervisor has gone; another one may come.
        case lost
        /// The user's streams have.
        case left
    }

    /// Returns when the container has ended.
    func start() throws {
        let signals = try TerminalSignals(terminal)
        defer { UserTerminal.restore() }
        var lostAt: Int64?
        var isFirst = true
        while true {
            do {
                switch try follow(signals, isFirst: isFirst) {
                case .ended, .left: return
                case .lost: lostAt = Clock.boot
                }
                isFirst = false
            } catch let error as SystemError
                where [ECONNREFUSED, ECONNRESET, EPIPE].contains(error.errno)
                && Clock.boot - (lostAt ?? .min / 2) < Self.patience
            {
                usleep(20_000)
            } catch let error as SystemError where !isFirst && [ENOENT, ECONNREFUSED].contains(error.errno) {
                // The pod has ended meanwhile.
                return
            }
        }
    }

    private func follow(_ signals: TerminalSignals, isFirst: Bool) throws -> End {
        let pump = StreamPump()
        let link = try PodLink(run)
        do {
            let output = try Pipe()
            let error = try Pipe()
            // A reader that falls behind for a moment misses nothing.
            for pipe in [output.reader.raw, error.reader.raw] { _ = swl_set_pipe_size(pipe, 1 << 20) }
            pump.addOutput(from: OwnedDescriptor(try output.reader.duplicate()), to: 1)
            pump.addOutput(from: OwnedDescriptor(try error.reader.duplicate()), to: 2)
            try link.send(
                .attach(AttachRequest(container: container, hasInput: hasInput)), [output.writer.raw, error.writer.raw])
        }
        var name = container
        var master: OwnedDescriptor?
        var isAccepted = false
        while true {
            var waiting = [
                pollfd(fd: link.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0),
            ]
            if isAccepted { pump.prepare(&waiting) }
            if poll(&waiting, nfds_t(waiting.count), -1) < 0 {
                if errno == EINTR { continue }
                throw SystemError(errno: errno, call: "poll")
            }
            if isAccepted { pump.handle(waiting[2...]) }
            if waiting[1].revents != 0, signals.handle() { resize(master) }
            if isAccepted && pump.outputIsClosed { return .left }
            guard waiting[0].revents != 0 else { continue }
            guard let (reply, descriptors) = try link.receive() else {
                pump.finish()
                return .lost
            }
            guard case .session(let report) = reply else { continue }
            switch report {
            case .accepted(let chosen, let defaulted):
                isAccepted = true
                name = chosen
                if isFirst { greet(chosen, defaulted) }
            case .refused(let refusal):
                if !isFirst { return .ended }
                throw SessionText.error(refusal, pod: pod)
            case .terminal:
                master = descriptors.first
                if hasInput, terminal != nil { signals.makeRaw() }
                resize(master)
            case .input:
                if let first = descriptors.first { pump.addInput(to: first) }
            case .lost(let bytes):
                Output.error(
                    "swiftlet: \(bytes) bytes were left out here, which are in the log: this reader is too slow")
            case .ended:
                pump.finish()
                UserTerminal.restore()
                if master != nil, hasInput, terminal != nil, !isQuiet {
                    Output.error(
                        "Session ended, resume using 'swiftlet attach \(pod) -c \(name) -i -t' command when the pod is running"
                    )
                }
                return .ended
            case .failed, .network, .process: continue
            }
        }
    }

    private func greet(_ container: String, _ defaulted: [String]) {
        SessionText.showDefaulted(container, defaulted, isQuiet: isQuiet)
        if hasInput && !isQuiet { Output.error("If you don't see a command prompt, try pressing enter.") }
    }

    private func resize(_ master: OwnedDescriptor?) {
        guard let master, let size = terminal?.size else { return }
        _ = swl_set_window_size(master.raw, size.rows, size.columns)
    }
}
