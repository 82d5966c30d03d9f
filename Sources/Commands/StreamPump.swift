import CLinux
import Glibc
import Linux
import PodPlan

/// Carries bytes between the command's own streams and those of a session in a container, which are pipes or a terminal's
/// master. What the user has open is never given away, and never made non-blocking: others may share it.
///
/// A direction holds at most one buffer: who does not read makes the writer wait.
final class StreamPump {
    private static let capacity = 64 << 10

    /// One direction.
    private final class Flow {
        let source: Int32
        /// Closed when there is nothing more to come, or nobody reads.
        var ownedSource: OwnedDescriptor?
        var sink: Int32
        var ownedSink: OwnedDescriptor?
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: StreamPump.capacity, alignment: 16)
        var start = 0
        var end = 0
        var isOpen = true
        /// The most that a sink takes without making the caller wait, when poll(2) says that it can be written.
        let piece: Int

        init(source: Int32, sink: Int32, piece: Int) {
            self.source = source
            self.sink = sink
            self.piece = piece
        }

        deinit { buffer.deallocate() }

        var isEmpty: Bool { start == end }

        func close() {
            isOpen = false
            start = 0
            end = 0
            ownedSource = nil
            ownedSink = nil
        }

        /// False at the end.
        func fill() -> Bool {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count > 0 {
                start = 0
                end = count
                return true
            }
            // EIO: nobody has the terminal open any more.
            return count < 0 && (errno == EAGAIN || errno == EINTR)
        }

        /// False where nobody reads any more.
        func drain(all: Bool = false) -> Bool {
            while !isEmpty {
                let count = write(sink, buffer.baseAddress?.advanced(by: start), min(piece, end - start))
                if count < 0 {
                    if errno == EINTR { continue }
                    guard errno == EAGAIN else { return false }
                    if !all { return true }
                    var waiting = pollfd(fd: sink, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                    continue
                }
                start += count
                if !all { break }
            }
            return true
        }
    }

    private var input: Flow?
    private var outputs: [Flow] = []

    /// From the user's standard input; `sink` may be a terminal's master, which stays open at the end of the input.
    func addInput(to sink: OwnedDescriptor) {
        let flow = Flow(source: 0, sink: sink.raw, piece: Self.capacity)
        flow.ownedSink = sink
        _ = swl_set_nonblocking(sink.raw, 1)
        input = flow
    }

    /// To the user's `sink`, which is 1 or 2.
    func addOutput(from source: OwnedDescriptor, to sink: Int32) {
        var status = stat()
        let isFile = fstat(sink, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        // A pipe that can be written has room for a page (pipe(7)).
        let flow = Flow(source: source.raw, sink: sink, piece: isFile ? Self.capacity : 4096)
        flow.ownedSource = source
        _ = swl_set_nonblocking(source.raw, 1)
        outputs.append(flow)
    }

    /// Nobody reads what the user's standard output was.
    private(set) var outputIsClosed = false

    /// Stops reading the user's input; what is on its way is dropped.
    func endInput() {
        input?.close()
        input = nil
    }

    /// Adds what is waited for.
    func prepare(_ waiting: inout [pollfd]) {
        if let input, input.isOpen {
            if input.isEmpty { waiting.append(pollfd(fd: input.source, events: Int16(POLLIN), revents: 0)) }
            waiting.append(pollfd(fd: input.sink, events: input.isEmpty ? 0 : Int16(POLLOUT), revents: 0))
        }
        for flow in outputs where flow.isOpen {
            waiting.append(
                flow.isEmpty
                    ? pollfd(fd: flow.source, events: Int16(POLLIN), revents: 0)
                    : pollfd(fd: flow.sink, events: Int16(POLLOUT), revents: 0))
        }
    }

    /// Moves what poll(2) has found.
    func handle(_ found: ArraySlice<pollfd>) {
        // A terminal's master is waited for in both directions.
        func events(_ fd: Int32) -> Int32 {
            found.reduce(0) { $1.fd == fd ? $0 | Int32($1.revents) : $0 }
        }
        if let input, input.isOpen {
            let sink = events(input.sink)
            if input.isEmpty, events(input.source) != 0, !input.fill() {
                input.close()
            } else if !input.isEmpty, sink & POLLOUT != 0 {
                if !input.drain() { input.close() }
            } else if sink & (POLLERR | POLLHUP | POLLNVAL) != 0 {
                input.close()
            }
        }
        for flow in outputs where flow.isOpen {
            if flow.isEmpty {
                if events(flow.source) != 0 {
                    if !flow.fill() { flow.close() } else { step(flow) }
                }
            } else if events(flow.sink) != 0 {
                step(flow)
            }
        }
    }

    private func step(_ flow: Flow) {
        // Only as much as goes without waiting: poll(2) is asked before each piece.
        var waiting = pollfd(fd: flow.sink, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, 0) == 1 else { return }
        if !flow.drain() {
            flow.close()
            if flow.sink == 1 { outputIsClosed = true }
        }
    }

    /// All that is there now.
    func flush() {
        for flow in outputs where flow.isOpen {
            while flow.drain(all: true), flow.fill(), !flow.isEmpty {}
        }
    }

    /// When the program has ended: all that is there now. What it has left running in the background is not waited for.
    func finish() {
        input?.close()
        for flow in outputs where flow.isOpen {
            var open = flow.drain(all: true)
            while open {
                guard flow.fill(), !flow.isEmpty else { break }
                open = flow.drain(all: true)
            }
            flow.close()
        }
    }
}
