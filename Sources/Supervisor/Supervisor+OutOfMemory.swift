import CLinux
import Cgroups
import Glibc
import Linux
import PodPlan

/// Which containers have run out of memory. The kernel counts, for each cgroup, the processes that it has killed; it tells of
/// each time, so nothing is polled. Only where the pod has a limit of memory.
extension Supervisor {
    /// How long the kernel is given to choose and count its victim after it has said that there is no memory left.
    private static let settling: Int64 = 100_000_000

    private var hasMemoryLimit: Bool {
        (plan.resources.limits?.memory ?? 0) > 0 || plan.containers.contains { ($0.resources.limits?.memory ?? 0) > 0 }
    }

    private func cgroup(_ container: Int) -> String { plan.paths.cgroup + "/" + plan.containers[container].name }

    private func countPath(_ container: Int) -> String { "\(plan.paths.run)/oom-kills.\(container)" }

    /// Before a launch: what the cgroup has seen of earlier attempts. Written down for a supervisor that comes after this one.
    func recordOutOfMemoryKills(_ container: Int, attempt: UInt32) {
        guard hasMemoryLimit else { return }
        let count = attempt == 0 ? 0 : layout?.oomKills(cgroup(container)) ?? 0
        rememberOutOfMemoryKills(container, count)
    }

    private func rememberOutOfMemoryKills(_ container: Int, _ count: UInt64) {
        outOfMemory.known[container] = count
        let file = swl_open(countPath(container), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if file < 0 { return }
        let text = "\(count)"
        _ = write(file, text, text.utf8.count)
        close(file)
    }

    private func knownOutOfMemoryKills(_ container: Int) -> UInt64 {
        if let known = outOfMemory.known[container] { return known }
        return KernelFile.read(countPath(container)).flatMap { UInt64($0) } ?? 0
    }

    /// Whether the end with this code is the kernel's doing. A shell whose last command was killed says 137 too.
    func isOutOfMemory(_ container: Int, exitCode: Int32) -> Bool {
        guard hasMemoryLimit else { return false }
        unwatchOutOfMemory(container)
        let count = cgroupLayout.oomKills(cgroup(container)) ?? 0
        return exitCode == 128 + SIGKILL && count > knownOutOfMemoryKills(container)
    }

    /// From a container's start on: a process of it may be killed without the container ending.
    func watchOutOfMemory(_ container: Int) {
        guard hasMemoryLimit, outOfMemory.watched[container] == nil else { return }
        guard let (descriptor, events) = cgroupLayout.outOfMemoryEvents(cgroup(container)) else { return }
        outOfMemory.watched[container] = descriptor
        try? loop.watch(descriptor.raw, events) { [unowned self] _ in
            CgroupLayout.acknowledge(descriptor.raw)
            self.outOfMemory.checkAt = self.outOfMemory.checkAt ?? Clock.boot + Self.settling
        }
    }

    private func unwatchOutOfMemory(_ container: Int) {
        guard let descriptor = outOfMemory.watched.removeValue(forKey: container) else { return }
        loop.unwatch(descriptor.raw)
    }

    func checkOutOfMemory(now: Int64) {
        guard let at = outOfMemory.checkAt, at <= now else { return }
        outOfMemory.checkAt = nil
        for container in outOfMemory.watched.keys.sorted() {
            let known = knownOutOfMemoryKills(container)
            guard let count = layout?.oomKills(cgroup(container)), count > known else { continue }
            // Where the container's first process was killed, its end is on its way here.
            if isExiting(container) { continue }
            rememberOutOfMemoryKills(container, count)
            let many = count - known == 1 ? "a process" : "\(count - known) processes"
            let message = "container \"\(plan.containers[container].name)\" is out of memory: \(many) of it killed"
            client.send(.note(message))
            recordEvent("OOMKilling", message, isWarning: true, container: container)
        }
    }

    private func isExiting(_ container: Int) -> Bool {
        guard let process = pidfds[container] else { return true }
        var waiting = pollfd(fd: process.descriptor.raw, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) != 0
    }
}

/// What a supervisor knows of processes killed because memory was short.
struct OutOfMemoryWatch {
    /// How many the kernel had killed in a container's cgroup when it was last looked at.
    var known: [Int: UInt64] = [:]
    var watched: [Int: OwnedDescriptor] = [:]
    /// Boot clock.
    var checkAt: Int64?
}
