extension ObjectUpdate {
    private static let containerLists = ["initContainers", "containers"]

    /// ValidatePodUpdate, and that of resources which the API server takes by `pods/resize` alone.
    mutating func checkPod() {
        let path = FieldPath("spec")
        for list in ["containers", "initContainers"] {
            let names = [old, new].map { ($0[path: "spec", list]?.items ?? []).map { $0["name"]?.string ?? "" } }
            if names[0].count != names[1].count {
                found.fail(path.field(list), "Forbidden: pod updates may not add or remove containers")
                return
            }
        }
        var expected = new["spec"] ?? .null
        let before = old["spec"] ?? .null
        checkDeadline(before, &expected)
        checkGracePeriod(before, &expected)
        checkTolerations(before, &expected)
        checkGates(before, &expected)
        for list in Self.containerLists {
            var index = 0
            let containers = before[list]?.items ?? []
            expected.changeEach(list) { container in
                container["image"] = containers[index]["image"]
                container["imagePullPolicy"] = containers[index]["imagePullPolicy"]
                container["resources"] = containers[index]["resources"]
                index += 1
            }
        }
        expected["resources"] = before["resources"]
        guard let difference = before.difference(from: expected) else { return }
        found.fail(
            path.appending(difference),
            "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
                + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                + "previously negative)")
    }

    /// It may be set, and made shorter.
    private mutating func checkDeadline(_ before: JSONValue, _ expected: inout JSONValue) {
        let name = "activeDeadlineSeconds"
        let (old, new) = (before[name]?.integer, expected[name]?.integer)
        expected[name] = before[name]
        guard let old else { return }
        let path = FieldPath("spec", name)
        guard let new else { return found.fail(path, "must not update from a positive integer to nil value") }
        if new > old { found.fail(path, "must be less than or equal to previous value: \(new)") }
    }

    private mutating func checkGracePeriod(_ before: JSONValue, _ expected: inout JSONValue) {
        let name = "terminationGracePeriodSeconds"
        if let old = before[name]?.integer, old < 0, expected[name]?.integer == 1 { expected[name] = before[name] }
    }

    private mutating func checkTolerations(_ before: JSONValue, _ expected: inout JSONValue) {
        func bare(_ toleration: JSONValue) -> JSONValue {
            var result = toleration
            result["tolerationSeconds"] = nil
            return result
        }
        let new = expected["tolerations"]?.items ?? []
        for old in before["tolerations"]?.items ?? []
        where !new.contains(where: { bare($0).isEquivalent(to: bare(old)) }) {
            found.fail(
                FieldPath("spec", "tolerations"),
                "Forbidden: existing toleration can not be modified except its tolerationSeconds")
            break
        }
        expected["tolerations"] = before["tolerations"]
    }

    /// Gates may go; while there are any, the pod may be narrowed down to fewer nodes.
    private mutating func checkGates(_ before: JSONValue, _ expected: inout JSONValue) {
        let name = "schedulingGates"
        let old = before[name]?.items ?? []
        for gate in expected[name]?.items ?? [] where !old.contains(gate) {
            found.fail(
                FieldPath("spec", name),
                "Forbidden: only deletion is allowed, but found new scheduling gate '\(gate["name"]?.string ?? "")'")
        }
        expected[name] = before[name]
        guard !old.isEmpty else { return }
        let selectors = [before, expected].map { $0["nodeSelector"] ?? .object([]) }
        if selectors[0].members.allSatisfy({ selectors[1][$0.key] == $0.value }) {
            expected["nodeSelector"] = before["nodeSelector"]
        }
    }
}

extension Pod {
    /// What is not allowed of a change of resources in place (`ValidatePodResize`).
    public func validateResize(from old: Pod) -> [FieldError] {
        var validation = Validation()
        let path = FieldPath("spec")
        let lists = [
            ("initContainers", old.spec.initContainers, spec.initContainers),
            ("containers", old.spec.containers, spec.containers),
        ]
        var changes = old.spec.resources != spec.resources
        for (name, before, after) in lists {
            for (index, (old, new)) in zip(before, after).enumerated() where old.resources != new.resources {
                changes = true
                let path = path.field(name).index(index).field("resources")
                if name == "initContainers", !new.isSidecar {
                    validation.fail(path, "Forbidden: resources for non-sidecar init containers are immutable")
                    continue
                }
                Self.validateResize(old.resources, new.resources, path, &validation)
            }
        }
        Self.validateResize(old.spec.resources, spec.resources, path.field("resources"), &validation)
        if changes, validation.errors.isEmpty, old.spec.qosClass != spec.qosClass {
            validation.fail(path, "Pod QOS Class may not change as a result of resizing")
        }
        return validation.errors
    }

    private static func validateResize(
        _ old: ResourceRequirements, _ new: ResourceRequirements, _ path: FieldPath, _ validation: inout Validation
    ) {
        for (field, before, after) in [("limits", old.limits, new.limits), ("requests", old.requests, new.requests)] {
            for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
                let path = path.field(field).key(name)
                if name != ResourceName.cpu, name != ResourceName.memory {
                    validation.fail(path, "Forbidden: only cpu and memory resources are mutable")
                } else if after[name] == nil {
                    validation.fail(path, "Forbidden: resource \(field) cannot be removed")
                }
            }
        }
    }
}
