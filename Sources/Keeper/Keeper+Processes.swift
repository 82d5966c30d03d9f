import CLinux
import Glibc
import Linux
import PodPlan

/// Containers in the PID namespace that the plan says, and the first process of one that they share.
extension Keeper {
    struct Pause {
        let pidfd: OwnedDescriptor
        let namespace: OwnedDescriptor
        /// The keeper's own.
        let host: OwnedDescriptor
    }

    /// clone3 with a mount namespace for the child.
    func cloneContainer(cgroup: Int32, _ pidfd: inout Int32) throws(SystemError) -> Int {
        let mounts = UInt64(SWL_CLONE_NEWNS)
        switch plan.namespaces.processes {
        case .container:
            return try check(swl_clone3(mounts | UInt64(SWL_CLONE_NEWPID), cgroup, &pidfd), "clone3")
        case .host:
            return try check(swl_clone3(mounts, cgroup, &pidfd), "clone3")
        case .pod:
            guard let pause else { throw SystemError(errno: ESRCH, call: "setns") }
            // Which namespace children are born into can be set, and set back.
            try check(swl_setns(pause.namespace.raw, Namespaces.pid.rawValue), "setns")
            let pid = swl_clone3(mounts, cgroup, &pidfd)
            if pid == 0 { return 0 }
            // Otherwise the next supervisor would be born there.
            if swl_setns(pause.host.raw, Namespaces.pid.rawValue) < 0 { swl_exit(1) }
            return try check(pid, "clone3")
        }
    }

    /// Blocks for as long as its program takes to start; nothing runs yet that would have to wait.
    func startPause(cgroup: Int32) {
        do throws(SystemError) {
            let pause = try makePause(cgroup)
            self.pause = pause
            // The kernel has killed all containers; what is left of the pod goes with this process.
            try loop.watch(pause.pidfd.raw) { _ in swl_exit(1) }
            report(.paused(errno: 0))
        } catch {
            report(.paused(errno: error.errno))
        }
    }

    func endPause() {
        guard let pause else { return }
        loop.unwatch(pause.pidfd.raw)
        _ = swl_pidfd_send_signal(pause.pidfd.raw, SIGKILL)
        var code: Int32 = 0
        var signal: Int32 = 0
        while swl_pidfd_reap(pause.pidfd.raw, &code, &signal) == 0 { usleep(50) }
    }

    private func makePause(_ cgroup: Int32) throws(SystemError) -> Pause {
        var ends: [Int32] = [-1, -1]
        try check(swl_pipe(&ends, 0), "pipe2")
        let reader = OwnedFD(ends[0])
        let program = try executable.open()
        var pidfd: Int32 = -1
        let flags = UInt64(SWL_CLONE_NEWNS) | UInt64(SWL_CLONE_NEWPID)
        let pid = swl_clone3(flags, cgroup, &pidfd)
        if pid == 0 { becomePause(program.raw, ends[1]) }
        close(ends[1])
        try check(pid, "clone3")
        let process = OwnedDescriptor(OwnedFD(pidfd))
        var failure: Int32 = 0
        if read(reader.raw, &failure, 4) != 4 { failure = ECHILD }
        if failure != 0 { throw SystemError(errno: failure, call: "exec") }
        func namespace(_ process: String) throws(SystemError) -> OwnedDescriptor {
            let path = "/proc/\(process)/ns/pid"
            return OwnedDescriptor(OwnedFD(try check(swl_open(path, O_RDONLY, 0), "open", path)))
        }
        return Pause(pidfd: process, namespace: try namespace("\(pid)"), host: try namespace("self"))
    }

    /// In the child.
    private func becomePause(_ program: Int32, _ ready: Int32) -> Never {
        _ = swl_set_parent_death_signal(SIGKILL)
        let exe = swl_dup_above(program, 16)
        let output = swl_dup_above(ready, 16)
        let users = self.users >= 0 ? swl_dup_above(self.users, 16) : -1
        if exe < 0 || output < 0 { swl_exit(1) }
        dup2(output, 3)
        if users >= 0 { dup2(users, 4) }
        _ = swl_close_range_cloexec(users >= 0 ? 5 : 4)
        withCStrings([executable.path, "pause", plan.paths.run, users >= 0 ? "users" : "-"]) { argv in
            withCStrings([]) { environment in _ = swl_execute(exe, argv, environment) }
        }
        swl_exit(127)
    }
}
