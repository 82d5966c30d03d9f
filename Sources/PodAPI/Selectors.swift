extension LabelSelector {
    /// Whether every requirement holds for the labels; NotIn and DoesNotExist also hold where the key is missing
    /// (apimachinery pkg/labels).
    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }
}

extension LabelSelector.Requirement {
    public func matches(_ labels: [String: String]) -> Bool {
        switch `operator` {
        case .in: labels[key].map(values.contains) ?? false
        case .notIn: !(labels[key].map(values.contains) ?? false)
        case .exists: labels[key] != nil
        case .doesNotExist: labels[key] == nil
        }
    }
}

extension NodeSelector {
    /// Whether one of the terms holds for a node. `matchFields` knows `metadata.name` alone (component-helpers
    /// scheduling/corev1/nodeaffinity).
    public func matches(labels: [String: String], nodeName: String) -> Bool {
        terms.contains { term in
            guard !term.matchExpressions.isEmpty || !term.matchFields.isEmpty else { return false }
            return term.matchExpressions.allSatisfy { $0.matches(labels) }
                && term.matchFields.allSatisfy { $0.matches(["metadata.name": nodeName]) }
        }
    }
}

extension NodeSelector.Requirement {
    public func matches(_ labels: [String: String]) -> Bool {
        switch `operator` {
        case .in: return labels[key].map(values.contains) ?? false
        case .notIn: return !(labels[key].map(values.contains) ?? false)
        case .exists: return labels[key] != nil
        case .doesNotExist: return labels[key] == nil
        case .gt, .lt:
            guard values.count == 1, let bound = Int64(values[0]), let value = labels[key].flatMap({ Int64($0) })
            else { return false }
            return `operator` == .gt ? value > bound : value < bound
        }
    }
}
