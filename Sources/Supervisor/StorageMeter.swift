import CLinux
import Glibc
import Linux
import PodPlan
import Volumes

/// Looks now and then how much of the disk a pod takes that has a limit for it.
///
/// A process of its own does it: a tree may be large, or a disk dead, and the pod's other affairs do not wait for that. It is
/// the supervisor's child for as long as one look takes, and dies with it.
final class StorageMeter {
    private enum State {
        /// Boot clock.
        case waiting(until: Int64)
        case measuring(process: OwnedDescriptor, results: OwnedDescriptor, since: Int64)
        case stopped
    }

    private enum Target {
        case volume(UInt32)
        case logs(UInt32)
        /// `process` runs in the container.
        case layer(UInt32, process: Int32)
    }

    /// The kubelet's (`evictionMonitoringPeriod`).
    private static let longestPause: Int64 = 10_000_000_000

    private let plan: PodPlan
    private let loop: EventLoop
    private let processes: () -> [Int: Int32]
    private let exceeded: (String) -> Void
    private var state: State
    /// The first looks come sooner: most who fill a disk by mistake do it from the start.
    private var pause: Int64 = 500_000_000

    /// - Parameters:
    ///   - processes: A process of each container that runs, as seen from here.
    ///   - exceeded: Called once, with the reason, when there is too much.
    init(
        plan: PodPlan, loop: EventLoop, processes: @escaping () -> [Int: Int32], exceeded: @escaping (String) -> Void
    ) {
        self.plan = plan
        self.loop = loop
        self.processes = processes
        self.exceeded = exceeded
        state = .waiting(until: Clock.boot + pause)
    }

    var deadline: Int64? {
        if case .waiting(let until) = state { until } else { nil }
    }

    func tick(now: Int64) {
        guard let deadline, deadline <= now else { return }
        let targets = self.targets
        do throws(SystemError) {
            try measure(targets)
        } catch {
            wait(from: now)
        }
    }

    private func wait(from now: Int64) {
        pause = min(pause * 2, Self.longestPause)
        state = .waiting(until: now + pause)
    }

    /// emptyDirs count where they have a limit of their own, or the pod has one.
    private var targets: [Target] {
        let limits = plan.resources.storage
        var targets: [Target] = []
        for (index, volume) in plan.volumes.enumerated() {
            guard case .emptyDirectory = volume.source else { continue }
            if limits.pod != nil || limits.volumes.contains(where: { $0.index == UInt32(index) }) {
                targets.append(.volume(UInt32(index)))
            }
        }
        if limits.pod == nil { return targets }
        let processes = processes()
        for container in plan.containers.indices {
            targets.append(.logs(UInt32(container)))
            if let process = processes[container] { targets.append(.layer(UInt32(container), process: process)) }
        }
        return targets
    }

    private func measure(_ targets: [Target]) throws(SystemError) {
        let results = try Pipe(nonBlockingReader: true)
        let pid = try check(swl_fork(), "fork")
        if pid == 0 {
            _ = swl_set_parent_death_signal(SIGKILL)
            _ = swl_set_process_name("swiftlet-du")
            dup2(results.writer.raw, 3)
            _ = swl_close_from(4)
            var bytes = targets.map(measured)
            _ = write(3, &bytes, bytes.count * MemoryLayout<UInt64>.size)
            swl_exit(0)
        }
        let process = OwnedDescriptor(OwnedFD(try check(swl_pidfd_open(pid), "pidfd_open")))
        let reader = OwnedDescriptor(try results.reader.duplicate())
        state = .measuring(process: process, results: reader, since: Clock.boot)
        try loop.watch(process.raw) { [unowned self] _ in self.measured(targets) }
    }

    /// In the child.
    private func measured(_ target: Target) -> UInt64 {
        switch target {
        case .volume(let index):
            return UInt64(max(0, swl_disk_usage(VolumeTable(plan).path(Int(index)))))
        case .logs(let index):
            return UInt64(max(0, swl_disk_usage(plan.paths.logs + "/" + plan.containers[Int(index)].name)))
        case .layer(_, let process):
            // The writable layer is a tmpfs, which the root is on, or whose figures an overlay passes on.
            var status = statvfs()
            guard statvfs("/proc/\(process)/root", &status) == 0, status.f_blocks > 0 else { return 0 }
            return UInt64(status.f_blocks - status.f_bfree) * UInt64(status.f_frsize)
        }
    }

    private func measured(_ targets: [Target]) {
        guard case .measuring(let process, let results, let since) = state else { return }
        var code: Int32 = 0
        var signal: Int32 = 0
        guard swl_pidfd_reap(process.raw, &code, &signal) == 1 else { return }
        loop.unwatch(process.raw)
        var bytes = [UInt64](repeating: 0, count: targets.count)
        let size = bytes.count * MemoryLayout<UInt64>.size
        guard read(results.raw, &bytes, size) == size else { return wait(from: since) }
        var usage = StorageUsage()
        for (target, amount) in zip(targets, bytes) {
            switch target {
            case .volume(let index): usage.volumes[index] = amount
            case .logs(let index), .layer(let index, _): usage.containers[index, default: 0] += amount
            }
        }
        guard let reason = usage.excess(plan) else { return wait(from: max(since, Clock.boot - pause)) }
        state = .stopped
        exceeded(reason)
    }
}
