import PodAPI

extension Description {
    mutating func configMap() {
        identity()
        writer.line(0, "\nData\n====")
        for (key, value) in (object["data"]?.dictionary ?? [:]).sorted(by: { $0.key < $1.key }) {
            writer.line(0, ScreenText.line(key) + ":\n----\n" + ScreenText.lines(value) + "\n")
        }
        writer.line(0, "\nBinaryData\n====")
        for (key, value) in (object["binaryData"]?.dictionary ?? [:]).sorted(by: { $0.key < $1.key }) {
            writer.line(0, ScreenText.line(key) + ": \(Self.byteCount(value)) bytes")
        }
        writer.line(0, "")
        events()
    }

    mutating func secret() {
        identity()
        writer.line(0, "\nType:\t" + ScreenText.line(view.text("type")))
        writer.line(0, "\nData\n====")
        for (key, value) in (object["data"]?.dictionary ?? [:]).sorted(by: { $0.key < $1.key }) {
            field(0, key, "\(Self.byteCount(value)) bytes")
        }
    }

    /// Of what a base64 text stands for.
    private static func byteCount(_ base64: String) -> Int {
        let characters = base64.utf8.filter { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") }
        return characters.count * 3 / 4
    }

    mutating func service() {
        let spec = object["spec"] ?? .null
        identity()
        field(0, "Selector", Words.labels(spec["selector"]?.dictionary ?? [:]))
        field(0, "Type", view.text("spec", "type", default: "ClusterIP"))
        optional(0, "IP Family Policy", spec["ipFamilyPolicy"]?.string)
        let families = (spec["ipFamilies"]?.items ?? []).compactMap(\.string)
        field(0, "IP Families", families.isEmpty ? Words.none : families.joined(separator: ","))
        field(0, "IP", spec["clusterIP"]?.string ?? "")
        let addresses = (spec["clusterIPs"]?.items ?? []).compactMap(\.string)
        field(0, "IPs", addresses.isEmpty ? Words.none : addresses.joined(separator: ","))
        optional(0, "External IPs", (spec["externalIPs"]?.items ?? []).compactMap(\.string).joined(separator: ","))
        optional(0, "Desired LoadBalancer IP", spec["loadBalancerIP"]?.string)
        optional(0, "External Name", spec["externalName"]?.string)
        let ingress = (object[path: "status", "loadBalancer", "ingress"]?.items ?? []).compactMap {
            $0["ip"]?.string ?? $0["hostname"]?.string
        }
        optional(0, "LoadBalancer Ingress", ingress.joined(separator: ", "))
        for port in spec["ports"]?.items ?? [] { servicePort(port, spec) }
        field(0, "Session Affinity", view.text("spec", "sessionAffinity", default: "None"))
        optional(0, "External Traffic Policy", spec["externalTrafficPolicy"]?.string)
        optional(0, "Internal Traffic Policy", spec["internalTrafficPolicy"]?.string)
        if let port = spec["healthCheckNodePort"]?.integer, port != 0 { field(0, "HealthCheck NodePort", "\(port)") }
        let ranges = (spec["loadBalancerSourceRanges"]?.items ?? []).compactMap(\.string)
        optional(0, "LoadBalancer Source Ranges", ranges.joined(separator: ","))
        optional(0, "Traffic Distribution", spec["trafficDistribution"]?.string)
        events()
    }

    private mutating func servicePort(_ port: JSONValue, _ spec: JSONValue) {
        let number = port["port"].flatMap(ObjectView.scalar) ?? "0"
        let transport = port["protocol"]?.string ?? "TCP"
        let target = port["targetPort"].flatMap(ObjectView.scalar) ?? number
        let name = ScreenText.line(port["name"]?.string?.nonEmpty ?? Words.unset)
        writer.line(0, "Port:\t\(name)\t" + ScreenText.line("\(number)/\(transport)"))
        field(0, "TargetPort", "\(target)/\(transport)")
        optional(0, "AppProtocol", port["appProtocol"]?.string)
        if let node = port["nodePort"]?.integer, node != 0 {
            writer.line(0, "NodePort:\t\(name)\t" + ScreenText.line("\(node)/\(transport)"))
        }
        field(0, "Endpoints", endpoints(target, spec["selector"]?.dictionary ?? [:]))
    }

    /// Of the pods that a service selects, those that are ready: three, and how many more there are.
    private func endpoints(_ target: String, _ selector: [String: String]) -> String {
        let selected = context.pods.filter { pod in
            let labels = pod[path: "metadata", "labels"]?.dictionary ?? [:]
            return !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
                && pod[path: "metadata", "namespace"]?.string == view.namespace
        }
        if selected.isEmpty { return Words.none }
        let all = selected.filter { pod in
            (pod[path: "status", "conditions"]?.items ?? []).contains {
                $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
            }
        }.compactMap { pod -> String? in
            guard let address = pod[path: "status", "podIP"]?.string, !address.isEmpty else { return nil }
            let ports = (pod[path: "spec", "containers"]?.items ?? []).flatMap { $0["ports"]?.items ?? [] }
            let named = ports.first { $0["name"]?.string == target }?["containerPort"]?.integer
            return (address.contains(":") ? "[\(address)]" : address) + ":" + (named.map { "\($0)" } ?? target)
        }
        return all.prefix(3).joined(separator: ",") + (all.count > 3 ? " + \(all.count - 3) more..." : "")
    }

    mutating func namespace() {
        identity(hasNamespace: false)
        field(0, "Status", view.text("status", "phase"))
        writer.line(0, "\nNo resource quota.\n\nNo LimitRange resource.")
    }

    mutating func priorityClass() {
        field(0, "Name", view.name)
        field(0, "Value", "\(object["value"]?.integer ?? 0)")
        field(0, "GlobalDefault", "\(object["globalDefault"]?.bool ?? false)")
        field(0, "PreemptionPolicy", view.text("preemptionPolicy", default: "PreemptLowerPriority"))
        field(0, "Description", view.text("description"))
        field(0, "Annotations", Words.labels(view.annotations))
        events()
    }

    mutating func storageClass() {
        field(0, "Name", view.name)
        let isDefault = view.annotations["storageclass.kubernetes.io/is-default-class"] == "true"
        field(0, "IsDefaultClass", isDefault ? "Yes" : "No")
        field(0, "Annotations", Words.labels(view.annotations))
        field(0, "Provisioner", view.text("provisioner"))
        field(0, "Parameters", Words.labels(object["parameters"]?.dictionary ?? [:]))
        let expands = object["allowVolumeExpansion"]?.bool
        field(0, "AllowVolumeExpansion", expands.map { $0 ? "True" : "False" } ?? Words.unset)
        let options = (object["mountOptions"]?.items ?? []).compactMap(\.string)
        if options.isEmpty {
            field(0, "MountOptions", Words.none)
        } else {
            writer.line(0, "MountOptions:")
            for option in options { writer.line(1, ScreenText.line(option)) }
        }
        optional(0, "ReclaimPolicy", object["reclaimPolicy"]?.string)
        optional(0, "VolumeBindingMode", object["volumeBindingMode"]?.string)
        events()
    }

    /// A kind without a description of its own: all of its members, as for custom resources.
    mutating func anything() {
        identity()
        var rest = object
        if let metadata = object["metadata"] {
            let named = ["managedFields", "name", "namespace", "labels", "annotations"]
            rest["metadata"] = .object(metadata.members.filter { !named.contains($0.key) })
        }
        members(0, rest)
        events()
    }

    private mutating func members(_ level: Int, _ value: JSONValue) {
        for member in value.members.sorted(by: { $0.key < $1.key }) {
            let title = ScreenText.line(Self.title(member.key))
            switch member.value {
            case .object:
                writer.line(level, title + ":")
                members(level + 1, member.value)
            case .array(let items):
                writer.line(level, title + ":")
                for item in items {
                    if case .object = item {
                        members(level + 1, item)
                    } else {
                        writer.line(level + 1, ScreenText.line(ObjectView.scalar(item) ?? "<nil>"))
                    }
                }
            case .null: field(level, title, "<nil>")
            default: field(level, title, ObjectView.scalar(member.value) ?? "")
            }
        }
    }

    /// `creationTimestamp` as `Creation Timestamp`; names with other characters than letters stay.
    private static func title(_ field: String) -> String {
        guard field.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "-" }) else { return field }
        var words: [String] = []
        let characters = Array(field)
        for (index, character) in characters.enumerated() {
            let isUpper = character.isUppercase
            let afterLower = index > 0 && characters[index - 1].isLowercase
            let beforeLower = index > 0 && isUpper && index + 1 < characters.count && characters[index + 1].isLowercase
            let isOther = index > 0 && (character == "-") != (characters[index - 1] == "-")
            if index == 0 || isUpper && afterLower || beforeLower || isOther {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.map { word in
            let upper = word.uppercased()
            if ["API", "URL", "UID", "GUID"].contains(upper) { return upper }
            return word == word.lowercased() ? word.prefix(1).uppercased() + word.dropFirst() : word
        }.joined(separator: " ")
    }
}
