import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan
import Volumes

/// Times at which a sandbox that could not be made is tried again, as the kubelet's volume manager spaces them out.
struct SandboxRetry {
    private static let first: Int64 = 500_000_000
    private static let longest: Int64 = 122_000_000_000

    /// Boot clock.
    private(set) var at: Int64?
    private var delay: Int64 = 0

    mutating func fail(now: Int64) {
        delay = delay == 0 ? Self.first : min(delay * 2, Self.longest)
        at = now + delay
    }

    mutating func begin() { at = nil }
}

/// Kept pods: how they come back after the death of supervisor and keeper, and how they leave for a while.
extension Supervisor {
    var leavingPath: String { plan.paths.run + "/leaving" }

    /// After SIGTERM. A kept pod is stopped, but has not come to its end: the next command, or the host's next start, starts it
    /// again.
    func leave() {
        if plan.isKept && !lifecycle.isEnding && !record.isFrozen {
            writeRecord()
            record.isFrozen = true
            // For a successor.
            let file = swl_open(leavingPath, O_WRONLY | O_CREAT, 0o600)
            if file >= 0 { close(file) }
        }
        dispatch(.stop(grace: nil))
    }

    /// In namespaces that are new, and with the pod's lock.
    func revive(_ bytes: [UInt8]) {
        resumeRecord()
        let saved = SavedLifecycle(sealed: bytes)
        if let saved, saved.lifecycle.isOf(plan) {
            lifecycle = saved.lifecycle
        } else if !bytes.isEmpty {
            rename(plan.paths.state + "/lifecycle", plan.paths.state + "/lifecycle.bad")
            client.send(.note("the pod's saved state is damaged, and was put aside: it begins anew"))
        }
        let isSameBoot = saved.map { $0.bootID == record.bootID } ?? false
        let observed = isSameBoot ? recordedEnds() : []
        removeLeftovers()
        for container in plan.containers.indices {
            lifecycle.noteAttempts(container, launches: attemptsWithLogs(container))
        }
        perform(
            lifecycle.revive(savedAt: saved?.savedAt ?? .now, isSameBoot: isSameBoot, observed: observed, at: .now))
    }

    /// What the keeper has written of the ends of containers since the last state was saved.
    private func recordedEnds() -> [PodLifecycle.Observation] {
        let bytes = (try? StateDirectory.read(plan.paths.run + "/exits")) ?? []
        var observations: [PodLifecycle.Observation] = []
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
            let end = offset + 4 + length
            guard end <= bytes.count, let report = try? KeeperReport(packet: Array(bytes[offset + 4..<end])) else {
                break
            }
            offset = end
            switch report {
            case .exited(let container, let attempt, let code, let signal, let at):
                let exitCode = KeeperReport.exitCode(code, signal: signal)
                observations.append(
                    .init(
                        container: Int(container), attempt: attempt,
                        state: .exited(code: exitCode, signal: signal, at: at)))
            case .failed(let container, let attempt, let failure, _):
                observations.append(.init(container: Int(container), attempt: attempt, state: .failed(failure)))
            default: break
            }
        }
        return observations
    }

    /// Processes that were not killed with the keeper, cgroups, and all but the lock of the run directory.
    private func removeLeftovers() {
        let deadline = Clock.boot + 5_000_000_000
        cgroups?.remove(plan.paths.cgroup, until: deadline)
        _ = CgroupLayout().removeLegacy(plan.paths.cgroup, until: deadline)
        for name in DirectoryReader.entries(plan.paths.run) where name != "lock" {
            try? TreeRemoval.remove(plan.paths.run + "/" + name)
        }
    }

    /// How many attempts of a container have log files.
    private func attemptsWithLogs(_ container: Int) -> UInt32 {
        let names = DirectoryReader.entries(plan.paths.logs + "/" + plan.containers[container].name)
        let attempts = names.compactMap { UInt32($0.prefix { $0 != "." }) }
        return attempts.max().map { $0 + 1 } ?? 0
    }

    /// A kept pod waits for what it lacks, as under the kubelet: a directory of the host, a port.
    func sandboxFailed(_ error: SandboxError) {
        guard plan.isKept, !lifecycle.isEnding else {
            return dispatch(.sandboxFailed(reason: error.reason, message: error.message))
        }
        releaseKeeper()
        let report = PodReport.sandboxFailed(reason: error.reason, message: error.message)
        client.send(report)
        recordEvent(of: report)
        sandboxRetry.fail(now: Clock.boot)
    }

    func retrySandbox() {
        sandboxRetry.begin()
        if !lifecycle.isEnding { remakeSandbox() }
    }
}
