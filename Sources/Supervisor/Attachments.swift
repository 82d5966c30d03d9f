import CLinux
import Glibc
import Linux
import PodPlan

/// Who watches the containers' output as it comes, and the ways to their standard input.
struct Attachments {
    /// One who watches.
    final class Attachment {
        let container: Int
        /// For output and errors.
        private var pipes: [OwnedDescriptor]
        private var lost: UInt64 = 0
        private let tell: (SessionReport, [OwnedDescriptor]) -> Void
        /// It goes on with the next attempt of the container.
        let outlivesContainer: Bool

        init(
            container: Int, pipes: [OwnedDescriptor], outlivesContainer: Bool,
            tell: @escaping (SessionReport, [OwnedDescriptor]) -> Void
        ) {
            self.container = container
            self.pipes = pipes
            self.outlivesContainer = outlivesContainer
            self.tell = tell
            for pipe in pipes { _ = swl_set_nonblocking(pipe.raw, 1) }
        }

        /// What does not fit is left out: neither the container nor its log waits for one who only watches.
        func write(_ stream: LogPump.Stream, _ bytes: UnsafeRawBufferPointer) {
            guard stream.rawValue < pipes.count else { return }
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(
                    pipes[stream.rawValue].raw, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                done += count
            }
            if done < bytes.count {
                lost += UInt64(bytes.count - done)
            } else if lost > 0 {
                tell(.lost(bytes: lost), [])
                lost = 0
            }
        }

        func send(_ message: SessionReport, _ descriptors: [OwnedDescriptor] = []) {
            tell(message, descriptors)
        }

        func end(exitCode: Int32, signal: Int32) {
            if lost > 0 { tell(.lost(bytes: lost), []) }
            tell(.ended(exitCode: exitCode, signal: signal), [])
            pipes = []
        }
    }

    private(set) var list: [Attachment] = []
    /// The writing ends of the containers' standard input.
    var inputs: [Int: OwnedDescriptor] = [:]

    func has(_ container: Int) -> Bool { list.contains { $0.container == container } }

    mutating func add(_ attachment: Attachment) {
        list.append(attachment)
    }

    mutating func remove(_ attachment: Attachment) {
        list.removeAll { $0 === attachment }
    }

    mutating func removeConsole() {
        list.removeAll(where: \.outlivesContainer)
    }

    /// False where nobody of the kind watches the container.
    func tellConsole(_ container: Int, _ message: SessionReport, _ descriptors: [OwnedDescriptor] = []) -> Bool {
        guard let console = list.first(where: { $0.container == container && $0.outlivesContainer }) else {
            return false
        }
        console.send(message, descriptors)
        return true
    }

    func show(_ container: Int, _ stream: LogPump.Stream, _ bytes: UnsafeRawBufferPointer) {
        for attachment in list where attachment.container == container { attachment.write(stream, bytes) }
    }

    mutating func end(_ container: Int, exitCode: Int32, signal: Int32) {
        for attachment in list where attachment.container == container {
            if attachment.outlivesContainer {
                attachment.send(.ended(exitCode: exitCode, signal: signal))
            } else {
                attachment.end(exitCode: exitCode, signal: signal)
            }
        }
        list.removeAll { $0.container == container && !$0.outlivesContainer }
    }
}
