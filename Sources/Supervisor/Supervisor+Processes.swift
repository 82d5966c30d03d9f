import Cgroups
import Glibc
import Keeper
import Linux
import PodPlan
import RootFS

/// Containers whose first process is not PID 1 of a namespace of its own: the kernel does not end what it has started
/// together with it. The container's cgroup says what that is.
extension Supervisor {
    private var sharesProcesses: Bool { plan.namespaces.processes != .container }

    private func cgroupPath(_ container: Int) -> String { plan.paths.cgroup + "/" + plan.containers[container].name }

    func killProcesses(of container: Int) {
        if sharesProcesses { cgroups?.kill(cgroupPath(container)) }
    }

    /// After the end of its first process, as container runtimes do. The cgroup goes too, and is made anew for the next
    /// attempt: the kernel (6.18) also kills whatever CLONE_INTO_CGROUP puts into a cgroup that was killed once.
    func endProcesses(of container: Int) {
        guard sharesProcesses else { return }
        cgroups?.clear(cgroupPath(container), until: Clock.boot + 2_000_000_000)
        containerCgroups[container] = nil
    }

    // MARK: The process that collects orphans

    private static var pauseName: String { "_pause" }

    /// Asks the keeper for the first process of the pod's PID namespace. Its program starts while volumes are being made.
    func requestPause() throws(SandboxError) {
        guard sharesProcesses else { return }
        guard let cgroups else {
            throw SandboxError(
                reason: "FailedCreatePodSandBox",
                message:
                    "containers that share a PID namespace need a cgroup2 mount, by which what a container has started is "
                    + "known: try mount -t cgroup2 cgroup2 /sys/fs/cgroup")
        }
        guard plan.namespaces.processes == .pod else { return }
        do throws(SystemError) {
            // No container has this name.
            let cgroup = try cgroups.make(plan.paths.cgroup + "/" + Self.pauseName)
            try keeper?.deliver(.pause, [cgroup.raw])
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.description)
        }
    }

    /// Waits until it is there.
    func awaitPause() throws(SandboxError) {
        guard plan.namespaces.processes == .pod, let keeper else { return }
        var failure: Int32?
        do throws(SystemError) {
            while failure == nil {
                try keeper.next { report, _ in
                    if case .paused(let errno) = report { failure = errno }
                }
            }
            if let failure, failure != 0 { throw SystemError(errno: failure, call: "clone3", path: "pause") }
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.description)
        }
    }

    // MARK: Mounts of a pod with users of its own

    func mapMounts(_ users: Int32) throws(SandboxError) {
        do {
            try MappedMounts(plan: plan, users: users).make()
        } catch {
            throw SandboxError(reason: "FailedCreatePodSandBox", message: error.message)
        }
    }
}
