import PodLifecycle
import PodPlan

extension Supervisor {
    func controlStop(_ grace: Int64, _ connection: ControlConnection) {
        connection.awaitsEnd = true
        connection.reply(.done)
        dispatch(.stop(grace: grace < 0 ? nil : grace))
    }
}
