import CLinux
import Glibc
import Linux
import PodPlan

/// Descriptors that a pod needs which shares more with the host than usual, or less.
struct NamespaceHandles {
    /// The host's IPC namespace, for a pod that uses it.
    var hostIPC: OwnedDescriptor?
    /// The lock on the pod's user ids.
    var userRange: OwnedDescriptor?
    /// The pod's user namespace; made with each sandbox.
    var users: OwnedDescriptor?

    /// Before the first sandbox. Completes the plan, also that in `file`, by what only this host can say.
    init(completing plan: inout PodPlan, _ file: inout OwnedDescriptor) throws(SystemError) {
        if plan.namespaces.hostIPC {
            // This process has been in an IPC namespace of its own since before it had the plan; the command has not.
            let path = "/proc/\(getppid())/ns/ipc"
            hostIPC = OwnedDescriptor(OwnedFD(try check(swl_open(path, O_RDONLY, 0), "open", path)))
        }
        if plan.namespaces.ownUsers {
            let (lock, first) = try UserRange.take()
            userRange = lock
            plan.namespaces.firstHostID = first
            file = OwnedDescriptor(try MemoryFile.make(plan.encoded()))
        }
    }

    /// What the supervisor before this one had stored.
    init(stored: [UInt32: OwnedDescriptor]) {
        hostIPC = stored[StoreTag.hostIPC]
        userRange = stored[StoreTag.userRange]
    }

    func store(with keeper: KeeperLink) {
        if let hostIPC { keeper.store(StoreTag.hostIPC, hostIPC.raw) }
        if let userRange { keeper.store(StoreTag.userRange, userRange.raw) }
    }
}

extension Supervisor {
    /// From the namespaces of `Sandbox.enterNamespaces` to those that the pod asks for, with its name and its sysctls in them.
    func completeNamespaces() throws(SystemError) {
        let namespaces = plan.namespaces
        if let hostIPC = handles.hostIPC { try check(swl_setns(hostIPC.raw, 0), "setns", "ipc") }
        if namespaces.ownUsers {
            handles.users = OwnedDescriptor(
                try UserNamespace.make(first: namespaces.firstHostID, sysctls: namespaces.sysctls))
        }
        try check(swl_sethostname(plan.hostname), "sethostname", plan.hostname)
        if plan.hostNetwork { try check(swl_setns(hostNetwork.raw, 0), "setns") }
        if !namespaces.ownUsers { try Sysctls.write(namespaces.sysctls) }
    }
}
