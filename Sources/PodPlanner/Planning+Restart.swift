import PodAPI
import PodPlan

extension PodPlan.RestartPolicy {
    init(_ policy: RestartPolicy) {
        self =
            switch policy {
            case .always: .always
            case .onFailure: .onFailure
            case .never: .never
            }
    }
}

extension Planning {
    mutating func planStreams(_ result: inout ContainerPlan, _ container: Container, _ path: FieldPath) {
        result.streams.input = container.stdin
        result.streams.inputOnce = container.stdinOnce
        result.streams.terminal = container.tty
    }
}

extension RestartPlan {
    /// A rule without an action or exit codes has been refused before.
    init(_ container: Container) {
        self.init(
            policy: container.restartPolicy.map(PodPlan.RestartPolicy.init),
            rules: container.restartPolicyRules.compactMap { rule in
                guard let action = rule.action, let codes = rule.exitCodes, let comparison = codes.operator else {
                    return nil
                }
                return Rule(
                    action == .restart ? .restart : .restartAllContainers, comparison == .in ? .in : .notIn,
                    codes.values)
            })
    }
}
