import CLinux
import Glibc
import Linux
import PodPlan

/// The user's terminal, connected to the one container of a `run` that has a terminal and wants input. Its output comes as it is
/// printed, not as lines of the log.
final class RunConsole {
    let pod: Int
    let container: Int
    /// What goes to the pod's supervisor with its plan.
    private(set) var given: [OwnedDescriptor]
    private let session: PacketSocket
    private let output: OwnedDescriptor
    private var pump = StreamPump()
    private let signals: OwnedFD
    private let terminal: UserTerminal
    private var master: OwnedDescriptor?
    /// The pod has ended.
    private var isOver = false

    /// nil: there is no such container, or more than one, or standard input and output are no terminal.
    init?(_ plans: [PodPlan]) {
        let wanting = plans.indices.flatMap { pod in
            plans[pod].containers.indices.filter {
                plans[pod].containers[$0].streams.input && plans[pod].containers[$0].streams.terminal
            }.map { (pod, $0) }
        }
        guard wanting.count == 1, let terminal = UserTerminal(0), isatty(1) == 1,
            let (mine, theirs) = try? PacketSocket.pair(), let pipe = try? Pipe(),
            let reader = try? pipe.reader.duplicate(), let writer = try? pipe.writer.duplicate()
        else { return nil }
        (pod, container) = wanting[0]
        self.terminal = terminal
        session = PacketSocket(OwnedFD(mine))
        given = [OwnedDescriptor(OwnedFD(theirs)), OwnedDescriptor(writer)]
        output = OwnedDescriptor(reader)
        _ = swl_set_pipe_size(pipe.reader.raw, 1 << 20)
        let descriptor = swl_signalfd([SIGWINCH], 1)
        signals = OwnedFD(descriptor)
        pump.addOutput(from: output, to: 1)
    }

    func hasGiven() {
        given = []
    }

    func prepare(_ waiting: inout [pollfd]) {
        if isOver { return }
        waiting.append(pollfd(fd: session.raw, events: Int16(POLLIN), revents: 0))
        waiting.append(pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0))
        pump.prepare(&waiting)
    }

    /// `found` is what `prepare` has added.
    func handle(_ found: ArraySlice<pollfd>) {
        if isOver { return }
        pump.handle(found.dropFirst(2))
        if found.dropFirst().first?.revents ?? 0 != 0 {
            var buffer = [UInt8](repeating: 0, count: 128)
            while read(signals.raw, &buffer, buffer.count) > 0 {}
            resize()
        }
        guard found.first?.revents ?? 0 != 0 else { return }
        guard let packet = try? session.receive() else {
            isOver = true
            return end()
        }
        receive(packet)
    }

    private func receive(_ packet: consuming PacketSocket.Packet) {
        var packet = packet
        let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
        switch try? SessionReport(packet: packet.bytes) {
        case .terminal:
            guard let first = descriptors.first else { return }
            master = first
            pump.endInput()
            pump.addInput(to: first)
            _ = swl_terminal_raw_input(terminal.descriptor)
            resize()
        case .ended: end()
        case .lost(let bytes):
            Output.error("swiftlet: \(bytes) bytes of output were left out here: they are in the log")
        default: break
        }
    }

    private func resize() {
        guard let master, let size = terminal.size else { return }
        _ = swl_set_window_size(master.raw, size.rows, size.columns)
    }

    /// All that the container has printed, and the terminal as it was.
    func end() {
        pump.flush()
        pump.endInput()
        master = nil
        UserTerminal.restore()
    }
}
