import PodAPI

extension Description {
    mutating func node() {
        let status = object["status"] ?? .null
        let roles = NodeRoles.of(object)
        field(0, "Name", view.name)
        field(0, "Roles", roles.isEmpty ? Words.none : roles.joined(separator: ","))
        writer.labels(0, "Labels", view.labels)
        writer.annotations(0, view.annotations)
        field(0, "CreationTimestamp", ReadableTime.text(object[path: "metadata", "creationTimestamp"]))
        let taints = (object[path: "spec", "taints"]?.items ?? []).map { taint -> (String, String) in
            let key = taint["key"]?.string ?? ""
            let value = taint["value"]?.string ?? ""
            let effect = taint["effect"]?.string ?? ""
            return (effect + "," + key, key + (value.isEmpty ? "" : "=" + value) + (effect.isEmpty ? "" : ":" + effect))
        }
        writer.list(0, "Taints", taints.sorted { $0.0 < $1.0 }.map(\.1))
        field(0, "Unschedulable", "\(object[path: "spec", "unschedulable"]?.bool ?? false)")
        let conditions = status["conditions"]?.items ?? []
        if !conditions.isEmpty {
            writer.line(0, "Conditions:")
            writer.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
            writer.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
            for condition in conditions { self.condition(condition, "lastHeartbeatTime") }
        }
        writer.line(0, "Addresses:")
        for address in status["addresses"]?.items ?? [] {
            field(1, address["type"]?.string ?? "", address["address"]?.string ?? "")
        }
        for (title, key) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
            let members = status[key]?.members ?? []
            if members.isEmpty { continue }
            writer.line(0, title + ":")
            for member in members.sorted(by: { $0.key < $1.key }) { field(1, member.key, Self.quantity(member.value)) }
        }
        writer.line(0, "System Info:")
        for (title, key) in [
            ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"),
            ("Kernel Version", "kernelVersion"), ("OS Image", "osImage"), ("Operating System", "operatingSystem"),
            ("Architecture", "architecture"), ("Container Runtime Version", "containerRuntimeVersion"),
            ("Kubelet Version", "kubeletVersion"), ("Kube-Proxy Version", "kubeProxyVersion"),
        ] {
            field(1, title, view.text("status", "nodeInfo", key))
        }
        podsOfNode(status["allocatable"] ?? status["capacity"] ?? .null)
        events()
    }

    private mutating func podsOfNode(_ allocatable: JSONValue) {
        let pods = context.pods.filter { pod in
            let phase = pod[path: "status", "phase"]?.string
            return phase != "Succeeded" && phase != "Failed"
        }
        field(0, "Non-terminated Pods", "(\(pods.count) in total)")
        writer.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
        writer.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
        var totals: [String: Quantity] = [:]
        for pod in pods {
            let sums = PodTotals(pod)
            for (key, amount) in sums.amounts { totals[key] = totals[key].map { $0 + amount } ?? amount }
            let cells = ["requests.cpu", "limits.cpu", "requests.memory", "limits.memory"].map {
                Self.share(sums.amounts[$0], of: allocatable, $0)
            }
            let podView = ObjectView(pod, now: context.now)
            writer.line(
                1,
                ScreenText.line(podView.namespace) + "\t" + ScreenText.line(podView.name) + "\t\t"
                    + cells.joined(separator: "\t") + "\t" + podView.age)
        }
        writer.line(0, "Allocated resources:")
        writer.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
        writer.line(1, "Resource\tRequests\tLimits")
        writer.line(1, "--------\t--------\t------")
        for name in ["cpu", "memory", "ephemeral-storage"] {
            let cells = ["requests.", "limits."].map { Self.share(totals[$0 + name], of: allocatable, $0 + name) }
            writer.line(1, name + "\t" + cells.joined(separator: "\t"))
        }
        let others = allocatable.members.map(\.key).sorted()
        for name in others where name.hasPrefix("hugepages-") {
            let cells = ["requests.", "limits."].map { Self.share(totals[$0 + name], of: allocatable, $0 + name) }
            writer.line(1, name + "\t" + cells.joined(separator: "\t"))
        }
        let known = ["cpu", "memory", "ephemeral-storage", "storage", "pods"]
        for name in others where !name.hasPrefix("hugepages-") && !known.contains(name) {
            let cells = ["requests.", "limits."].map { totals[$0 + name]?.description ?? "0" }
            writer.line(1, ScreenText.line(name) + "\t" + cells.joined(separator: "\t"))
        }
    }

    /// `100m (5%)`
    private static func share(_ amount: Quantity?, of allocatable: JSONValue, _ name: String) -> String {
        guard let amount else { return "0 (0%)" }
        let resource = String(name.drop { $0 != "." }.dropFirst())
        let whole = Quantity(quantity(allocatable[resource])) ?? Quantity(value: 0)
        let isCPU = resource == "cpu"
        let total = Double(isCPU ? whole.milliValue : whole.value)
        let part = Double(isCPU ? amount.milliValue : amount.value)
        let percent = total == 0 ? 0 : Int(part / total * 100)
        return "\(amount) (\(percent)%)"
    }
}

/// What the containers of a pod ask for together: the larger of the sum of those that run at once, and of what each init container
/// needs beside the sidecars before it (resourcehelper.PodRequests). The keys are `requests.cpu`, `limits.memory`.
private struct PodTotals {
    private(set) var amounts: [String: Quantity] = [:]

    init(_ pod: JSONValue) {
        var running: [String: Quantity] = [:]
        for container in pod[path: "spec", "containers"]?.items ?? [] {
            Self.add(Self.amounts(container), to: &running)
        }
        var sidecars: [String: Quantity] = [:]
        var peak: [String: Quantity] = [:]
        for container in pod[path: "spec", "initContainers"]?.items ?? [] {
            var own = Self.amounts(container)
            if container["restartPolicy"]?.string == "Always" {
                Self.add(own, to: &running)
                Self.add(own, to: &sidecars)
                own = sidecars
            } else {
                Self.add(sidecars, to: &own)
            }
            for (key, amount) in own { peak[key] = max(peak[key] ?? amount, amount) }
        }
        amounts = running
        for (key, amount) in peak { amounts[key] = max(amounts[key] ?? amount, amount) }
        for (key, amount) in Self.amounts(pod["spec"] ?? .null) { amounts[key] = amount }
        for member in pod[path: "spec", "overhead"]?.members ?? [] {
            guard let amount = ObjectView.scalar(member.value).flatMap({ Quantity($0) }) else { continue }
            for key in ["requests." + member.key, "limits." + member.key] {
                if let known = amounts[key] {
                    amounts[key] = known + amount
                } else if key.hasPrefix("requests") {
                    amounts[key] = amount
                }
            }
        }
    }

    private static func amounts(_ container: JSONValue) -> [String: Quantity] {
        var result: [String: Quantity] = [:]
        for list in ["requests", "limits"] {
            for member in container[path: "resources", list]?.members ?? [] {
                result[list + "." + member.key] = ObjectView.scalar(member.value).flatMap { Quantity($0) }
            }
        }
        return result
    }

    private static func add(_ amounts: [String: Quantity], to sum: inout [String: Quantity]) {
        for (key, amount) in amounts { sum[key] = sum[key].map { $0 + amount } ?? amount }
    }
}
