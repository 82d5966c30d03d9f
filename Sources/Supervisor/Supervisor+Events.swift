import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan

/// The pod's events, with the reasons and words of the kubelet (`pkg/kubelet/events`, `kuberuntime_container.go`).
extension Supervisor {
    func recordEvent(_ reason: String, _ message: String, isWarning: Bool = false, container: Int? = nil) {
        record.events.record(
            reason, message, isWarning: isWarning, fieldPath: container.map(fieldPath) ?? "", at: .now)
        record.hasNewEvents = true
        recordChange()
    }

    private func fieldPath(_ container: Int) -> String {
        let list = plan.containers[container].kind == .app ? "containers" : "initContainers"
        return "spec.\(list){\(plan.containers[container].name)}"
    }

    /// After a crash some reports come twice; what was told already is not counted again.
    func recordEvent(of report: PodReport) {
        switch report {
        case .created(let container, _, _):
            let index = Int(container)
            recordEvent("Created", "Created container: \(plan.containers[index].name)", container: index)
        case .started(let container, let attempt, _, _):
            let index = Int(container)
            if record.started[index] == attempt { return }
            record.started[index] = attempt
            recordEvent("Started", "Started container \(plan.containers[index].name)", container: index)
        case .failedToStart(let container, _, _, let failure):
            recordEvent("Failed", "Error: \(failure.message)", isWarning: true, container: Int(container))
        case .backOff(let container, _):
            let name = plan.containers[Int(container)].name
            recordEvent(
                "BackOff",
                "Back-off restarting failed container \(name) in pod \(plan.name)_\(plan.namespace)(\(plan.uid))",
                isWarning: true, container: Int(container))
        case .event(let container, let reason, let message):
            recordEvent(reason, message, isWarning: reason != "Killing", container: Int(container))
        case .sandboxFailed(let reason, let message):
            recordEvent(reason, message, isWarning: true)
        case .stopping:
            recordFailure()
            if record.hasToldStop { return }
            record.hasToldStop = true
            for container in plan.containers.indices where lifecycle.running(container) != nil {
                recordEvent("Killing", "Stopping container \(plan.containers[container].name)", container: container)
            }
        case .claimed, .sandboxReady, .terminated, .phase, .ready, .note, .output, .finished: break
        }
    }

    private func recordFailure() {
        guard !record.hasToldFailure, let failure = lifecycle.failureWords else { return }
        record.hasToldFailure = true
        recordEvent(failure.reason, failure.message, isWarning: failure.reason == "Evicted")
    }
}
