/// What `spec` says about where the pod may run, and with which rights among others.
public struct PodScheduling: Sendable, Equatable {
    public var nodeSelector: [String: String] = [:]
    /// `affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`; what is only preferred has no effect where
    /// there is one node.
    public var nodeAffinity: NodeSelector?
    /// The required terms.
    public var podAffinity: [PodAffinityTerm] = []
    public var podAntiAffinity: [PodAffinityTerm] = []
    public var tolerations: [Toleration] = []
    public var spreadConstraints: [TopologySpreadConstraint] = []
    public var gates: [String] = []
    public var readinessGates: [String] = []
    public var runtimeClassName = ""
    public var overhead: ResourceList = [:]
    public var priorityClassName = ""
    /// nil: that of the class.
    public var priority: Int64?
    public var preempts = true

    public init() {}
}

/// core/v1 PodAffinityTerm.
public struct PodAffinityTerm: Sendable, Equatable {
    /// nil selects no pod.
    public var labelSelector: LabelSelector?
    public var namespaces: [String]
    /// nil: `namespaces`, or the pod's own.
    public var namespaceSelector: LabelSelector?
    public var topologyKey: String
    public var matchLabelKeys: [String]
    public var mismatchLabelKeys: [String]

    public init(
        labelSelector: LabelSelector?, namespaces: [String] = [], namespaceSelector: LabelSelector? = nil,
        topologyKey: String, matchLabelKeys: [String] = [], mismatchLabelKeys: [String] = []
    ) {
        self.labelSelector = labelSelector
        self.namespaces = namespaces
        self.namespaceSelector = namespaceSelector
        self.topologyKey = topologyKey
        self.matchLabelKeys = matchLabelKeys
        self.mismatchLabelKeys = mismatchLabelKeys
    }
}

/// core/v1 TopologySpreadConstraint.
public struct TopologySpreadConstraint: Sendable, Equatable {
    public var maxSkew: Int64
    public var topologyKey: String
    /// `whenUnsatisfiable: DoNotSchedule`
    public var isRequired: Bool
    public var labelSelector: LabelSelector?
    /// 1 where it is left out.
    public var minDomains: Int64
    public var matchLabelKeys: [String]

    public init(
        maxSkew: Int64, topologyKey: String, isRequired: Bool = true, labelSelector: LabelSelector? = nil,
        minDomains: Int64 = 1,
        matchLabelKeys: [String] = []
    ) {
        self.maxSkew = maxSkew
        self.topologyKey = topologyKey
        self.isRequired = isRequired
        self.labelSelector = labelSelector
        self.minDomains = minDomains
        self.matchLabelKeys = matchLabelKeys
    }
}

public enum TaintEffect: String, Sendable, CaseIterable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
}

/// core/v1 Taint.
public struct Taint: Sendable, Equatable {
    public var key: String
    public var value: String
    public var effect: TaintEffect

    public init(key: String, value: String = "", effect: TaintEffect) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}

/// core/v1 Toleration.
public struct Toleration: Sendable, Equatable {
    public enum Operator: String, Sendable, CaseIterable {
        case equal = "Equal"
        case exists = "Exists"
        case lt = "Lt"
        case gt = "Gt"
    }

    /// Empty: all keys.
    public var key: String
    public var `operator`: Operator
    public var value: String
    /// nil: all effects.
    public var effect: TaintEffect?
    public var seconds: Int64?

    public init(
        key: String = "", operator: Operator = .equal, value: String = "", effect: TaintEffect? = nil,
        seconds: Int64? = nil
    ) {
        self.key = key
        self.operator = `operator`
        self.value = value
        self.effect = effect
        self.seconds = seconds
    }

    /// `ToleratesTaint` of k8s.io/component-helpers; `Lt` and `Gt` compare whole numbers (KEP-5471).
    public func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if !key.isEmpty, key != taint.key { return false }
        switch `operator` {
        case .equal: return value == taint.value
        case .exists: return true
        case .lt, .gt:
            guard let mine = Int64(value), let its = Int64(taint.value) else { return false }
            return `operator` == .lt ? its < mine : its > mine
        }
    }
}

/// core/v1 Node, as far as it is given by hand: the one that pods are scheduled to.
public struct Node: Sendable, Equatable {
    public var name: String
    public var labels: [String: String]
    public var taints: [Taint]
    public var unschedulable: Bool
    /// nil: what the host has.
    public var allocatable: ResourceList?

    public init(
        name: String, labels: [String: String] = [:], taints: [Taint] = [], unschedulable: Bool = false,
        allocatable: ResourceList? = nil
    ) {
        self.name = name
        self.labels = labels
        self.taints = taints
        self.unschedulable = unschedulable
        self.allocatable = allocatable
    }
}

/// node.k8s.io/v1 RuntimeClass.
public struct RuntimeClass: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var handler: String
    /// `overhead.podFixed`
    public var overhead: ResourceList
    /// `scheduling`
    public var nodeSelector: [String: String]
    public var tolerations: [Toleration]

    public init(
        metadata: ObjectMeta, handler: String, overhead: ResourceList = [:], nodeSelector: [String: String] = [:],
        tolerations: [Toleration] = []
    ) {
        self.metadata = metadata
        self.handler = handler
        self.overhead = overhead
        self.nodeSelector = nodeSelector
        self.tolerations = tolerations
    }
}

/// scheduling.k8s.io/v1 PriorityClass.
public struct PriorityClass: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var value: Int64
    public var globalDefault: Bool
    public var preempts: Bool

    public init(metadata: ObjectMeta, value: Int64, globalDefault: Bool = false, preempts: Bool = true) {
        self.metadata = metadata
        self.value = value
        self.globalDefault = globalDefault
        self.preempts = preempts
    }

    /// Those that every cluster has (pkg/apis/scheduling/v1/helpers.go).
    public static let system = [
        PriorityClass(metadata: ObjectMeta(name: "system-node-critical", namespace: ""), value: 2_000_001_000),
        PriorityClass(metadata: ObjectMeta(name: "system-cluster-critical", namespace: ""), value: 2_000_000_000),
    ]

    /// `HighestUserDefinablePriority`
    static let highestOfUsers: Int64 = 1_000_000_000
}
