import PodAPI

extension Description {
    mutating func pod() {
        let spec = object["spec"] ?? .null
        let status = object["status"] ?? .null
        field(0, "Name", view.name)
        field(0, "Namespace", view.namespace)
        if let priority = spec["priority"]?.integer { field(0, "Priority", "\(priority)") }
        optional(0, "Priority Class Name", spec["priorityClassName"]?.string)
        optional(0, "Runtime Class Name", spec["runtimeClassName"]?.string)
        optional(0, "Service Account", spec["serviceAccountName"]?.string)
        if let node = spec["nodeName"]?.string, !node.isEmpty {
            field(0, "Node", node + "/" + (status["hostIP"]?.string ?? ""))
        } else {
            field(0, "Node", Words.none)
        }
        if let start = status["startTime"], !start.isNull { field(0, "Start Time", ReadableTime.text(start)) }
        writer.labels(0, "Labels", view.labels)
        writer.annotations(0, view.annotations)
        let phase = status["phase"]?.string ?? ""
        if view.isTerminating, phase != "Failed", phase != "Succeeded" {
            let since = Words.age(since: object[path: "metadata", "deletionTimestamp"], now: context.now)
            field(0, "Status", "Terminating (lasts \(since))")
            let grace = object[path: "metadata", "deletionGracePeriodSeconds"]?.integer ?? 0
            field(0, "Termination Grace Period", "\(grace)s")
        } else {
            field(0, "Status", phase)
        }
        optional(0, "Reason", status["reason"]?.string)
        optional(0, "Message", status["message"]?.string)
        seccompProfile(0, spec["securityContext"])
        field(0, "IP", status["podIP"]?.string ?? "")
        let addresses = status["podIPs"]?.items ?? []
        if addresses.isEmpty {
            field(0, "IPs", Words.none)
        } else {
            writer.line(0, "IPs:")
            for address in addresses { field(1, "IP", address["ip"]?.string ?? "") }
        }
        let owner = object[path: "metadata", "ownerReferences"]?.items.first { $0["controller"]?.bool == true }
        if let owner {
            field(0, "Controlled By", (owner["kind"]?.string ?? "") + "/" + (owner["name"]?.string ?? ""))
        }
        optional(0, "NominatedNodeName", status["nominatedNodeName"]?.string)
        if let resources = spec["resources"], !resources.members.isEmpty {
            writer.line(0, "Resources:")
            self.resources(1, resources)
        }
        let initContainers = spec["initContainers"]?.items ?? []
        if !initContainers.isEmpty { containers("Init Containers", initContainers, status["initContainerStatuses"]) }
        containers("Containers", spec["containers"]?.items ?? [], status["containerStatuses"])
        let ephemeral = spec["ephemeralContainers"]?.items ?? []
        if !ephemeral.isEmpty { containers("Ephemeral Containers", ephemeral, status["ephemeralContainerStatuses"]) }
        conditions(spec, status)
        volumes(spec["volumes"]?.items ?? [])
        field(0, "QoS Class", status["qosClass"]?.string?.nonEmpty ?? Self.qosClass(spec))
        writer.labels(0, "Node-Selectors", spec["nodeSelector"]?.dictionary ?? [:])
        writer.list(0, "Tolerations", Self.tolerations(spec["tolerations"]?.items ?? []))
        topologySpread(spec["topologySpreadConstraints"]?.items ?? [])
        events()
    }

    mutating func seccompProfile(_ level: Int, _ context: JSONValue?) {
        guard let profile = context?["seccompProfile"], let type = profile["type"]?.string else { return }
        field(level, "SeccompProfile", type)
        if type == "Localhost" {
            field(level == 0 ? 0 : level + 1, "LocalhostProfile", profile["localhostProfile"]?.string ?? "")
        }
    }

    private mutating func conditions(_ spec: JSONValue, _ status: JSONValue) {
        let conditions = status["conditions"]?.items ?? []
        func row(_ type: String, _ value: String) -> String {
            ScreenText.line(type) + " \t" + ScreenText.line(value) + " "
        }
        let gates = spec["readinessGates"]?.items ?? []
        if !gates.isEmpty {
            writer.line(0, "Readiness Gates:")
            writer.line(1, "Type\tStatus")
            for gate in gates {
                let type = gate["conditionType"]?.string ?? ""
                let value = conditions.first { $0["type"]?.string == type }?["status"]?.string ?? Words.none
                writer.line(1, row(type, value))
            }
        }
        guard !conditions.isEmpty else { return }
        writer.line(0, "Conditions:")
        writer.line(1, "Type\tStatus")
        for condition in conditions {
            writer.line(1, row(condition["type"]?.string ?? "", condition["status"]?.string ?? ""))
        }
    }

    private static func tolerations(_ tolerations: [JSONValue]) -> [String] {
        tolerations.sorted { ($0["key"]?.string ?? "") < ($1["key"]?.string ?? "") }.map { toleration in
            let key = toleration["key"]?.string ?? ""
            let value = toleration["value"]?.string ?? ""
            let effect = toleration["effect"]?.string ?? ""
            var text = key + (value.isEmpty ? "" : "=" + value) + (effect.isEmpty ? "" : ":" + effect)
            if toleration["operator"]?.string == "Exists", value.isEmpty {
                text += key.isEmpty && effect.isEmpty ? "op=Exists" : " op=Exists"
            }
            if let seconds = toleration["tolerationSeconds"]?.integer { text += " for \(seconds)s" }
            return text
        }
    }

    private mutating func topologySpread(_ constraints: [JSONValue]) {
        if constraints.isEmpty { return }
        let sorted = constraints.sorted { ($0["topologyKey"]?.string ?? "") < ($1["topologyKey"]?.string ?? "") }
        writer.list(
            0, "Topology Spread Constraints",
            sorted.map { constraint in
                let key = constraint["topologyKey"]?.string ?? ""
                let otherwise = constraint["whenUnsatisfiable"]?.string ?? ""
                let selector = constraint["labelSelector"].map { " for selector " + Self.selector($0) } ?? ""
                return "\(key):\(otherwise) when max skew \(constraint["maxSkew"]?.integer ?? 0) is exceeded" + selector
            })
    }

    /// FormatLabelSelector of apimachinery.
    static func selector(_ selector: JSONValue) -> String {
        var terms = (selector["matchLabels"]?.dictionary ?? [:]).sorted { $0.key < $1.key }.map {
            $0.key + "=" + $0.value
        }
        for expression in selector["matchExpressions"]?.items ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.items ?? []).compactMap(\.string).sorted().joined(separator: ",")
            switch expression["operator"]?.string {
            case "In": terms.append("\(key) in (\(values))")
            case "NotIn": terms.append("\(key) notin (\(values))")
            case "Exists": terms.append(key)
            default: terms.append("!" + key)
            }
        }
        return terms.isEmpty ? Words.none : terms.joined(separator: ",")
    }

    /// Of a pod that has no status yet (ComputePodQOS of `pkg/apis/core/v1/helper/qos`).
    private static func qosClass(_ spec: JSONValue) -> String {
        let containers = (spec["initContainers"]?.items ?? []) + (spec["containers"]?.items ?? [])
        var hasAny = false
        var isGuaranteed = true
        for container in containers {
            let resources = container["resources"] ?? .null
            for name in ["cpu", "memory"] {
                let limit = resources[path: "limits", name].flatMap(ObjectView.scalar).flatMap { Quantity($0) }
                let request =
                    resources[path: "requests", name].flatMap(ObjectView.scalar).flatMap { Quantity($0) } ?? limit
                let zero = Quantity(value: 0)
                if (limit ?? zero) > zero || (request ?? zero) > zero { hasAny = true }
                if limit == nil || limit == zero || limit != request { isGuaranteed = false }
            }
        }
        return hasAny ? (isGuaranteed ? "Guaranteed" : "Burstable") : "BestEffort"
    }
}
