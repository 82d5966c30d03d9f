import PodAPI

extension ObjectDecoder {
    mutating func scheduling(_ node: ManifestNode, at path: FieldPath) -> PodScheduling {
        var result = PodScheduling()
        result.nodeSelector = node.dictionary("nodeSelector")
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        if let affinity = node["affinity"] {
            result.nodeAffinity = affinity["nodeAffinity"]?[required].map(nodeSelector)
            result.podAffinity = (affinity["podAffinity"]?.list(required) ?? []).map(podAffinityTerm)
            result.podAntiAffinity = (affinity["podAntiAffinity"]?.list(required) ?? []).map(podAffinityTerm)
        }
        result.tolerations = node.list("tolerations").map(toleration)
        result.spreadConstraints = spreadConstraints(node, at: path.field("topologySpreadConstraints"))
        result.gates = node.list("schedulingGates").map { $0.string("name") }
        result.readinessGates = node.list("readinessGates").map { $0.string("conditionType") }
        result.runtimeClassName = node.string("runtimeClassName")
        result.overhead = quantities(node["overhead"])
        result.priorityClassName = node.string("priorityClassName")
        result.priority = node["priority"]?.integer
        result.preempts = node.string("preemptionPolicy") != "Never"
        return result
    }

    private mutating func spreadConstraints(_ node: ManifestNode, at path: FieldPath) -> [TopologySpreadConstraint] {
        var result: [TopologySpreadConstraint] = []
        for (index, node) in node.list("topologySpreadConstraints").enumerated() {
            let path = path.index(index)
            let action = node.string("whenUnsatisfiable")
            if action.isEmpty {
                report(
                    path.field("whenUnsatisfiable"),
                    "required: one of \"DoNotSchedule\", \"ScheduleAnyway\"")
            }
            let isRequired = action == "DoNotSchedule"
            if !isRequired, node["minDomains"] != nil {
                report(path.field("minDomains"), "can only use minDomains if whenUnsatisfiable=DoNotSchedule")
            }
            result.append(
                TopologySpreadConstraint(
                    maxSkew: node["maxSkew"]?.integer ?? 0, topologyKey: node.string("topologyKey"),
                    isRequired: isRequired, labelSelector: node["labelSelector"].map(labelSelector),
                    minDomains: node["minDomains"]?.integer ?? 1, matchLabelKeys: node.strings("matchLabelKeys")))
        }
        return result
    }

    private func podAffinityTerm(_ node: ManifestNode) -> PodAffinityTerm {
        PodAffinityTerm(
            labelSelector: node["labelSelector"].map(labelSelector), namespaces: node.strings("namespaces"),
            namespaceSelector: node["namespaceSelector"].map(labelSelector), topologyKey: node.string("topologyKey"),
            matchLabelKeys: node.strings("matchLabelKeys"), mismatchLabelKeys: node.strings("mismatchLabelKeys"))
    }

    private func toleration(_ node: ManifestNode) -> Toleration {
        Toleration(
            key: node.string("key"), operator: choice(node, "operator", default: .equal), value: node.string("value"),
            effect: TaintEffect(rawValue: node.string("effect")), seconds: node["tolerationSeconds"]?.integer)
    }

    private func quantities(_ node: ManifestNode?) -> ResourceList {
        var list = ResourceList()
        for entry in node?.entries ?? [] { list[entry.key] = Quantity(entry.value.text) }
        return list
    }

    // MARK: Kinds

    mutating func runtimeClass(_ node: ManifestNode) -> RuntimeClass {
        let scheduling = node["scheduling"]
        return RuntimeClass(
            metadata: metadata(node, isNamespaced: false), handler: node.string("handler"),
            overhead: quantities(node["overhead"]?["podFixed"]),
            nodeSelector: scheduling?.dictionary("nodeSelector") ?? [:],
            tolerations: (scheduling?.list("tolerations") ?? []).map(toleration))
    }

    mutating func priorityClass(_ node: ManifestNode) -> PriorityClass {
        if node["value"] == nil { report(FieldPath("value"), "required") }
        return PriorityClass(
            metadata: metadata(node, isNamespaced: false), value: node["value"]?.integer ?? 0,
            globalDefault: node["globalDefault"]?.bool ?? false, preempts: node.string("preemptionPolicy") != "Never")
    }

    mutating func node(_ node: ManifestNode) -> Node {
        let metadata = metadata(node, isNamespaced: false)
        let path = FieldPath("spec", "taints")
        var taints: [Taint] = []
        for (index, taint) in (node["spec"]?.list("taints") ?? []).enumerated() {
            guard let effect = TaintEffect(rawValue: taint.string("effect")) else {
                report(path.index(index).field("effect"), "required")
                continue
            }
            taints.append(Taint(key: taint.string("key"), value: taint.string("value"), effect: effect))
        }
        return Node(
            name: metadata.name, labels: metadata.labels, taints: taints,
            unschedulable: node["spec"]?["unschedulable"]?.bool ?? false,
            allocatable: node["status"]?["allocatable"].map(quantities))
    }
}
