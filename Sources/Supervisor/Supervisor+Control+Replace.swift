import CLinux
import PodLifecycle
import PodPlan

extension Supervisor {
    /// All that a successor needs is with the keeper: it is as if this one had crashed.
    func controlReplace(_ connection: ControlConnection) {
        if lifecycle.isFinished || keeper == nil {
            return connection.reply(.refused("the pod has no keeper now that would start another supervisor"))
        }
        connection.reply(.done)
        swl_exit(0)
    }
}
