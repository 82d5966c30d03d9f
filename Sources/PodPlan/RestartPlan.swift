/// When a container is started again after it has ended, as far as it says so itself: `restartPolicy` and
/// `restartPolicyRules` of the container (KEP-5307, KEP-5532).
public struct RestartPlan: Sendable, Equatable, BinaryCodable {
    /// `restartPolicyRules[]`, of which the first that matches decides.
    public struct Rule: Sendable, Equatable, BinaryCodable {
        public enum Action: UInt8, Sendable {
            case restart = 1
            case restartAllContainers
        }

        public enum Operator: UInt8, Sendable {
            case `in` = 1
            case notIn
        }

        public var action: Action
        public var `operator`: Operator
        /// Exit codes, as Kubernetes counts them: 128 + the signal's number where a signal ended the container.
        public var values: [Int32]

        public init(_ action: Action, _ operator: Operator, _ values: [Int32]) {
            self.action = action
            self.operator = `operator`
            self.values = values
        }

        public func matches(_ exitCode: Int32) -> Bool {
            values.contains(exitCode) == (`operator` == .in)
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(action)
            encoder.encode(`operator`)
            encoder.encode(values.map(UInt32.init(bitPattern:)))
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            action = try decoder.decode()
            `operator` = try decoder.decode()
            values = try decoder.decode([UInt32].self).map(Int32.init(bitPattern:))
        }
    }

    /// What an exit leads to.
    public enum Decision: Sendable, Equatable {
        case restart
        /// Every container of the pod ends, and all begin anew.
        case restartAllContainers
        case end
    }

    /// nil: the pod's.
    public var policy: PodPlan.RestartPolicy?
    public var rules: [Rule]

    public init(policy: PodPlan.RestartPolicy? = nil, rules: [Rule] = []) {
        self.policy = policy
        self.rules = rules
    }

    /// `ContainerShouldRestart` and `FindMatchingContainerRestartRule` of `pkg/api/v1/pod/util.go`.
    public func decision(exitCode: Int32, pod: PodPlan.RestartPolicy) -> Decision {
        if let rule = rules.first(where: { $0.matches(exitCode) }) {
            return rule.action == .restart ? .restart : .restartAllContainers
        }
        switch policy ?? pod {
        case .always: return .restart
        case .onFailure: return exitCode == 0 ? .end : .restart
        case .never: return .end
        }
    }

    public var restartsAllContainers: Bool { rules.contains { $0.action == .restartAllContainers } }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(policy?.rawValue ?? .max)
        encoder.encode(rules)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        let raw = try decoder.decode(UInt8.self)
        if raw != .max {
            guard let policy = PodPlan.RestartPolicy(rawValue: raw) else { throw .invalidValue("RestartPlan.policy") }
            self.policy = policy
        }
        rules = try decoder.decode()
    }
}
