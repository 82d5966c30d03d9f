import CLinux
import Glibc
import Linux
import PodLifecycle
import PodPlan

/// Where a pod is, for commands that go there by themselves.
extension Supervisor {
    /// The pod's network namespace, which this process is in.
    func controlNetwork(_ connection: ControlConnection) {
        do throws(SystemError) {
            let namespace = OwnedDescriptor(try NamespaceHandle(current: "net").fd.duplicate())
            connection.reply(.session(.network), [namespace])
        } catch {
            connection.reply(.session(.refused(.failed(error.description))))
        }
    }

    /// Which process a container runs as, and whose its files are.
    func controlPlace(_ container: String, _ connection: ControlConnection) {
        do throws(SessionRefusal) {
            let target = try target(container)
            let plan = self.plan.containers[target.index]
            guard let process = pidfds[target.index], let pid = lifecycle.pid(target.index) else {
                throw .notRunning(container: plan.name, reason: "")
            }
            connection.reply(.session(.accepted(container: plan.name, defaulted: target.defaulted)))
            let namespaces = self.plan.namespaces
            connection.reply(
                .session(
                    .process(
                        pid: pid, uid: namespaces.hostID(plan.uid), gid: namespaces.hostID(plan.gid),
                        workingDirectory: plan.workingDirectory)), [process.descriptor])
        } catch {
            connection.reply(.session(.refused(error)))
        }
    }
}
