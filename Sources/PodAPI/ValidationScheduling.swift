extension PodScheduling {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        validateLabels(nodeSelector, path.field("nodeSelector"), &validation)
        let affinity = path.field("affinity")
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        nodeAffinity?.validate(affinity.field("nodeAffinity").field(required), &validation)
        for (terms, field) in [(podAffinity, "podAffinity"), (podAntiAffinity, "podAntiAffinity")] {
            for (index, term) in terms.enumerated() {
                term.validate(affinity.field(field).field(required).index(index), &validation)
            }
        }
        for (index, toleration) in tolerations.enumerated() {
            toleration.validate(path.field("tolerations").index(index), &validation)
        }
        for (index, constraint) in spreadConstraints.enumerated() {
            constraint.validate(path.field("topologySpreadConstraints").index(index), &validation)
        }
        var seen: Set<String> = []
        for (index, gate) in gates.enumerated() {
            let path = path.field("schedulingGates").index(index).field("name")
            validation.require(gate, path, NameRules.qualifiedName)
            validation.unique(gate, in: &seen, path, gate)
        }
        for (index, gate) in readinessGates.enumerated() {
            validation.check(
                path.field("readinessGates").index(index).field("conditionType"), NameRules.qualifiedName(gate))
        }
        if !runtimeClassName.isEmpty {
            validation.check(path.field("runtimeClassName"), NameRules.dns1123Subdomain(runtimeClassName))
        }
        for (name, amount) in overhead.sorted(by: { $0.key < $1.key }) where amount < Quantity(value: 0) {
            validation.fail(path.field("overhead").key(name), "must be greater than or equal to 0: \(amount)")
        }
    }
}

private func validateLabels(_ labels: [String: String], _ path: FieldPath, _ validation: inout Validation) {
    for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
        validation.check(path.key(key), NameRules.qualifiedName(key))
        validation.check(path.key(key), NameRules.labelValue(value))
    }
}

extension PodAffinityTerm {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        labelSelector?.validate(path.field("labelSelector"), &validation)
        namespaceSelector?.validate(path.field("namespaceSelector"), &validation)
        for (index, namespace) in namespaces.enumerated() {
            validation.check(path.field("namespaces").index(index), NameRules.dns1123Label(namespace))
        }
        if topologyKey.isEmpty {
            validation.fail(path.field("topologyKey"), "required value: can not be empty")
        } else {
            validation.check(path.field("topologyKey"), NameRules.qualifiedName(topologyKey))
        }
    }
}

extension Toleration {
    /// `ValidateTolerations` of Kubernetes.
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        if !key.isEmpty { validation.check(path.field("key"), NameRules.qualifiedName(key)) }
        if key.isEmpty, `operator` != .exists {
            validation.fail(
                path.field("operator"),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
        }
        if seconds != nil, effect != .noExecute {
            validation.fail(path.field("effect"), "effect must be 'NoExecute' when `tolerationSeconds` is set")
        }
        switch `operator` {
        case .equal: validation.check(path.field("value"), NameRules.labelValue(value))
        case .exists:
            if !value.isEmpty {
                validation.fail(path.field("operator"), "value must be empty when `operator` is 'Exists'")
            }
        case .lt, .gt:
            if Int64(value) == nil { validation.fail(path.field("value"), "must be a whole number") }
        }
    }
}

extension TopologySpreadConstraint {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        if maxSkew <= 0 { validation.fail(path.field("maxSkew"), "must be greater than zero: \(maxSkew)") }
        if minDomains <= 0 { validation.fail(path.field("minDomains"), "must be greater than zero: \(minDomains)") }
        if topologyKey.isEmpty {
            validation.fail(path.field("topologyKey"), "required value: can not be empty")
        } else {
            validation.check(path.field("topologyKey"), NameRules.qualifiedName(topologyKey))
        }
        labelSelector?.validate(path.field("labelSelector"), &validation)
    }
}

extension Node {
    public func validate() -> [FieldError] {
        var validation = Validation()
        validateLabels(labels, FieldPath("metadata", "labels"), &validation)
        var seen: Set<[String]> = []
        for (index, taint) in taints.enumerated() {
            let path = FieldPath("spec", "taints").index(index)
            validation.require(taint.key, path.field("key"), NameRules.qualifiedName)
            validation.check(path.field("value"), NameRules.labelValue(taint.value))
            validation.unique(
                [taint.key, taint.effect.rawValue], in: &seen, path, "\(taint.key):\(taint.effect.rawValue)")
        }
        return validation.errors
    }
}

extension RuntimeClass {
    func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        validation.require(handler, FieldPath("handler"), NameRules.dns1123Label)
        validateLabels(nodeSelector, FieldPath("scheduling", "nodeSelector"), &validation)
        for (index, toleration) in tolerations.enumerated() {
            toleration.validate(FieldPath("scheduling", "tolerations").index(index), &validation)
        }
        for (name, amount) in overhead.sorted(by: { $0.key < $1.key }) where amount < Quantity(value: 0) {
            validation.fail(
                FieldPath("overhead", "podFixed").key(name), "must be greater than or equal to 0: \(amount)")
        }
        return validation.errors
    }
}

extension PriorityClass {
    func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        let isSystem = metadata.name.hasPrefix("system-")
        if isSystem, !PriorityClass.system.contains(where: { $0.metadata.name == metadata.name && $0.value == value }) {
            validation.fail(
                FieldPath("metadata", "name"),
                "priority class names with 'system-' prefix are reserved for system use only")
        }
        if !isSystem, value > Self.highestOfUsers {
            validation.fail(
                FieldPath("value"), "maximum allowed value of a user defined priority is \(Self.highestOfUsers)")
        }
        return validation.errors
    }
}
