public import PodAPI

/// The scheduler of Kubernetes with one node (pkg/scheduler/framework/plugins, in the order of the default profile). Pure.
///
/// What it knows of other pods is what the caller gives: those that run on this host.
public struct Scheduler: Sendable {
    /// What becomes of a pod.
    public enum Verdict: Sendable, Equatable {
        case scheduled
        /// It waits for a change. `reason` is that of the condition `PodScheduled`.
        case pending(reason: String, message: String)
        /// `nodeName` gives it to another node, and nobody here has anything to do with it.
        case elsewhere(node: String)
        /// `nodeName` gives it to this node, whose kubelet does not take it: the pod has failed.
        case rejected(reason: String, message: String)
    }

    public var node: Node
    /// What pods may have; asked for once a pod requests something.
    public var allocatable: @Sendable () -> ResourceList
    public var pods: [ScheduledPod]

    public init(node: Node, pods: [ScheduledPod] = [], allocatable: @escaping @Sendable () -> ResourceList) {
        self.node = node
        self.pods = pods
        self.allocatable = allocatable
    }

    /// Whether other pods have a say in where this one goes.
    public static func dependsOnOthers(_ pod: Pod) -> Bool {
        let scheduling = pod.spec.scheduling
        return !pod.metadata.labels.isEmpty || !scheduling.podAffinity.isEmpty || !scheduling.podAntiAffinity.isEmpty
            || !scheduling.spreadConstraints.isEmpty || !pod.spec.hostPorts.isEmpty
            || !pod.spec.requestsWithOverhead.isEmpty
    }

    public func schedule(_ pod: Pod) -> Verdict {
        if !pod.spec.nodeName.isEmpty { return admit(pod) }
        if !pod.spec.scheduling.gates.isEmpty {
            return .pending(
                reason: "SchedulingGated", message: "Scheduling is blocked due to non-empty scheduling gates")
        }
        for filter in [unschedulable, taints, affinity, ports, resources, spread, interPodAffinity] {
            guard let failure = filter(pod) else { continue }
            return .pending(reason: "Unschedulable", message: message(failure, pod))
        }
        return .scheduled
    }

    // MARK: Filters

    private struct Failure {
        var reasons: [String]
        /// Stopping other pods would not help.
        var isUnresolvable = true
    }

    /// FitError and the post-filter of DefaultPreemption.
    private func message(_ failure: Failure, _ pod: Pod) -> String {
        let reasons = failure.reasons.sorted().map { "1 \($0)" }.joined(separator: ", ")
        let preemption =
            !pod.spec.scheduling.preempts
            ? "not eligible due to preemptionPolicy=Never."
            : failure.isUnresolvable
                ? "0/1 nodes are available: 1 Preemption is not helpful for scheduling."
                : "0/1 nodes are available: 1 No preemption victims found for incoming pod."
        return "0/1 nodes are available: \(reasons). preemption: \(preemption)"
    }

    private func tolerates(_ pod: Pod, _ taint: Taint) -> Bool {
        pod.spec.scheduling.tolerations.contains { $0.tolerates(taint) }
    }

    private func unschedulable(_ pod: Pod) -> Failure? {
        let taint = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)
        return node.unschedulable && !tolerates(pod, taint) ? Failure(reasons: ["node(s) were unschedulable"]) : nil
    }

    private func taints(_ pod: Pod) -> Failure? {
        let isTolerated = node.taints.allSatisfy { $0.effect == .preferNoSchedule || tolerates(pod, $0) }
        return isTolerated ? nil : Failure(reasons: ["node(s) had untolerated taint(s)"])
    }

    private static let affinityReason = "node(s) didn't match Pod's node affinity/selector"

    private func affinity(_ pod: Pod) -> Failure? {
        let scheduling = pod.spec.scheduling
        let fits =
            scheduling.nodeSelector.allSatisfy { node.labels[$0.key] == $0.value }
            && scheduling.nodeAffinity?.matches(labels: node.labels, nodeName: node.name) ?? true
        return fits ? nil : Failure(reasons: [Self.affinityReason])
    }

    private static let portsReason = "node(s) didn't have free ports for the requested pod ports"

    private func ports(_ pod: Pod) -> Failure? {
        let wanted = pod.spec.hostPorts
        let clashes = pods.contains { other in
            other.ports.contains { theirs in wanted.contains { $0.clashes(with: theirs) } }
        }
        return clashes ? Failure(reasons: [Self.portsReason], isUnresolvable: false) : nil
    }

    /// The names of what there is too little of, with what is used and what there is.
    private func shortages(_ pod: Pod) -> [(name: String, used: Quantity, capacity: Quantity)] {
        let requests = pod.spec.requestsWithOverhead
        if requests.isEmpty { return [] }
        let allocatable = node.allocatable.map { self.allocatable().merging($0) { $1 } } ?? self.allocatable()
        return requests.sorted { $0.key < $1.key }.compactMap { name, amount in
            let used = pods.reduce(Quantity(value: 0)) { $0 + ($1.requests[name] ?? Quantity(value: 0)) }
            let capacity = allocatable[name] ?? Quantity(value: 0)
            return used + amount > capacity ? (name, used, capacity) : nil
        }
    }

    private func resources(_ pod: Pod) -> Failure? {
        let short = shortages(pod)
        if short.isEmpty { return nil }
        let requests = pod.spec.requestsWithOverhead
        // More than an empty node has.
        let isUnresolvable = short.contains { item in requests[item.name].map { $0 > item.capacity } ?? false }
        return Failure(reasons: short.map { "Insufficient \($0.name)" }, isUnresolvable: isUnresolvable)
    }

    /// With one node there is one domain, so pods are as even as can be, unless more domains are asked for.
    private func spread(_ pod: Pod) -> Failure? {
        let reason = "node(s) didn't match pod topology spread constraints"
        for constraint in pod.spec.scheduling.spreadConstraints where constraint.isRequired {
            guard node.labels[constraint.topologyKey] != nil else {
                return Failure(reasons: [reason + " (missing required label)"])
            }
            guard constraint.minDomains > 1 else { continue }
            var selector = constraint.labelSelector
            for key in constraint.matchLabelKeys {
                guard let value = pod.metadata.labels[key] else { continue }
                selector?.matchExpressions.append(.init(key: key, operator: .in, values: [value]))
            }
            guard let selector else { continue }
            let others = pods.count { $0.namespace == pod.metadata.namespace && selector.matches($0.labels) }
            let skew = others + (selector.matches(pod.metadata.labels) ? 1 : 0)
            if skew > constraint.maxSkew { return Failure(reasons: [reason], isUnresolvable: false) }
        }
        return nil
    }

    private func interPodAffinity(_ pod: Pod) -> Failure? {
        let scheduling = pod.spec.scheduling
        let affinity = scheduling.podAffinity.map { $0.resolved(for: pod) }
        func selectsAll(_ namespace: String, _ labels: [String: String]) -> Bool {
            affinity.allSatisfy { $0.selects(namespace: namespace, labels: labels) }
        }
        if !affinity.isEmpty {
            let hasKeys = affinity.allSatisfy { node.labels[$0.topologyKey] != nil }
            // The first of a group has nobody to be near to but itself.
            let isThere =
                pods.contains { selectsAll($0.namespace, $0.labels) }
                || selectsAll(pod.metadata.namespace, pod.metadata.labels)
            if !hasKeys || !isThere { return Failure(reasons: ["node(s) didn't match pod affinity rules"]) }
        }
        for term in scheduling.podAntiAffinity.map({ $0.resolved(for: pod) }) where node.labels[term.topologyKey] != nil
        {
            if pods.contains(where: { term.selects(namespace: $0.namespace, labels: $0.labels) }) {
                return Failure(reasons: ["node(s) didn't match pod anti-affinity rules"], isUnresolvable: false)
            }
        }
        let isShunned = pods.contains { other in
            other.antiAffinity.contains {
                node.labels[$0.topologyKey] != nil
                    && $0.selects(namespace: pod.metadata.namespace, labels: pod.metadata.labels)
            }
        }
        return isShunned
            ? Failure(reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], isUnresolvable: false)
            : nil
    }

    // MARK: The kubelet

    /// A pod with `nodeName` has passed no scheduler; the kubelet looks at it (pkg/kubelet/lifecycle/predicate.go).
    private func admit(_ pod: Pod) -> Verdict {
        guard pod.spec.nodeName == node.name else { return .elsewhere(node: pod.spec.nodeName) }
        func rejected(_ reason: String, _ message: String) -> Verdict {
            .rejected(reason: reason, message: "Pod was rejected: \(message)")
        }
        if let short = shortages(pod).first, let requested = pod.spec.requestsWithOverhead[short.name] {
            func amount(_ quantity: Quantity) -> Int64 {
                short.name == ResourceName.cpu ? quantity.milliValue : quantity.value
            }
            return rejected(
                "OutOf\(short.name)",
                "Node didn't have enough resource: \(short.name), requested: \(amount(requested)), used: "
                    + "\(amount(short.used)), capacity: \(amount(short.capacity))")
        }
        if affinity(pod) != nil {
            return rejected("NodeAffinity", "Predicate NodeAffinity failed: \(Self.affinityReason)")
        }
        if ports(pod) != nil { return rejected("NodePorts", "Predicate NodePorts failed: \(Self.portsReason)") }
        return .scheduled
    }
}

extension ScheduledPod.Port {
    /// As in the scheduler (pkg/scheduler/framework/types.go, HostPortInfo): an address clashes with itself and with all.
    func clashes(with other: Self) -> Bool {
        let all = ["", "0.0.0.0", "::"]
        return `protocol` == other.protocol && number == other.number
            && (address == other.address || all.contains(address) || all.contains(other.address))
    }
}
