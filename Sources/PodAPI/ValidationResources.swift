extension ResourceRequirements {
    /// `validateContainerResourceRequirements` of pkg/apis/core/validation.
    func validate(container path: FieldPath, _ validation: inout Validation) {
        validate(path, &validation, name: Self.problem(ofContainerResource:))
    }

    /// The rules that hold for both; `name` says what is wrong with a resource's name.
    private func validate(
        _ path: FieldPath, _ validation: inout Validation, name problem: (String) -> String?
    ) {
        for (list, field) in [(limits, "limits"), (requests, "requests")] {
            for (name, amount) in list.sorted(by: { $0.key < $1.key }) {
                let path = path.field(field).key(name)
                if let problem = problem(name) {
                    validation.fail(path, problem)
                } else {
                    validation.check(path, Self.problem(of: amount, name))
                }
            }
        }
        for (name, request) in requests.sorted(by: { $0.key < $1.key }) {
            let path = path.field("requests").key(name)
            if let limit = limits[name] {
                let canBeLower = ResourceName.allowsOvercommit(name)
                if canBeLower ? request > limit : request != limit {
                    let relation = canBeLower ? "less than or equal" : "equal"
                    validation.fail(path, "\(request): must be \(relation) to \(name) limit of \(limit)")
                }
            } else if !ResourceName.allowsOvercommit(name) {
                validation.fail(path, "limit must be set for non overcommitable resources")
            }
        }
        let names = Set(limits.keys).union(requests.keys)
        if names.contains(where: ResourceName.isHugePages), !names.contains(ResourceName.cpu),
            !names.contains(ResourceName.memory)
        {
            validation.fail(path, "HugePages require cpu or memory")
        }
    }

    private static func problem(ofContainerResource name: String) -> String? {
        if let problem = NameRules.qualifiedName(name) { return problem }
        if !name.contains("/") {
            if ResourceName.isStandardOfContainer(name) { return problem(ofPageSize: name) }
            let known = [ResourceName.cpu, ResourceName.memory, ResourceName.ephemeralStorage]
            return "must be a standard resource for containers" + Suggestion.text(for: name, in: known)
        }
        if !ResourceName.isNative(name), !ResourceName.isExtended(name) {
            return "doesn't follow extended resource name standard"
        }
        return nil
    }

    fileprivate static func problem(ofPodResource name: String) -> String? {
        if let problem = NameRules.qualifiedName(name) { return problem }
        if ResourceName.isPodLevel(name) { return problem(ofPageSize: name) }
        return "unsupported value: \(NameRules.shown(name)): supported values: \"cpu\", \"hugepages-\", \"memory\""
    }

    private static func problem(ofPageSize name: String) -> String? {
        guard ResourceName.isHugePages(name), ResourceName.pageSize(name) == nil else { return nil }
        return "must name the size of a page, such as hugepages-2Mi"
    }

    /// `ValidateResourceQuantityValue` and `validateResourceQuantityHugePageValue`.
    private static func problem(of amount: Quantity, _ name: String) -> String? {
        if amount < Quantity(value: 0) { return "\(amount): must be greater than or equal to 0" }
        if ResourceName.isExtended(name), amount != Quantity(value: amount.value) {
            return "\(amount): must be an integer"
        }
        if let size = ResourceName.pageSize(name) {
            let isMultiple = amount == Quantity(value: amount.value) && amount.value % size == 0
            if !isMultiple { return "\(amount) is not positive integer multiple of \(name)" }
        }
        return nil
    }
}

extension PodSpec {
    /// `validatePodResources`: what the pod as a whole asks for, and that no container asks for more than it.
    func validateResources(_ path: FieldPath, _ validation: inout Validation) {
        guard !resources.isEmpty else { return }
        resources.validate(pod: path.field("resources"), &validation)
        for (name, sum) in aggregate(\.resources.requests).sorted(by: { $0.key < $1.key }) {
            guard let own = resources.requests[name], sum > own else { continue }
            validation.fail(
                path.field("resources").field("requests").key(name),
                "\(own): must be greater than or equal to aggregate container requests of \(sum)")
        }
        for (containers, field) in [(initContainers, "initContainers"), (containers, "containers")] {
            for (index, container) in containers.enumerated() {
                let path = path.field(field).index(index).field("resources").field("limits")
                for (name, limit) in container.resources.limits.sorted(by: { $0.key < $1.key }) {
                    guard let whole = resources.limits[name], limit > whole else { continue }
                    validation.fail(path.key(name), "\(limit): must be less than or equal to pod limits of \(whole)")
                }
            }
        }
    }
}

extension ResourceRequirements {
    fileprivate func validate(pod path: FieldPath, _ validation: inout Validation) {
        validate(path, &validation, name: Self.problem(ofPodResource:))
    }
}
