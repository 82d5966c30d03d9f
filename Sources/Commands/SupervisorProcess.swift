import CLinux
import Glibc
import Linux
import PodPlan

/// A supervisor that this command has started, at the other end of a packet socket.
final class SupervisorProcess {
    private let socket: PacketSocket
    private let process: OwnedFD
    private let program: OwnedFD

    /// Starts the program; the pod begins with `start`, and until then the process may leave without a trace.
    init(executable: SupervisorExecutable) throws(SystemError) {
        let (mine, theirs) = try PacketSocket.pair()
        socket = PacketSocket(OwnedFD(mine))
        let other = OwnedFD(theirs)
        program = try executable.open()
        process = try executable.spawn(program, mode: "run", descriptors: [other.raw])
    }

    var raw: Int32 { socket.raw }

    /// `input`: a pipe that the container with a standard input reads from; -1: none. `console`: where there is one, the other
    /// ends of a `RunConsole`.
    func start(_ plan: PodPlan, input: Int32 = -1, console: [Int32] = []) throws(SystemError) {
        let file = try MemoryFile.make(plan.encoded())
        try socket.send(PodRequest.start.packet, [file.raw] + (input < 0 ? console : [input]))
    }

    /// `lifecycle`: the pod has run before.
    func start(_ plan: PodPlan, lifecycle: [UInt8]?) throws(SystemError) {
        guard let lifecycle else { return try start(plan) }
        let file = try MemoryFile.make(plan.encoded())
        let saved = try MemoryFile.make(lifecycle)
        try socket.send(PodRequest.startAgain.packet, [file.raw, saved.raw])
    }

    func tell(_ secrets: [String]) {
        let packet = PodRequest.secrets(secrets).packet
        do { try socket.send(packet.count <= PacketSocket.limit ? packet : PodRequest.secrets([]).packet) } catch {}
    }

    func update(_ update: PodUpdate) throws(SystemError) {
        let file = try MemoryFile.make(update.packet)
        try socket.send(PodRequest.update.packet, [file.raw])
    }

    func stop(grace: Int64) {
        do { try socket.send(PodRequest.stop(grace: grace).packet) } catch {}
    }

    /// nil: supervisor and keeper are both gone.
    func receive() throws(SystemError) -> PodReport? {
        guard let packet = try socket.receive() else { return nil }
        guard let report = try? PodReport(packet: packet.bytes) else {
            throw SystemError(errno: EPROTO, call: "recvmsg")
        }
        return report
    }

    /// Waits for the end of one that is about to leave, for two seconds at most, and collects its exit status.
    func awaitEnd() {
        var waiting = pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 2000)
        reap()
    }

    /// Collects the exit status, so that no zombie is left.
    func reap() {
        var code: Int32 = 0
        var signal: Int32 = 0
        _ = swl_pidfd_reap(process.raw, &code, &signal)
    }
}

extension SupervisorExecutable {
    /// The program that was installed beside this one, or below `../libexec/swiftlet`.
    static func find() throws(CommandError) -> SupervisorExecutable {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let mine = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        let folder = mine.lastIndex(of: "/").map { String(mine[..<$0]) } ?? "."
        let candidates = [folder + "/swiftlet-supervisor", folder + "/../libexec/swiftlet/swiftlet-supervisor"]
        for path in candidates where access(path, X_OK) == 0 { return SupervisorExecutable(path: path) }
        throw CommandError("swiftlet-supervisor is not installed beside \(mine): install both programs")
    }
}

extension SupervisorExecutable {
    /// Waits until what dead pods have left below these directories has been removed.
    func sweep(state: String, run: String) {
        guard let process = try? spawn(mode: "sweep", arguments: [state, run], descriptors: []) else { return }
        var waiting = pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 30_000)
        var code: Int32 = 0
        var signal: Int32 = 0
        _ = swl_pidfd_reap(process.raw, &code, &signal)
    }
}
