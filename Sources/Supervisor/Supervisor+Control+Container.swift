import PodLifecycle
import PodPlan

extension Supervisor {
    func controlContainer(_ name: String, _ connection: ControlConnection) {
        guard let index = plan.containers.firstIndex(where: { $0.name == name }) else {
            return connection.reply(.refused("container \(name) is not valid for pod \(plan.name)"))
        }
        guard let process = pidfds[index], let pid = lifecycle.pid(index) else {
            return connection.reply(.refused("container \"\(name)\" is not running"))
        }
        connection.reply(.container(pid: pid, attempt: process.attempt), [process.descriptor])
    }
}
