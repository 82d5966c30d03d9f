import CLinux
import Glibc
import Linux
import PodPlan
import RootFS
import Volumes

/// The process that holds a pod: the parent of every container.
///
/// - Role: clones what it is told to clone, reports and records how it ended, and keeps descriptors for the next
///   supervisor, which it starts itself when the present one dies. It decides nothing.
/// - Namespaces: the pod's mount, network, IPC and UTS namespaces, of which it is the last holder; the host's PID
///   namespace. When it dies, the kernel frees them, and kills the containers (parent death signal).
/// - Privileges: those of the caller of swiftlet. Open descriptors: the supervisor's socket and pidfd, the volumes, the
///   record of exits, and what `store` brought.
public final class Keeper {
    enum Slot {
        /// It has all but its turn.
        case prepared(
            attempt: UInt32, pid: Int32, pidfd: OwnedDescriptor, status: OwnedDescriptor, gate: OwnedDescriptor)
        case launching(attempt: UInt32, pid: Int32, pidfd: OwnedDescriptor, status: OwnedDescriptor)
        case running(attempt: UInt32, pid: Int32, pidfd: OwnedDescriptor, since: Moment)
        case ended(KeeperReport)

        /// Runs nothing of the container's.
        var isIdle: Bool {
            switch self {
            case .prepared, .ended: true
            case .launching, .running: false
            }
        }
    }

    let plan: PodPlan
    let volumes: VolumeTable
    let loop: EventLoop
    let executable: SupervisorExecutable
    private let exits: OwnedDescriptor
    private var socket: PacketSocket
    private var supervisor: OwnedDescriptor
    var slots: [UInt32: Slot] = [:]
    private var store: [UInt32: OwnedDescriptor] = [:]
    private var saved: [UInt8] = []
    /// Reports that the supervisor was too slow for.
    private var unsent: [KeeperReport] = []
    private var released = false
    /// Further programs in containers.
    var execs: [Exec] = []
    /// The first process of the PID namespace that the containers share.
    var pause: Pause?
    /// The pod's user namespace; -1: the host's.
    let users: Int32
    /// Boot-clock time at which the next supervisor is started; they are spaced out when they die at once.
    private var restartAt: Int64?
    private var restartDelay: Int64 = 0
    private var supervisorSince: Int64

    /// `supervisor` is a pidfd, `users` the pod's user namespace or -1. `exits` is the file that each exit is appended to.
    public init(
        plan: PodPlan, volumes: VolumeTable, executable: SupervisorExecutable, socket: consuming PacketSocket,
        supervisor: consuming OwnedFD, exits: consuming OwnedFD, users: Int32
    ) throws(SystemError) {
        self.plan = plan
        self.users = users
        self.volumes = volumes
        self.executable = executable
        self.socket = socket
        self.supervisor = OwnedDescriptor(supervisor)
        self.exits = OwnedDescriptor(exits)
        loop = try EventLoop()
        supervisorSince = Clock.boot
    }

    public func run() throws(SystemError) {
        try watchSupervisor()
        try loop.run(
            deadline: { self.restartAt },
            tick: { self.restartSupervisor() },
            settled: { if self.released && self.slots.values.allSatisfy(\.isIdle) { self.loop.stop() } })
        // Those whose turn never came.
        for container in Array(slots.keys) { discardPrepared(container) }
        endPause()
    }

    // MARK: The supervisor

    private func watchSupervisor() throws(SystemError) {
        try socket.setNonBlocking(true)
        unsent = []
        try loop.watch(socket.raw) { [unowned self] events in
            if events & EventLoop.writable != 0 { self.sendReports() }
            self.readRequests()
        }
        try loop.watch(supervisor.raw) { [unowned self] _ in self.supervisorDied() }
    }

    private func readRequests() {
        while true {
            do {
                guard var packet = try socket.receive() else {
                    // The pidfd tells of the death; a closed socket alone would wake the loop for ever.
                    loop.unwatch(socket.raw)
                    return
                }
                let request = try KeeperRequest(packet: packet.bytes)
                handle(request, packet.take())
            } catch {
                return
            }
        }
    }

    private func handle(_ request: KeeperRequest, _ descriptors: [Int32]) {
        switch request {
        case .launch(let container, let attempt):
            if descriptors.isEmpty {
                proceed(container, attempt)
            } else {
                discardPrepared(container)
                clone(container, attempt, descriptors.map { OwnedDescriptor(OwnedFD($0)) }, waits: false)
            }
            return
        case .prepare(let container, let attempt):
            clone(container, attempt, descriptors.map { OwnedDescriptor(OwnedFD($0)) }, waits: true)
            return
        case .store(let tag):
            if let first = descriptors.first { store[tag] = OwnedDescriptor(OwnedFD(first)) }
            for extra in descriptors.dropFirst() { close(extra) }
            return
        case .exec(let id, let container, let attempt, let program):
            exec(id, container, attempt, program, descriptors.map { OwnedDescriptor(OwnedFD($0)) })
            return
        case .endExec(let id): endExec(id)
        case .drop(let tag): store[tag] = nil
        case .save(let bytes): saved = bytes
        case .release: released = true
        case .rest: swl_release_memory()
        case .pause: startPause(cgroup: descriptors.first ?? -1)
        }
        for fd in descriptors { close(fd) }
    }

    private func supervisorDied() {
        // Requests that it sent before it died still count.
        readRequests()
        loop.unwatch(socket.raw)
        loop.unwatch(supervisor.raw)
        var code: Int32 = 0
        var signal: Int32 = 0
        _ = swl_pidfd_reap(supervisor.raw, &code, &signal)
        endSupervisorsExecs()
        if saved.isEmpty {
            // It died before it had handed over what the next one needs, and before any container. What there is, the
            // kernel frees with this process, and the next command sweeps.
            released = true
        }
        if released { return }
        let now = Clock.boot
        restartDelay =
            now - supervisorSince > 10_000_000_000 ? 0 : min(max(restartDelay * 2, 50_000_000), 2_000_000_000)
        restartAt = now + restartDelay
    }

    private func restartSupervisor() {
        restartAt = nil
        do {
            let (mine, theirs) = try PacketSocket.pair()
            socket = PacketSocket(OwnedFD(mine))
            let other = OwnedFD(theirs)
            let process = try executable.spawn(mode: "resume", descriptors: [other.raw])
            supervisor = OwnedDescriptor(process)
            supervisorSince = Clock.boot
            try handOver()
            try watchSupervisor()
        } catch {
            restartAt = Clock.boot + 1_000_000_000
        }
    }

    private func handOver() throws(SystemError) {
        try socket.send(KeeperReport.saved(saved).packet)
        for (tag, descriptor) in store { try socket.send(KeeperReport.stored(tag: tag).packet, [descriptor.raw]) }
        for (container, slot) in slots {
            switch slot {
            case .prepared: continue
            case .launching(let attempt, _, _, _):
                try socket.send(KeeperReport.launching(container: container, attempt: attempt).packet)
            case .running(let attempt, let pid, _, let since):
                try send(.started(container: container, attempt: attempt, pid: pid, at: since))
            case .ended(let report):
                try send(report)
            }
        }
        try socket.send(KeeperReport.handedOver.packet)
    }

    /// A supervisor that has died does not hear it; the next one is told everything anyway.
    func report(_ report: KeeperReport) {
        unsent.append(report)
        sendReports()
    }

    private func sendReports() {
        while let report = unsent.first {
            do {
                try send(report)
                unsent.removeFirst()
            } catch {
                if error.errno != EAGAIN { unsent = [] }
                break
            }
        }
        try? loop.change(socket.raw, unsent.isEmpty ? EventLoop.readable : EventLoop.readable | EventLoop.writable)
    }

    private func send(_ report: KeeperReport) throws(SystemError) {
        var descriptors: [Int32] = []
        if case .started(let container, _, _, _) = report, case .running(_, _, let pidfd, _) = slots[container] {
            descriptors = [pidfd.raw]
        }
        try socket.send(report.packet, descriptors)
    }

    // MARK: Containers

    private func clone(_ container: UInt32, _ attempt: UInt32, _ descriptors: [OwnedDescriptor], waits: Bool) {
        let index = Int(container)
        guard index < plan.containers.count, slots[container]?.isIdle ?? true else { return }
        guard let given = LaunchDescriptors(descriptors, plan.containers[index].streams) else {
            // The kernel drops those for which this process has no room.
            if waits { return }
            let failure = LaunchFailure(.clone, errno: EMFILE)
            return end(container, .failed(container: container, attempt: attempt, failure: failure, at: .now))
        }
        do {
            let status = try Pipe(nonBlockingReader: true)
            let gate = try Pipe()
            var pidfd: Int32 = -1
            let pid = try cloneContainer(cgroup: given.cgroup, &pidfd)
            if pid == 0 {
                var process = ContainerProcess(
                    plan: plan, index: index, volumes: volumes, standardOutput: given.output,
                    standardError: given.error, status: status.writer.raw, gate: waits ? gate.reader.raw : -1,
                    users: users)
                process.standardInput = given.input
                process.terminals = given.terminals
                process.run()
            }
            let handle = OwnedDescriptor(OwnedFD(pidfd))
            let reader = OwnedDescriptor(try status.reader.duplicate())
            try loop.watch(handle.raw) { [unowned self] _ in self.reap(container) }
            if waits {
                let writer = OwnedDescriptor(try gate.writer.duplicate())
                slots[container] = .prepared(
                    attempt: attempt, pid: Int32(pid), pidfd: handle, status: reader, gate: writer)
            } else {
                slots[container] = .launching(attempt: attempt, pid: Int32(pid), pidfd: handle, status: reader)
                try loop.watch(reader.raw) { [unowned self] _ in self.launched(container) }
            }
        } catch {
            // What cannot be prepared will fail again, and be told of, at its launch.
            if waits { return }
            let failure = LaunchFailure(.clone, errno: error.errno)
            end(container, .failed(container: container, attempt: attempt, failure: failure, at: .now))
        }
    }

    /// A prepared container's turn has come.
    private func proceed(_ container: UInt32, _ attempt: UInt32) {
        guard case .prepared(attempt, let pid, let pidfd, let status, let gate) = slots[container] else {
            if slots[container]?.isIdle == false { return }
            // It was killed while it waited.
            let failure = LaunchFailure(.clone, errno: ESRCH)
            end(container, .failed(container: container, attempt: attempt, failure: failure, at: .now))
            return
        }
        slots[container] = .launching(attempt: attempt, pid: pid, pidfd: pidfd, status: status)
        try? loop.watch(status.raw) { [unowned self] _ in self.launched(container) }
        _ = write(gate.raw, "g", 1)
    }

    private func discardPrepared(_ container: UInt32) {
        guard case .prepared(_, _, let pidfd, _, _) = slots[container] else { return }
        loop.unwatch(pidfd.raw)
        _ = swl_pidfd_send_signal(pidfd.raw, SIGKILL)
        var code: Int32 = 0
        var signal: Int32 = 0
        while swl_pidfd_reap(pidfd.raw, &code, &signal) == 0 { usleep(50) }
        slots[container] = nil
    }

    /// End-of-file on the status pipe means that exec succeeded; bytes say which step failed.
    private func launched(_ container: UInt32) {
        guard case .launching(let attempt, let pid, let pidfd, let status) = slots[container] else { return }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = read(status.raw, &buffer, buffer.count)
        if count < 0 { return }
        loop.unwatch(status.raw)
        if count == 0 {
            let now = Moment.now
            slots[container] = .running(attempt: attempt, pid: pid, pidfd: pidfd, since: now)
            report(.started(container: container, attempt: attempt, pid: pid, at: now))
        } else {
            let failure =
                (try? LaunchFailure(packet: Array(buffer.prefix(count)))) ?? LaunchFailure(.clone, errno: EPROTO)
            loop.unwatch(pidfd.raw)
            var code: Int32 = 0
            var signal: Int32 = 0
            // The child leaves right after the message; waiting for it here takes microseconds.
            while swl_pidfd_reap(pidfd.raw, &code, &signal) == 0 { usleep(50) }
            end(container, .failed(container: container, attempt: attempt, failure: failure, at: .now))
        }
    }

    private func reap(_ container: UInt32) {
        if case .launching = slots[container] { launched(container) }
        if case .prepared(_, _, let pidfd, _, _) = slots[container] {
            var code: Int32 = 0
            var signal: Int32 = 0
            guard swl_pidfd_reap(pidfd.raw, &code, &signal) == 1 else { return }
            loop.unwatch(pidfd.raw)
            slots[container] = nil
            return
        }
        let (attempt, pidfd): (UInt32, OwnedDescriptor)
        switch slots[container] {
        case .running(let number, _, let descriptor, _): (attempt, pidfd) = (number, descriptor)
        case .launching(let number, _, let descriptor, let status):
            // Killed before exec, without a word.
            loop.unwatch(status.raw)
            (attempt, pidfd) = (number, descriptor)
        default: return
        }
        var code: Int32 = 0
        var signal: Int32 = 0
        guard swl_pidfd_reap(pidfd.raw, &code, &signal) == 1 else { return }
        loop.unwatch(pidfd.raw)
        end(container, .exited(container: container, attempt: attempt, exitCode: code, signal: signal, at: .now))
    }

    private func end(_ container: UInt32, _ ending: KeeperReport) {
        slots[container] = .ended(ending)
        endExecs(in: container)
        var record = ending.packet
        record.insert(contentsOf: withUnsafeBytes(of: UInt32(record.count).littleEndian, Array.init), at: 0)
        // Not synced: after a power cut nothing runs that the record would be about.
        _ = write(exits.raw, record, record.count)
        report(ending)
    }
}

extension Moment {
    public static var now: Moment { Moment(boot: Clock.boot, wall: Clock.wall) }
}
