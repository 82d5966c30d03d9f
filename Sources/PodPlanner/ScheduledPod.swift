public import PodAPI
public import PodPlan

/// What the scheduler has to know of a pod that has its place: kept with the pod while it runs, for the pods that come
/// after it.
public struct ScheduledPod: Sendable, Equatable, BinaryCodable {
    public struct Port: Sendable, Equatable {
        public var number: Int
        public var `protocol`: ContainerPort.`Protocol`
        public var address: String
    }

    public var namespace: String
    public var labels: [String: String]
    public var requests: ResourceList
    public var ports: [Port]
    /// Required ones, with the keys of `matchLabelKeys` worked in.
    public var antiAffinity: [PodAffinityTerm]

    public init(_ pod: Pod) {
        namespace = pod.metadata.namespace
        labels = pod.metadata.labels
        requests = pod.spec.requestsWithOverhead
        ports = pod.spec.hostPorts
        antiAffinity = pod.spec.scheduling.podAntiAffinity.map { $0.resolved(for: pod) }
    }

    /// Nothing that could matter to another pod but that it is there.
    public var isPlain: Bool { labels.isEmpty && requests.isEmpty && ports.isEmpty && antiAffinity.isEmpty }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(namespace)
        encoder.encode(labels)
        encoder.encode(requests.mapValues { "\($0)" })
        encoder.encode(UInt32(ports.count))
        for port in ports { encoder.encode(["\(port.number)", port.protocol.rawValue, port.address]) }
        encoder.encode(UInt32(antiAffinity.count))
        for term in antiAffinity { term.encode(to: &encoder) }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        namespace = try decoder.decode()
        labels = try decoder.decodeLabels()
        requests = ResourceList()
        for (name, amount) in try decoder.decodeLabels() { requests[name] = Quantity(amount) }
        ports = []
        for _ in 0..<(try decoder.decode(UInt32.self)) {
            let texts = try decoder.decode([String].self)
            let transport: ContainerPort.`Protocol`? = texts.count == 3 ? .init(rawValue: texts[1]) : nil
            guard let transport, let number = Int(texts[0]) else { throw .invalidValue("ScheduledPod.ports") }
            ports.append(Port(number: number, protocol: transport, address: texts[2]))
        }
        antiAffinity = []
        for _ in 0..<(try decoder.decode(UInt32.self)) { antiAffinity.append(try PodAffinityTerm(from: &decoder)) }
    }
}

extension PodSpec {
    /// `PodRequests` of k8s.io/component-helpers; amounts of nothing left out.
    var requestsWithOverhead: ResourceList {
        var requests = totalRequests
        for (name, amount) in scheduling.overhead {
            requests[name] = (requests[name] ?? Quantity(value: 0)) + amount
        }
        return requests.filter { $0.value > Quantity(value: 0) }
    }

    /// Of all containers that run side by side.
    var hostPorts: [ScheduledPod.Port] {
        (initContainers.filter(\.isSidecar) + containers).flatMap { container in
            container.ports.filter { $0.hostPort != 0 }.map {
                ScheduledPod.Port(number: $0.hostPort, protocol: $0.protocol, address: $0.hostIP)
            }
        }
    }
}

extension PodAffinityTerm {
    /// With `matchLabelKeys` and `mismatchLabelKeys` as requirements (KEP-3633), and its namespaces named.
    func resolved(for pod: Pod) -> PodAffinityTerm {
        var term = self
        if namespaces.isEmpty, namespaceSelector == nil { term.namespaces = [pod.metadata.namespace] }
        guard var selector = labelSelector else { return term }
        for (keys, comparison) in [(matchLabelKeys, LabelSelector.Operator.in), (mismatchLabelKeys, .notIn)] {
            for key in keys {
                guard let value = pod.metadata.labels[key] else { continue }
                selector.matchExpressions.append(.init(key: key, operator: comparison, values: [value]))
            }
        }
        term.labelSelector = selector
        (term.matchLabelKeys, term.mismatchLabelKeys) = ([], [])
        return term
    }

    /// Whether a pod with these labels is one that the term, resolved, is about.
    func selects(namespace: String, labels: [String: String]) -> Bool {
        // All that is known of a namespace is the label that the API server puts on each.
        let isThere =
            namespaces.contains(namespace)
            || (namespaceSelector?.matches(["kubernetes.io/metadata.name": namespace]) ?? false)
        return isThere && (labelSelector?.matches(labels) ?? false)
    }

    fileprivate func encode(to encoder: inout Encoder) {
        encoder.encode(namespaces)
        encoder.encode(topologyKey)
        encoder.encode(selector: labelSelector)
        encoder.encode(selector: namespaceSelector)
    }

    fileprivate init(from decoder: inout Decoder) throws(CodecError) {
        let namespaces = try decoder.decode([String].self)
        let topologyKey = try decoder.decode(String.self)
        self.init(
            labelSelector: try decoder.decodeSelector(), namespaces: namespaces,
            namespaceSelector: try decoder.decodeSelector(), topologyKey: topologyKey)
    }
}

extension Encoder {
    fileprivate mutating func encode(_ labels: [String: String]) {
        encode(labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    }

    fileprivate mutating func encode(selector: LabelSelector?) {
        encode(selector != nil)
        guard let selector else { return }
        encode(selector.matchLabels)
        encode(UInt32(selector.matchExpressions.count))
        for requirement in selector.matchExpressions {
            encode([requirement.key, requirement.operator.rawValue] + requirement.values)
        }
    }
}

extension Decoder {
    fileprivate mutating func decodeLabels() throws(CodecError) -> [String: String] {
        let texts = try decode([String].self)
        guard texts.count % 2 == 0 else { throw .invalidValue("labels") }
        var labels: [String: String] = [:]
        for index in stride(from: 0, to: texts.count, by: 2) { labels[texts[index]] = texts[index + 1] }
        return labels
    }

    fileprivate mutating func decodeSelector() throws(CodecError) -> LabelSelector? {
        guard try decode(Bool.self) else { return nil }
        var selector = LabelSelector(matchLabels: try decodeLabels())
        for _ in 0..<(try decode(UInt32.self)) {
            let texts = try decode([String].self)
            guard texts.count >= 2, let comparison = LabelSelector.Operator(rawValue: texts[1]) else {
                throw .invalidValue("labelSelector")
            }
            selector.matchExpressions.append(
                .init(key: texts[0], operator: comparison, values: Array(texts.dropFirst(2))))
        }
        return selector
    }
}
