import PodAPI

/// The roles of a node, by its labels.
enum NodeRoles {
    static func of(_ node: JSONValue) -> [String] {
        var roles: Set<String> = []
        let prefix = "node-role.kubernetes.io/"
        for (key, value) in node[path: "metadata", "labels"]?.dictionary ?? [:] {
            if key.hasPrefix(prefix) {
                let role = String(key.dropFirst(prefix.count))
                if !role.isEmpty { roles.insert(role) }
            } else if key == "kubernetes.io/role", !value.isEmpty {
                roles.insert(value)
            }
        }
        return roles.sorted()
    }
}
