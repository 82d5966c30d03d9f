import PodLifecycle
import PodPlan

extension Supervisor {
    func controlRestart(_ name: String, _ connection: ControlConnection) {
        var containers = plan.containers.indices.filter { plan.containers[$0].kind != .initContainer }
        if !name.isEmpty {
            containers = plan.containers.indices.filter { plan.containers[$0].name == name }
            guard let index = containers.first else {
                return connection.reply(.refused("container \(name) is not valid for pod \(plan.name)"))
            }
            if plan.containers[index].kind == .initContainer {
                return connection.reply(
                    .refused("container \(name) is an init container: it runs once, before the others"))
            }
        }
        if lifecycle.isEnding { return connection.reply(.refused("the pod is terminating")) }
        let possible = containers.filter(lifecycle.mayRestart)
        if possible.isEmpty { return connection.reply(.refused("the pod is still being started")) }
        for container in possible { dispatch(.restart(container: container)) }
        connection.reply(.done)
    }
}
