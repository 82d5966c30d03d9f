import Linux
import PodPlan

extension Supervisor {
    func controlUpdate(_ descriptors: [OwnedDescriptor], _ connection: ControlConnection) {
        let problem = descriptors.first.map(takeUpdate) ?? "the update came without its content"
        connection.reply(problem.map { .refused($0) } ?? .done)
    }
}
