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
