import PodAPI

/// The columns that an API server gives to kubectl for each kind (`pkg/printers/internalversion/printers.go`).
extension Table {
    /// Objects of one kind. A kind that is not known has the columns NAME and AGE, as a custom resource.
    ///
    /// - Parameter now: Nanoseconds since 1970.
    public init(kind: String, objects: [JSONValue], now: Int64) {
        let layout = Self.layouts[kind] ?? Self.generic
        columns = layout.columns
        rows = objects.map { object in
            Row(
                layout.cells(ObjectView(object, now: now)),
                namespace: object[path: "metadata", "namespace"]?.string ?? "",
                labels: object[path: "metadata", "labels"]?.dictionary ?? [:])
        }
    }

    private struct Layout: Sendable {
        let columns: [TableColumn]
        let cells: @Sendable (ObjectView) -> [String]

        /// - Parameter wide: Titles of columns that are only shown with `-o wide`.
        init(_ titles: [String], wide: Set<String> = [], _ cells: @escaping @Sendable (ObjectView) -> [String]) {
            columns = titles.map { TableColumn($0, isWide: wide.contains($0)) }
            self.cells = cells
        }
    }

    private static let generic = Layout(["Name", "Age"]) { [$0.name, $0.age] }

    private static let layouts: [String: Layout] = [
        "Pod": pod, "PersistentVolume": persistentVolume, "PersistentVolumeClaim": persistentVolumeClaim,
        "ConfigMap": Layout(["Name", "Data", "Age"]) {
            [
                $0.name,
                "\($0.object["data", default: .null].members.count + $0.object["binaryData", default: .null].members.count)",
                $0.age,
            ]
        },
        "Secret": Layout(["Name", "Type", "Data", "Age"]) {
            [$0.name, $0.text("type"), "\($0.object["data", default: .null].members.count)", $0.age]
        },
        "Service": service, "Node": node, "Event": event,
        "Namespace": Layout(["Name", "Status", "Age"]) { [$0.name, $0.text("status", "phase"), $0.age] },
        "RuntimeClass": Layout(["Name", "Handler", "Age"]) { [$0.name, $0.text("handler"), $0.age] },
        "PriorityClass": Layout(["Name", "Value", "Global-Default", "Age", "PreemptionPolicy"]) {
            [
                $0.name, "\($0.object["value"]?.integer ?? 0)", "\($0.object["globalDefault"]?.bool ?? false)", $0.age,
                $0.text("preemptionPolicy"),
            ]
        },
        "StorageClass": Layout([
            "Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age",
        ]) { view in
            let isDefault =
                view.object[path: "metadata", "annotations", "storageclass.kubernetes.io/is-default-class"]?.string
                == "true"
            return [
                view.name + (isDefault ? " (default)" : ""), view.text("provisioner"),
                view.text("reclaimPolicy", default: "Delete"), view.text("volumeBindingMode", default: "Immediate"),
                "\(view.object["allowVolumeExpansion"]?.bool ?? false)", view.age,
            ]
        },
    ]

    private static let pod = Layout(
        ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"],
        wide: ["IP", "Node", "Nominated Node", "Readiness Gates"]
    ) { view in
        let summary = PodSummary(view.object)
        let conditions = view.object[path: "status", "conditions"]?.items ?? []
        let gates = view.object[path: "spec", "readinessGates"]?.items ?? []
        let open = gates.count { gate in
            conditions.first { $0["type"] == gate["conditionType"] }?["status"]?.string == "True"
        }
        return [
            view.name, "\(summary.ready)/\(summary.total)", summary.status, summary.restartsText(now: view.now),
            view.age,
            view.object[path: "status", "podIPs"]?.items.first?["ip"]?.string?.nonEmpty ?? Words.none,
            view.text("spec", "nodeName", default: Words.none),
            view.text("status", "nominatedNodeName", default: Words.none),
            gates.isEmpty ? Words.none : "\(open)/\(gates.count)",
        ]
    }

    private static let persistentVolume = Layout(
        [
            "Name", "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass",
            "VolumeAttributesClass",
            "Reason", "Age", "VolumeMode",
        ], wide: ["VolumeMode"]
    ) { view in
        let claim = view.object[path: "spec", "claimRef"]
        return [
            view.name, view.text("spec", "capacity", "storage", default: "0"),
            Words.accessModes(view.object[path: "spec", "accessModes"]?.items ?? []),
            view.text("spec", "persistentVolumeReclaimPolicy"),
            view.isTerminating ? "Terminating" : view.text("status", "phase"),
            claim.map { ($0["namespace"]?.string ?? "") + "/" + ($0["name"]?.string ?? "") } ?? "",
            view.storageClass, view.text("spec", "volumeAttributesClassName", default: Words.unset),
            view.text("status", "reason"), view.age, view.text("spec", "volumeMode", default: Words.unset),
        ]
    }

    private static let persistentVolumeClaim = Layout(
        [
            "Name", "Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", "Age",
            "VolumeMode",
        ], wide: ["VolumeMode"]
    ) { view in
        let volume = view.text("spec", "volumeName")
        return [
            view.name, view.isTerminating ? "Terminating" : view.text("status", "phase"), volume,
            volume.isEmpty ? "" : view.text("status", "capacity", "storage", default: "0"),
            volume.isEmpty ? "" : Words.accessModes(view.object[path: "status", "accessModes"]?.items ?? []),
            view.storageClass, view.text("spec", "volumeAttributesClassName", default: Words.unset), view.age,
            view.text("spec", "volumeMode", default: Words.unset),
        ]
    }

    private static let service = Layout(
        ["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"], wide: ["Selector"]
    ) { view in
        let address =
            view.object[path: "spec", "clusterIPs"]?.items.first?.string
            ?? view.text("spec", "clusterIP", default: Words.none)
        let ports = (view.object[path: "spec", "ports"]?.items ?? []).map { port in
            let node = port["nodePort"]?.integer ?? 0
            return "\(port["port"]?.integer ?? 0)" + (node > 0 ? ":\(node)" : "") + "/"
                + (port["protocol"]?.string ?? "TCP")
        }
        return [
            view.name, view.text("spec", "type", default: "ClusterIP"), address, Self.externalAddress(view),
            ports.isEmpty ? Words.none : ports.joined(separator: ","), view.age,
            Words.labels(view.object[path: "spec", "selector"]?.dictionary ?? [:]),
        ]
    }

    private static func externalAddress(_ service: ObjectView) -> String {
        let addresses = (service.object[path: "spec", "externalIPs"]?.items ?? []).compactMap(\.string)
        let type = service.text("spec", "type", default: "ClusterIP")
        switch type {
        case "ClusterIP", "NodePort": return addresses.isEmpty ? Words.none : addresses.joined(separator: ",")
        case "LoadBalancer":
            let ingress = (service.object[path: "status", "loadBalancer", "ingress"]?.items ?? []).compactMap {
                $0["ip"]?.string ?? $0["hostname"]?.string
            }
            let all = Set(ingress).sorted() + addresses
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        case "ExternalName": return service.text("spec", "externalName")
        default: return Words.unknown
        }
    }

    private static let node = Layout(
        [
            "Name", "Status", "Roles", "Age", "Version", "Internal-IP", "External-IP", "OS-Image", "Kernel-Version",
            "Container-Runtime",
        ], wide: ["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"]
    ) { view in
        let ready = view.object[path: "status", "conditions"]?.items.first { $0["type"]?.string == "Ready" }
        var status = ready.map { $0["status"]?.string == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        if view.object[path: "spec", "unschedulable"]?.bool == true { status += ",SchedulingDisabled" }
        let addresses = view.object[path: "status", "addresses"]?.items ?? []
        func address(_ type: String) -> String {
            addresses.first { $0["type"]?.string == type }?["address"]?.string?.nonEmpty ?? Words.none
        }
        func info(_ key: String) -> String { view.text("status", "nodeInfo", key, default: Words.unknown) }
        let roles = NodeRoles.of(view.object)
        return [
            view.name, status, roles.isEmpty ? Words.none : roles.joined(separator: ","), view.age,
            view.text("status", "nodeInfo", "kubeletVersion"), address("InternalIP"), address("ExternalIP"),
            info("osImage"), info("kernelVersion"), info("containerRuntimeVersion"),
        ]
    }

    private static let event = Layout(
        [
            "Last Seen", "Type", "Reason", "Object", "Subobject", "Source", "Message", "First Seen", "Count", "Name",
        ], wide: ["Subobject", "Source", "First Seen", "Count", "Name"]
    ) { view in
        let event = EventView(view.object, now: view.now)
        return [
            event.lastSeen, view.text("type"), view.text("reason"), event.target,
            view.text("involvedObject", "fieldPath"), event.source, event.message, event.firstSeen, "\(event.count)",
            view.name,
        ]
    }
}

extension JSONValue {
    subscript(_ key: String, default value: JSONValue) -> JSONValue { self[key] ?? value }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
