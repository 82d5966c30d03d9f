extension ObjectMeta {
    /// Bytes of all annotations together.
    static let maximumAnnotationSize = 256 * 1024

    func validate(_ validation: inout Validation) {
        let path = FieldPath("metadata")
        validation.require(name, path.field("name"), NameRules.dns1123Subdomain)
        if !namespace.isEmpty { validation.check(path.field("namespace"), NameRules.dns1123Label(namespace)) }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            validation.check(path.field("labels").key(key), NameRules.qualifiedName(key))
            validation.check(path.field("labels").key(key), NameRules.labelValue(value))
        }
        var size = 0
        for (key, value) in annotations.sorted(by: { $0.key < $1.key }) {
            // The prefix is compared in lower case, as Kubernetes does for annotations alone.
            validation.check(path.field("annotations").key(key), NameRules.qualifiedName(key.lowercased()))
            size += key.utf8.count + value.utf8.count
        }
        if size > Self.maximumAnnotationSize {
            validation.fail(
                path.field("annotations"), "may not be more than \(Self.maximumAnnotationSize) bytes: they have \(size)"
            )
        }
    }
}

extension LabelSelector {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        for (key, value) in matchLabels.sorted(by: { $0.key < $1.key }) {
            validation.check(path.field("matchLabels").key(key), NameRules.qualifiedName(key))
            validation.check(path.field("matchLabels").key(key), NameRules.labelValue(value))
        }
        for (index, requirement) in matchExpressions.enumerated() {
            let path = path.field("matchExpressions").index(index)
            validation.check(path.field("key"), NameRules.qualifiedName(requirement.key))
            switch requirement.operator {
            case .in, .notIn:
                if requirement.values.isEmpty {
                    validation.fail(path.field("values"), "must be specified when `operator` is 'In' or 'NotIn'")
                }
            case .exists, .doesNotExist:
                if !requirement.values.isEmpty {
                    validation.fail(
                        path.field("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            }
            for (index, value) in requirement.values.enumerated() {
                validation.check(path.field("values").index(index), NameRules.labelValue(value))
            }
        }
    }
}

extension NodeSelector {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        let path = path.field("nodeSelectorTerms")
        if terms.isEmpty { validation.fail(path, "must have at least one node selector term") }
        for (index, term) in terms.enumerated() {
            let path = path.index(index)
            for (index, requirement) in term.matchExpressions.enumerated() {
                let path = path.field("matchExpressions").index(index)
                validation.check(path.field("key"), NameRules.qualifiedName(requirement.key))
                requirement.validateValues(path, &validation)
            }
            for (index, requirement) in term.matchFields.enumerated() {
                let path = path.field("matchFields").index(index)
                if requirement.key != "metadata.name" {
                    validation.fail(path.field("key"), "not a valid field selector key: use \"metadata.name\"")
                }
                if ![.in, .notIn].contains(requirement.operator) {
                    validation.fail(path.field("operator"), "not a valid selector operator here: use In or NotIn")
                } else if requirement.values.count != 1 {
                    validation.fail(
                        path.field("values"),
                        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
                }
            }
        }
    }
}

extension NodeSelector.Requirement {
    func validateValues(_ path: FieldPath, _ validation: inout Validation) {
        let path = path.field("values")
        switch `operator` {
        case .in, .notIn:
            if values.isEmpty { validation.fail(path, "must be specified when `operator` is 'In' or 'NotIn'") }
        case .exists, .doesNotExist:
            if !values.isEmpty {
                validation.fail(path, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
            }
        case .gt, .lt:
            if values.count != 1 {
                validation.fail(path, "must be specified single value when `operator` is 'Lt' or 'Gt'")
            } else if Int64(values[0]) == nil {
                validation.fail(path.index(0), "must be a whole number when `operator` is 'Lt' or 'Gt'")
            }
        }
    }
}
