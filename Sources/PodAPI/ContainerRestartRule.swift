/// core/v1 ContainerRestartRule: what becomes of a container that ends with certain exit codes (KEP-5307, KEP-5532).
public struct ContainerRestartRule: Sendable, Equatable {
    public enum Action: String, Sendable, CaseIterable {
        case restart = "Restart"
        case restartAllContainers = "RestartAllContainers"
    }

    public struct ExitCodes: Sendable, Equatable {
        public enum Operator: String, Sendable, CaseIterable {
            case `in` = "In"
            case notIn = "NotIn"
        }

        /// nil: left out, which `validate()` refuses.
        public var `operator`: Operator?
        public var values: [Int32]

        public init(operator: Operator?, values: [Int32]) {
            self.operator = `operator`
            self.values = values
        }
    }

    /// nil: left out, which `validate()` refuses; so with `exitCodes`.
    public var action: Action?
    public var exitCodes: ExitCodes?

    public init(action: Action?, exitCodes: ExitCodes?) {
        self.action = action
        self.exitCodes = exitCodes
    }
}

extension Container {
    /// `validateContainerRestartPolicy` of Kubernetes.
    func validateRestartPolicy(_ path: FieldPath, _ validation: inout Validation) {
        if restartPolicyRules.isEmpty { return }
        if restartPolicy == nil {
            validation.fail(
                path.field("restartPolicy"), "required value: must specify restartPolicy when restart rules are used")
        }
        let rules = path.field("restartPolicyRules")
        if restartPolicyRules.count > 20 {
            validation.fail(rules, "too many: \(restartPolicyRules.count): must have at most 20 items")
        }
        for (index, rule) in restartPolicyRules.enumerated() {
            let path = rules.index(index)
            if rule.action == nil {
                validation.fail(
                    path.field("action"),
                    "unsupported value: \"\": supported values: "
                        + ContainerRestartRule.Action.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
            }
            guard let codes = rule.exitCodes else {
                validation.fail(path.field("exitCodes"), "required value: must be specified")
                continue
            }
            if codes.operator == nil {
                validation.fail(
                    path.field("exitCodes").field("operator"),
                    "unsupported value: \"\": supported values: "
                        + ContainerRestartRule.ExitCodes.Operator.allCases.map { "\"\($0.rawValue)\"" }
                        .joined(separator: ", "))
            }
            if codes.values.count > 255 {
                validation.fail(
                    path.field("exitCodes").field("values"),
                    "too many: \(codes.values.count): must have at most 255 items")
            }
        }
    }
}
