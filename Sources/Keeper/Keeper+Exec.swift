import CLinux
import Glibc
import Linux
import PodPlan

/// Further programs in running containers: hooks, probes, and what a user starts there.
extension Keeper {
    struct Exec {
        /// nil: the supervisor that asked for it has died.
        var id: UInt32?
        var container: UInt32
        var pid: Int32
        var pidfd: OwnedDescriptor
        var status: OwnedDescriptor
        var cgroup: OwnedDescriptor?
        /// Where a user waits for its end.
        var session: OwnedDescriptor?
    }

    func exec(
        _ id: UInt32, _ container: UInt32, _ attempt: UInt32, _ program: ExecPlan, _ descriptors: [OwnedDescriptor]
    ) {
        let given = ExecDescriptors(descriptors, program)
        func fail(_ errno: Int32) {
            let failure = LaunchFailure(.clone, errno: errno)
            tell(given?.session, .failed(failure))
            report(.execFailed(id: id, failure: failure))
        }
        guard let given, case .running(attempt, _, let target, _)? = slots[container] else { return fail(ESRCH) }
        do {
            let status = try Pipe(nonBlockingReader: true)
            var pidfd: Int32 = -1
            let pid = try cloneInto(target.raw, cgroup: given.cgroup?.raw ?? -1, &pidfd)
            if pid == 0 {
                var process = ContainerProcess(
                    plan: plan, index: Int(container), volumes: volumes, standardOutput: given.output?.raw ?? -1,
                    standardError: given.error?.raw ?? -1, status: status.writer.raw, gate: -1)
                process.standardInput = given.input?.raw ?? -1
                process.takeFileEnvironment()
                process.join(target.raw, program, session: given.session?.raw ?? -1)
            }
            let handle = OwnedDescriptor(OwnedFD(pidfd))
            execs.append(
                Exec(
                    id: id, container: container, pid: Int32(pid), pidfd: handle,
                    status: OwnedDescriptor(try status.reader.duplicate()), cgroup: given.cgroup,
                    session: given.session))
            try loop.watch(handle.raw) { [unowned self] _ in self.reapExec(handle.raw) }
        } catch {
            fail(error.errno)
        }
    }

    /// A user who does not listen is not waited for.
    private func tell(_ session: OwnedDescriptor?, _ message: SessionReport) {
        guard let session else { return }
        let packet = message.packet
        _ = swl_set_nonblocking(session.raw, 1)
        _ = swl_send(session.raw, packet, packet.count, nil, 0)
    }

    /// A child in the PID namespace of the process behind `target`: which one children are born into can be set, for the moment.
    private func cloneInto(_ target: Int32, cgroup: Int32, _ pidfd: inout Int32) throws(SystemError) -> Int {
        let own = OwnedFD(try check(swl_open("/proc/self/ns/pid", O_RDONLY, 0), "open", "/proc/self/ns/pid"))
        let pidNamespace = Namespaces.pid.rawValue
        try check(swl_setns(target, pidNamespace), "setns")
        let pid = swl_clone3(0, cgroup, &pidfd)
        if pid == 0 { return 0 }
        // Without its own back, it would bear the next container inside this one.
        if swl_setns(own.raw, pidNamespace) < 0 { swl_exit(1) }
        return try check(pid, "clone3")
    }

    private func reapExec(_ pidfd: Int32) {
        guard let index = execs.firstIndex(where: { $0.pidfd.raw == pidfd }) else { return }
        var code: Int32 = 0
        var signal: Int32 = 0
        guard swl_pidfd_reap(pidfd, &code, &signal) == 1 else { return }
        loop.unwatch(pidfd)
        let exec = execs.remove(at: index)
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = read(exec.status.raw, &buffer, buffer.count)
        if count > 0 {
            let failure =
                (try? LaunchFailure(packet: Array(buffer.prefix(count)))) ?? LaunchFailure(.clone, errno: EPROTO)
            tell(exec.session, .failed(failure))
            report(.execFailed(id: exec.id ?? 0, failure: failure))
        } else {
            tell(exec.session, .ended(exitCode: code, signal: signal))
            report(.execEnded(id: exec.id ?? 0, exitCode: code, signal: signal))
        }
    }

    func endExec(_ id: UInt32) {
        if let exec = execs.first(where: { $0.id == id }) { kill(exec) }
    }

    /// Where containers share a PID namespace, the kernel does not end them with the container.
    func endExecs(in container: UInt32) {
        for exec in execs where exec.container == container { kill(exec) }
    }

    /// Nobody wants to know any more how probes and hooks end. What users have started goes on.
    func endSupervisorsExecs() {
        for index in execs.indices {
            if execs[index].session == nil { kill(execs[index]) }
            execs[index].id = nil
        }
    }

    /// With all that it has started; without a cgroup of its own, with what has stayed in its process group.
    private func kill(_ exec: Exec) {
        if let cgroup = exec.cgroup {
            let file = swl_openat(cgroup.raw, "cgroup.kill", O_WRONLY, 0)
            if file >= 0 {
                _ = write(file, "1", 1)
                close(file)
            }
        }
        // The process is this one's child and not yet reaped: its number is nobody else's.
        _ = Glibc.kill(-exec.pid, SIGKILL)
        _ = swl_pidfd_send_signal(exec.pidfd.raw, SIGKILL)
    }
}
