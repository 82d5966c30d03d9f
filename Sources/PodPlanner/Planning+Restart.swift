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
