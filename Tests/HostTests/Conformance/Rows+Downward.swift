import Glibc

extension Row {
    /// The downward API as files: in a volume of its own, and projected.
    static let downward: [Row] =
        volumes(
            isProjected: false,
            [
                "cpuLimit": "S016", "cpuRequest": "S017", "memoryLimit": "S018", "memoryRequest": "S019",
                "cpuDefault": "S020", "memoryDefault": "S021", "name": "S022", "defaultMode": "S023",
                "itemMode": "S024",
            ])
        + volumes(
            isProjected: true,
            [
                "cpuLimit": "S056", "cpuRequest": "S057", "memoryLimit": "S058", "memoryRequest": "S059",
                "cpuDefault": "S060", "memoryDefault": "S061", "name": "S062", "defaultMode": "S063",
                "itemMode": "S064",
            ])

    private static func volumes(isProjected: Bool, _ ids: [String: String]) -> [Row] {
        let what = isProjected ? "a projected downwardAPI file" : "a downwardAPI file"
        /// Runs a pod that prints its file, and its mode.
        @Sendable func file(
            _ world: World, _ item: String, defaultMode: String? = nil, resources: String? = nil
        ) throws -> (content: String, mode: String, ended: Ended) {
            let mode = defaultMode.map { ", defaultMode: 0\($0)" } ?? ""
            let items = "items: [{path: fact, \(item)}]"
            let volume =
                isProjected
                ? "projected: {sources: [{downwardAPI: {\(items)}}]\(mode)}" : "downwardAPI: {\(items)\(mode)}"
            let mounts = "volumeMounts: [{name: info, mountPath: /etc/podinfo}]"
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "cat /etc/podinfo/fact; echo; stat -L -c %A /etc/podinfo/fact",
                        (resources.map { $0 + ", " } ?? "") + mounts),
                    name: "downward", spec: "volumes: [{name: info, \(volume)}]"))
            let lines = ended.log("c").split(separator: "\n").map(String.init)
            try check(lines.count == 2, ended)
            return (lines[0], lines[1], ended)
        }
        @Sendable func limit(_ key: String, _ resource: String, _ wanted: String, _ name: String) -> Row {
            Row(ids[key] ?? "", "\(what) holds the container's \(name)") { world in
                let item = "resourceFieldRef: {containerName: c, resource: \(resource)}"
                let found = try file(world, item, resources: resources)
                try equal(found.content, wanted, found.ended)
            }
        }
        @Sendable func mode(_ key: String, _ title: String, _ defaultMode: String?, _ item: String) -> Row {
            Row(ids[key] ?? "", title) { world in
                let field = "fieldRef: {fieldPath: metadata.name}" + item
                let found = try file(world, field, defaultMode: defaultMode)
                try equal([found.content, found.mode], ["downward", "-r--------"], found.ended)
            }
        }
        return [
            // Without a divisor a fraction of a processor is rounded up.
            limit("cpuLimit", "limits.cpu", "2", "cpu limit"),
            limit("cpuRequest", "requests.cpu", "1", "cpu request"),
            limit("memoryLimit", "limits.memory", "67108864", "memory limit"),
            limit("memoryRequest", "requests.memory", "33554432", "memory request"),
            Row(ids["cpuDefault"] ?? "", "\(what) holds the node's processors where there is no limit") { world in
                let found = try file(world, "resourceFieldRef: {containerName: c, resource: limits.cpu}")
                try checkProcessors(found.content, found.ended)
            },
            Row(ids["memoryDefault"] ?? "", "\(what) holds the node's memory where there is no limit") { world in
                let found = try file(world, "resourceFieldRef: {containerName: c, resource: limits.memory}")
                try checkMemory(found.content, found.ended)
            },
            Row(ids["name"] ?? "", "\(what) holds the pod's name") { world in
                let found = try file(world, "fieldRef: {fieldPath: metadata.name}")
                try equal([found.content, found.mode], ["downward", "-rw-r--r--"], found.ended)
            },
            mode("defaultMode", "\(what) has the volume's defaultMode", "400", ""),
            mode("itemMode", "\(what) has a mode of its own", nil, ", mode: 0400"),
        ]
    }

    /// What the node can give to pods: no more than the host has, and most of it.
    static func checkProcessors(_ text: String?, _ context: Any) throws {
        let count = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        try check(Int(text ?? "").map { (1...count).contains($0) } ?? false, "\(text ?? "nothing"); \(context)")
    }

    static func checkMemory(_ text: String?, _ context: Any) throws {
        let bytes = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        try check(Int(text ?? "").map { (bytes / 2...bytes).contains($0) } ?? false, "\(text ?? "nothing"); \(context)")
    }
}
