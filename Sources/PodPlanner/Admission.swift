public import PodAPI

/// What the API server fills into a new pod, or refuses it for: its priority and its runtime class
/// (plugin/pkg/admission/{priority,runtimeclass} of Kubernetes). Pure.
public struct Admission: Sendable {
    public var runtimeClasses: [RuntimeClass]
    public var priorityClasses: [PriorityClass]

    public init(runtimeClasses: [RuntimeClass], priorityClasses: [PriorityClass]) {
        self.runtimeClasses = runtimeClasses
        self.priorityClasses = priorityClasses
    }

    /// The handlers that are what this program does: run containers as processes of this host.
    public static let handlers = ["swiftlet", "runc", "crun", "youki"]

    /// Changes the pod; the errors say why it is forbidden.
    public func admit(_ pod: inout Pod) -> [FieldError] {
        admitPriority(&pod.spec.scheduling) + admitRuntimeClass(&pod)
    }

    private func admitPriority(_ scheduling: inout PodScheduling) -> [FieldError] {
        let path = FieldPath("spec")
        var found: PriorityClass?
        if scheduling.priorityClassName.isEmpty {
            // The lowest of several.
            found = priorityClasses.filter(\.globalDefault).min { $0.value < $1.value }
        } else {
            let name = scheduling.priorityClassName
            found = (PriorityClass.system + priorityClasses).first { $0.metadata.name == name }
            if found == nil {
                return [
                    FieldError(path.field("priorityClassName"), "no PriorityClass with name \(name) was found")
                ]
            }
        }
        let value = found?.value ?? 0
        if let given = scheduling.priority, given != value {
            return [
                FieldError(
                    path.field("priority"),
                    "the integer value of priority (\(given)) must not be provided in pod spec; priority admission "
                        + "controller computed \(value) from the given PriorityClass name")
            ]
        }
        scheduling.priority = value
        if let found {
            scheduling.priorityClassName = found.metadata.name
            scheduling.preempts = scheduling.preempts && found.preempts
        }
        return []
    }

    private func admitRuntimeClass(_ pod: inout Pod) -> [FieldError] {
        let path = FieldPath("spec")
        let name = pod.spec.scheduling.runtimeClassName
        let overhead = path.field("overhead")
        if name.isEmpty {
            if pod.spec.scheduling.overhead.isEmpty { return [] }
            return [
                FieldError(
                    overhead,
                    "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
            ]
        }
        let namePath = path.field("runtimeClassName")
        guard let found = runtimeClasses.first(where: { $0.metadata.name == name }) else {
            return [FieldError(namePath, "pod rejected: RuntimeClass \"\(name)\" not found")]
        }
        guard Self.handlers.contains(found.handler) else {
            return [
                FieldError(
                    namePath,
                    "RuntimeClass \"\(name)\" asks for the handler \"\(found.handler)\", and containers run as plain "
                        + "processes of this host here (\(Self.handlers.joined(separator: ", "))); leave it out")
            ]
        }
        let given = pod.spec.scheduling.overhead
        if found.overhead.isEmpty, !given.isEmpty {
            return [
                FieldError(
                    overhead,
                    "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
            ]
        }
        if !given.isEmpty, given != found.overhead {
            return [
                FieldError(
                    overhead, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
            ]
        }
        pod.spec.scheduling.overhead = found.overhead
        var errors: [FieldError] = []
        for (key, value) in found.nodeSelector.sorted(by: { $0.key < $1.key }) {
            if let own = pod.spec.scheduling.nodeSelector[key], own != value {
                errors.append(
                    FieldError(
                        path.field("nodeSelector").key(key),
                        "conflict: runtimeClass.scheduling.nodeSelector[\(key)] = \(value); "
                            + "pod.spec.nodeSelector[\(key)] = \(own)"))
            }
            pod.spec.scheduling.nodeSelector[key] = value
        }
        for toleration in found.tolerations where !pod.spec.scheduling.tolerations.contains(toleration) {
            pod.spec.scheduling.tolerations.append(toleration)
        }
        return errors
    }
}
