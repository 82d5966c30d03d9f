import CLinux
import Cgroups
import Glibc
import Keeper
import Linux
import PodPlan

extension Supervisor {
    /// Hands a user's command on to the keeper, who tells the user how it ends: also when this process is no more.
    func controlExec(_ request: ExecRequest, _ descriptors: [OwnedDescriptor]) {
        guard let session = descriptors.first else { return }
        _ = swl_set_nonblocking(session.raw, 1)
        func tell(_ message: SessionReport) {
            let packet = message.packet
            _ = swl_send(session.raw, packet, packet.count, nil, 0)
        }
        do throws(SessionRefusal) {
            let target = try target(request.container)
            tell(.accepted(container: plan.containers[target.index].name, defaulted: target.defaulted))
            try start(request, target, descriptors)
        } catch {
            tell(.refused(error))
        }
    }

    private func start(
        _ request: ExecRequest, _ target: SessionTarget, _ descriptors: [OwnedDescriptor]
    ) throws(SessionRefusal) {
        guard let keeper else { throw .notRunning(container: request.container, reason: "") }
        var program = ExecPlan(command: request.command)
        program.isSession = true
        program.hasInput = request.hasInput && request.terminal == nil
        program.terminal = request.terminal
        let id = execs.nextID()
        let cgroup = execCgroup(target.index, id)
        execs.add(id, nil, cgroup: cgroup?.path)
        do {
            try keeper.deliver(
                .exec(id: id, container: UInt32(target.index), attempt: target.attempt, program),
                descriptors.map(\.raw) + (cgroup.map { [$0.descriptor.raw] } ?? []))
        } catch {
            forgetExec(id)
            throw .failed(error.description)
        }
    }

    /// Cgroups of what an earlier supervisor has started. Those that are still in use go at the pod's end, or when a later
    /// command ends.
    func adoptExecCgroups() {
        guard let cgroups else { return }
        for container in plan.containers {
            let path = "\(cgroups.root)/\(plan.paths.cgroup)/\(container.name)"
            for name in DirectoryReader.entries(path) where name.hasPrefix("exec-") {
                execs.leftovers.append("\(path)/\(name)")
            }
        }
        sweepExecCgroups()
    }
}
