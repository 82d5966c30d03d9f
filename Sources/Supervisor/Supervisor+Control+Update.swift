import Linux
import PodPlan

extension Supervisor {
    func controlUpdate(_ descriptors: [OwnedDescriptor], _ connection: ControlConnection) {
        guard let file = descriptors.first, takeUpdate(file) else {
            return connection.reply(.refused("the update was not understood, and changes nothing"))
        }
        connection.reply(.done)
    }
}
