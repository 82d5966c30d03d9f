import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodPlan

/// A command in a container, for a probe or a hook. The keeper starts it and tells how it ended; its output comes by a pipe.
final class ExecRun: HandlerRun {
    /// Bytes of output that are kept (`maxReadLength` of the kubelet's exec prober); what is beyond is read and dropped.
    static let limit = 10 << 10

    let id: UInt32
    let waitingFor: String
    private let output: OwnedDescriptor
    private unowned let supervisor: Supervisor
    private let finish: (HandlerOutcome) -> Void
    private var bytes: [UInt8] = []
    private var isOver = false

    init(
        _ supervisor: Supervisor, id: UInt32, command: [String], output: consuming OwnedFD,
        finish: @escaping (HandlerOutcome) -> Void
    ) throws(SystemError) {
        self.supervisor = supervisor
        self.id = id
        waitingFor = "command \"\(command.joined(separator: " "))\""
        self.finish = finish
        let descriptor = OwnedDescriptor(output)
        self.output = descriptor
        try supervisor.loop.watch(descriptor.raw) { [unowned self] events in
            if !self.drain() { self.supervisor.loop.unwatch(self.output.raw) }
        }
    }

    /// The keeper has been told already.
    func start() {}

    func cancel() {
        if isOver { return }
        close()
        supervisor.keeper?.send(.endExec(id: id))
    }

    /// What it leaves running in the background may hold the pipe open; that is not waited for.
    func ended(exitCode: Int32, signal: Int32) {
        if isOver { return }
        _ = drain()
        close()
        if exitCode == 0 && signal == 0 { return finish(.success) }
        let text = String(decoding: bytes, as: UTF8.self)
        let words = signal == 0 ? "exit code \(exitCode)" : "ended by signal \(signal)"
        finish(.failure(text.utf8.allSatisfy { $0 <= 0x20 } ? words : text))
    }

    func failed(_ failure: LaunchFailure) {
        if isOver { return }
        close()
        finish(.errored(failure.message))
    }

    private func close() {
        isOver = true
        supervisor.loop.unwatch(output.raw)
    }

    /// False at the end of the output. A bounded number of reads, so that a flood leaves time for the rest.
    private func drain() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        for _ in 0..<4 {
            let count = read(output.raw, &buffer, buffer.count)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            bytes += buffer.prefix(min(count, Self.limit - bytes.count))
        }
        return true
    }
}

/// The commands that were started, until the keeper has told of their end.
struct Execs {
    private(set) var runs: [UInt32: (run: ExecRun?, cgroup: String?)] = [:]
    /// Cgroups that still had processes when their command ended: what it has left running there.
    var leftovers: [String] = []
    private var last: UInt32 = 0

    mutating func nextID() -> UInt32 {
        last &+= 1
        return last
    }

    /// `run` is nil where somebody else is told of the end.
    mutating func add(_ id: UInt32, _ run: ExecRun?, cgroup: String?) {
        runs[id] = (run, cgroup)
    }

    mutating func remove(_ id: UInt32) -> (run: ExecRun?, cgroup: String?)? {
        runs.removeValue(forKey: id)
    }
}

extension Supervisor {
    /// Throws where there is no pipe or keeper to be had.
    func startExec(
        _ container: Int, _ attempt: UInt32, _ command: [String], _ finish: @escaping (HandlerOutcome) -> Void
    ) throws(SystemError) -> ExecRun {
        guard let keeper else { throw SystemError(errno: ESRCH, call: "exec") }
        let id = execs.nextID()
        let pipe = try Pipe(nonBlockingReader: true)
        let run = try ExecRun(self, id: id, command: command, output: try pipe.reader.duplicate(), finish: finish)
        let cgroup = execCgroup(container, id)
        var descriptors = [pipe.writer.raw]
        if let cgroup { descriptors.append(cgroup.descriptor.raw) }
        execs.add(id, run, cgroup: cgroup?.path)
        do {
            try keeper.deliver(
                .exec(id: id, container: UInt32(container), attempt: attempt, ExecPlan(command: command)), descriptors)
        } catch {
            run.cancel()
            forgetExec(id)
            throw error
        }
        return run
    }

    /// A cgroup below the container's, so that all that the command starts can be killed together.
    func execCgroup(_ container: Int, _ id: UInt32) -> (path: String, descriptor: OwnedDescriptor)? {
        guard let cgroups else { return nil }
        if containerCgroups[container] == nil {
            let path = plan.paths.cgroup + "/" + plan.containers[container].name
            guard let made = try? OwnedDescriptor(cgroups.make(path)) else { return nil }
            containerCgroups[container] = made
        }
        guard let parent = containerCgroups[container] else { return nil }
        // One of an earlier supervisor may have the name.
        for name in ["exec-\(id)", "exec-\(getpid())-\(id)"] where swl_mkdirat(parent.raw, name, 0o755) == 0 {
            let fd = swl_openat(parent.raw, name, O_RDONLY | O_DIRECTORY, 0)
            let path = "\(cgroups.root)/\(plan.paths.cgroup)/\(plan.containers[container].name)/\(name)"
            return fd < 0 ? nil : (path, OwnedDescriptor(OwnedFD(fd)))
        }
        return nil
    }

    func execReported(_ report: KeeperReport) {
        switch report {
        case .execEnded(let id, let exitCode, let signal):
            forgetExec(id)?.ended(exitCode: exitCode, signal: signal)
        case .execFailed(let id, let failure):
            forgetExec(id)?.failed(failure)
        default: break
        }
    }

    @discardableResult
    func forgetExec(_ id: UInt32) -> ExecRun? {
        let known = execs.remove(id)
        if let cgroup = known?.cgroup { execs.leftovers.append(cgroup) }
        sweepExecCgroups()
        return known?.run
    }

    func sweepExecCgroups() {
        // Not empty (EBUSY): the next command's end looks again, and the pod's end removes them all.
        execs.leftovers.removeAll { rmdir($0) == 0 || errno == ENOENT }
    }
}
