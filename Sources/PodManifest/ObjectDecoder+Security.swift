import PodAPI

extension ObjectDecoder {
    mutating func seccompProfile(_ node: ManifestNode?, at path: FieldPath) -> SeccompProfile? {
        guard let node else { return nil }
        let file = node["localhostProfile"]
        if file != nil, node.string("type") != "Localhost" {
            report(path.field("localhostProfile"), "can only be set when seccomp type is Localhost")
        }
        switch node.string("type") {
        case "RuntimeDefault": return .runtimeDefault
        case "Unconfined": return .unconfined
        case "Localhost": return .localhost(file?.text ?? "")
        case "":
            report(path.field("type"), "required: one of \"Localhost\", \"RuntimeDefault\", \"Unconfined\"")
            return nil
        default: return nil
        }
    }
}

extension ObjectDecoder {
    mutating func appArmorProfile(_ node: ManifestNode?, at path: FieldPath) -> AppArmorProfile? {
        guard let node else { return nil }
        let profile = node["localhostProfile"]
        if profile != nil, node.string("type") != "Localhost" {
            report(path.field("localhostProfile"), "can only be set when AppArmor type is Localhost")
        }
        switch node.string("type") {
        case "RuntimeDefault": return .runtimeDefault
        case "Unconfined": return .unconfined
        case "Localhost": return .localhost(profile?.text ?? "")
        case "":
            report(path.field("type"), "required: type is required when appArmorProfile is set")
            return nil
        default: return nil
        }
    }

    /// An annotation counts where the container's field is left out (`applyAppArmorVersionSkew` of the API server); where both
    /// are given they have to agree.
    mutating func applyAppArmorAnnotations(_ annotations: [String: String], to spec: inout PodSpec) {
        for (key, value) in annotations.sorted(by: { $0.key < $1.key })
        where key.hasPrefix(AppArmorProfile.annotationPrefix) {
            let path = FieldPath("metadata", "annotations").key(key)
            let name = String(key.dropFirst(AppArmorProfile.annotationPrefix.count))
            if value.isEmpty { continue }
            guard let profile = AppArmorProfile(annotation: value) else {
                report(path, "invalid AppArmor profile name: \(quoted(value))")
                continue
            }
            func apply(_ containers: inout [Container]) -> Bool {
                guard let index = containers.firstIndex(where: { $0.name == name }) else { return false }
                if let own = containers[index].securityContext.appArmorProfile, own != profile {
                    report(path, "AppArmor profile in annotation and field must match")
                }
                containers[index].securityContext.appArmorProfile = profile
                return true
            }
            if !apply(&spec.containers), !apply(&spec.initContainers) { report(path, "container not found") }
        }
    }

    func seLinuxOptions(_ node: ManifestNode?) -> SELinuxOptions? {
        guard let node else { return nil }
        var options = SELinuxOptions()
        options.user = node.string("user")
        options.role = node.string("role")
        options.type = node.string("type")
        options.level = node.string("level")
        return options
    }
}
