import PodAPI

extension ObjectDecoder {
    /// `stdin`, `stdinOnce` and `tty` of a container.
    func streams(_ node: ManifestNode, of container: inout Container) {
        container.stdin = node["stdin"]?.bool ?? false
        container.stdinOnce = node["stdinOnce"]?.bool ?? false
        container.tty = node["tty"]?.bool ?? false
    }

    /// `restartPolicy` and `restartPolicyRules` of a container.
    func restart(_ node: ManifestNode, of container: inout Container) {
        container.restartPolicy = RestartPolicy(rawValue: node.string("restartPolicy"))
        container.restartPolicyRules = node.list("restartPolicyRules").map { rule in
            ContainerRestartRule(
                action: .init(rawValue: rule.string("action")),
                exitCodes: rule["exitCodes"].map { codes in
                    .init(
                        operator: .init(rawValue: codes.string("operator")),
                        values: codes.list("values").compactMap { $0.integer.flatMap(Int32.init(exactly:)) })
                })
        }
    }
}
