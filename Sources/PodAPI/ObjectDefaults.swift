/// What the API server makes of an object before it stores it: fields that were left out get their defaults
/// (pkg/apis/core/v1/defaults.go), quantities their canonical form, and what asks for nothing goes.
public struct ObjectDefaults {
    /// The object as it is stored, its members in the order of their keys. It may lack `kind` and need not be valid.
    public static func complete(_ object: JSONValue) -> JSONValue {
        var result = withoutEmpties(object)
        switch object["kind"]?.string {
        case "Pod": result.change("spec") { completePod(&$0) }
        case "PersistentVolume": result.change("spec", completeVolume)
        case "PersistentVolumeClaim": result.change("spec", completeClaim)
        case "Secret": completeSecret(&result)
        case "Service": result.change("spec", completeService)
        case "PriorityClass": result.fill("preemptionPolicy", "PreemptLowerPriority")
        default: break
        }
        return result.inOrderOfKeys
    }

    /// Maps that mean nothing where they are empty; of other objects, being there may mean something (`emptyDir: {}`).
    private static let maps: Set<String> = [
        "labels", "annotations", "nodeSelector", "limits", "requests", "data", "binaryData", "stringData",
        "matchLabels",
        "overhead",
    ]

    private static func withoutEmpties(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.compactMap { member in
                    switch member.value {
                    case .null, .array([]): return nil
                    case .object([]) where maps.contains(member.key): return nil
                    default: return JSONValue.Member(member.key, withoutEmpties(member.value))
                    }
                })
        case .array(let items): return .array(items.map(withoutEmpties))
        default: return value
        }
    }

    /// `stringData` is only ever written.
    private static func completeSecret(_ secret: inout JSONValue) {
        secret.fill("type", "Opaque")
        guard let texts = secret["stringData"] else { return }
        var data = secret["data"] ?? .object([])
        for (key, text) in texts.dictionary { data[key] = .string(Base64.encode(Array(text.utf8))) }
        secret["data"] = data
        secret["stringData"] = nil
    }

    private static func completeVolume(_ spec: inout JSONValue) {
        spec.fill("persistentVolumeReclaimPolicy", "Retain")
        spec.fill("volumeMode", "Filesystem")
        spec.change("capacity", canonicalQuantities)
        spec.change("hostPath") { $0.fill("type", "") }
        spec.change("claimRef") { reference in
            reference.fill("apiVersion", "v1")
            reference.fill("kind", "PersistentVolumeClaim")
            reference.fill("namespace", "default")
        }
    }

    static func completeClaim(_ spec: inout JSONValue) {
        spec.fill("volumeMode", "Filesystem")
        spec.change("resources", canonicalResources)
    }

    private static func completeService(_ spec: inout JSONValue) {
        spec.fill("type", "ClusterIP")
        spec.fill("sessionAffinity", "None")
        let type = spec["type"]?.string
        spec.changeEach("ports") { port in
            port.fill("protocol", "TCP")
            if port["targetPort"] == nil { port["targetPort"] = port["port"] }
        }
        if type == "ExternalName" { return }
        if type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer" {
            spec.fill("internalTrafficPolicy", "Cluster")
        }
        if type == "NodePort" || type == "LoadBalancer" { spec.fill("externalTrafficPolicy", "Cluster") }
        if type == "LoadBalancer", spec["allocateLoadBalancerNodePorts"] == nil {
            spec["allocateLoadBalancerNodePorts"] = .bool(true)
        }
        spec.fill("ipFamilyPolicy", "SingleStack")
        if spec["ipFamilies"] == nil { spec["ipFamilies"] = .array([.string("IPv4")]) }
        if let address = spec["clusterIP"], address != .string(""), spec["clusterIPs"] == nil {
            spec["clusterIPs"] = .array([address])
        }
    }

    static func canonicalResources(_ resources: inout JSONValue) {
        resources.change("limits", canonicalQuantities)
        resources.change("requests", canonicalQuantities)
    }

    static func canonicalQuantities(_ list: inout JSONValue) {
        for member in list.members { list[member.key] = canonicalQuantity(member.value) }
    }

    /// As a string, also where it was written as a number.
    static func canonicalQuantity(_ value: JSONValue) -> JSONValue {
        let text = value.string ?? value.text
        return Quantity(text).map { .string($0.description) } ?? value
    }
}

extension JSONValue {
    /// Changes a member, where it is there.
    mutating func change(_ key: String, _ body: (inout JSONValue) -> Void) {
        guard var value = self[key] else { return }
        body(&value)
        self[key] = value
    }

    /// Changes every element of a list, where it is there.
    mutating func changeEach(_ key: String, _ body: (inout JSONValue) -> Void) {
        guard case .array(var items)? = self[key] else { return }
        for index in items.indices { body(&items[index]) }
        self[key] = .array(items)
    }

    /// Sets a member that is not there, or is the empty string.
    mutating func fill(_ key: String, _ text: String) {
        if self[key] == nil || self[key] == .string("") { self[key] = .string(text) }
    }

    mutating func fill(_ key: String, _ number: Int64) {
        if self[key] == nil { self[key] = .integer(number) }
    }

    mutating func fill(_ key: String, _ value: Bool) {
        if self[key] == nil { self[key] = .bool(value) }
    }

    /// All objects with their members in the order of their keys, as Go writes maps.
    public var inOrderOfKeys: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.inOrderOfKeys) }.sorted { $0.key < $1.key })
        case .array(let items): .array(items.map(\.inOrderOfKeys))
        default: self
        }
    }
}
