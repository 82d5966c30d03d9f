import PodLifecycle
import PodPlan

/// The container that a user means.
struct SessionTarget {
    let index: Int
    let attempt: UInt32
    /// What kubectl says where it had to choose; empty: nothing.
    let defaulted: [String]
}

extension Supervisor {
    /// - Parameter name: Empty: the one that the annotation names, else the first app container
    ///   (FindOrDefaultContainerByName of `kubectl/pkg/cmd/util/podcmd`).
    func target(_ name: String) throws(SessionRefusal) -> SessionTarget {
        if lifecycle.isFinished { throw .completed(phase: lifecycle.phase.rawValue) }
        let named = name.isEmpty ? plan.defaultContainer : name
        let index: Int
        var defaulted: [String] = []
        if !named.isEmpty, let known = plan.containers.firstIndex(where: { $0.name == named }) {
            index = known
        } else {
            if !name.isEmpty { throw .unknownContainer(name) }
            guard let first = plan.containers.firstIndex(where: { $0.kind == .app }) else {
                throw .unknownContainer("")
            }
            index = first
            if plan.containers.count > 1 { defaulted = containerNames }
        }
        guard let process = pidfds[index] else {
            throw .notRunning(container: plan.containers[index].name, reason: reason(index))
        }
        return SessionTarget(index: index, attempt: process.attempt, defaulted: defaulted)
    }

    /// AllContainerNames of `podcmd`.
    private var containerNames: [String] {
        plan.containers.filter { $0.kind == .app }.map(\.name)
            + plan.containers.filter { $0.kind != .app }.map { "\($0.name) (init)" }
    }

    private func reason(_ index: Int) -> String {
        let status = self.status
        let all = status.initContainerStatuses + status.containerStatuses
        guard index < all.count else { return "" }
        switch all[index].state {
        case .waiting(let reason, _): return reason
        case .running: return ""
        case .terminated(let ended): return ended.reason
        }
    }
}
