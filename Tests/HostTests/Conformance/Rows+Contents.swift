/// The files that a volume gives to a pod, be they of ConfigMaps or of Secrets, in a volume of their own or a projected one.
private struct Contents: Sendable {
    /// `configMap` or `secret`
    var source: String
    var isProjected = false
    /// The key `data-2`, at another path.
    var mapping = false
    /// In octal.
    var defaultMode: String?
    var itemMode: String?
    var user: Int?
    var group: Int?

    var kind: String { source == "secret" ? "Secret" : "ConfigMap" }

    private var path: String {
        if !mapping { return "data-1" }
        return source == "secret" ? "new-path-data-2" : "path/to/data-2"
    }

    private func volume(_ name: String, of object: String = "conf", optional: Bool = false) -> String {
        var fields = [isProjected || source == "configMap" ? "name: \(object)" : "secretName: \(object)"]
        if mapping {
            let mode = itemMode.map { ", mode: 0\($0)" } ?? ""
            fields.append("items: [{key: data-2, path: \(path)\(mode)}]")
        }
        let mode = defaultMode.map { "defaultMode: 0\($0)" }
        if !isProjected {
            return "{name: \(name), \(source): {\((fields + (mode.map { [$0] } ?? [])).joined(separator: ", "))}}"
        }
        let sources = "sources: [{\(source): {\(fields.joined(separator: ", "))}}]"
        return "{name: \(name), projected: {\(([sources] + (mode.map { [$0] } ?? [])).joined(separator: ", "))}}"
    }

    /// Reads the file as the given user, and looks at its mode; other files are not there where items are named.
    func check(_ world: World) throws {
        var context: [String] = []
        if let user { context.append("runAsUser: \(user)") }
        if let group { context.append("fsGroup: \(group)") }
        let script = "cat /etc/vol/\(path); stat -L -c %A /etc/vol/\(path); ls /etc/vol; id -u"
        let ended = try world.succeeded(
            documents(
                config(kind),
                pod(
                    container("c", script, "volumeMounts: [{name: v, mountPath: /etc/vol, readOnly: true}]"),
                    spec: "volumes: [\(volume("v"))]\nsecurityContext: {\(context.joined(separator: ", "))}")))
        let octal = itemMode ?? defaultMode ?? "644"
        let value = mapping ? "value-2" : "value-1"
        let names =
            mapping ? [path.split(separator: "/").first.map(String.init) ?? ""] : ["data-1", "data-2", "data-3"]
        try equal(
            ended.log("c").split(separator: "\n").map(String.init),
            ["\(value)\(symbolic(octal))"] + names + ["\(user ?? 0)"], ended)
    }

    /// One object in two volumes of a pod.
    func checkTwice(_ world: World) throws {
        let ended = try world.succeeded(
            documents(
                config(kind),
                pod(
                    container(
                        "c", "cat /one/data-1; echo; cat /two/data-1; stat -L -c %A /one/data-1 /two/data-1",
                        "volumeMounts: [{name: v, mountPath: /one, readOnly: true}, {name: w, mountPath: /two, readOnly: true}]"
                    ), spec: "volumes: [\(volume("v")), \(volume("w"))]")))
        try equal(ended.line("c"), "value-1\nvalue-1-rw-r--r--\n-rw-r--r--", ended)
    }
}

/// Permission bits of a regular file as ls(1) writes them.
private func symbolic(_ octal: String) -> String {
    "-" + octal.map { ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"][$0.wholeNumberValue ?? 0] }.joined()
}

private func row(_ id: String, _ title: String, _ contents: Contents) -> Row {
    Row(id, title) { try contents.check($0) }
}

extension Row {
    static let contents: [Row] = configMaps + projectedConfigMaps + secrets + others

    private static let configMaps: [Row] = [
        row("S007", "a ConfigMap is a volume with files of mode 0644", Contents(source: "configMap")),
        row("S008", "a ConfigMap's files are readable by user 1000", Contents(source: "configMap", user: 1000)),
        row("S009", "a ConfigMap's files have its defaultMode", Contents(source: "configMap", defaultMode: "400")),
        row("S010", "a ConfigMap's items are at their paths", Contents(source: "configMap", mapping: true)),
        row(
            "S011", "a ConfigMap's item has a mode of its own",
            Contents(source: "configMap", mapping: true, itemMode: "400")),
        row(
            "S012", "a ConfigMap's items are readable by user 1000",
            Contents(source: "configMap", mapping: true, user: 1000)),
        Row("S013", "a ConfigMap in two volumes of a pod") { try Contents(source: "configMap").checkTwice($0) },
    ]

    private static let projectedConfigMaps: [Row] = [
        row("S048", "a projected ConfigMap has files of mode 0644", Contents(source: "configMap", isProjected: true)),
        row(
            "S049", "a projected ConfigMap is readable by user 1000",
            Contents(source: "configMap", isProjected: true, user: 1000)),
        row(
            "S050", "a projected ConfigMap has the volume's defaultMode",
            Contents(source: "configMap", isProjected: true, defaultMode: "400")),
        row(
            "S051", "a projected ConfigMap's items are at their paths",
            Contents(source: "configMap", isProjected: true, mapping: true)),
        row(
            "S052", "a projected ConfigMap's item has a mode of its own",
            Contents(source: "configMap", isProjected: true, mapping: true, itemMode: "400")),
        row(
            "S053", "a projected ConfigMap's items are readable by user 1000",
            Contents(source: "configMap", isProjected: true, mapping: true, user: 1000)),
        Row("S054", "a projected ConfigMap in two volumes of a pod") {
            try Contents(source: "configMap", isProjected: true).checkTwice($0)
        },
    ]

    private static let secrets: [Row] = [
        row("S076", "a Secret is a volume with files of mode 0644", Contents(source: "secret")),
        row(
            "S077", "a Secret's files of mode 0440 are readable by user 1000 of fsGroup 1001",
            Contents(source: "secret", defaultMode: "440", user: 1000, group: 1001)),
        row("S078", "a Secret's files have its defaultMode", Contents(source: "secret", defaultMode: "400")),
        row("S079", "a Secret's items are at their paths", Contents(source: "secret", mapping: true)),
        row(
            "S080", "a Secret's item has a mode of its own", Contents(source: "secret", mapping: true, itemMode: "400")),
        Row("S081", "a Secret in two volumes of a pod") { try Contents(source: "secret").checkTwice($0) },
        row("S068", "a projected Secret has files of mode 0644", Contents(source: "secret", isProjected: true)),
        row(
            "S069", "a projected Secret's files of mode 0440 are readable by user 1000 of fsGroup 1001",
            Contents(source: "secret", isProjected: true, defaultMode: "440", user: 1000, group: 1001)),
        row(
            "S070", "a projected Secret has the volume's defaultMode",
            Contents(source: "secret", isProjected: true, defaultMode: "400")),
        row(
            "S071", "a projected Secret's items are at their paths",
            Contents(source: "secret", isProjected: true, mapping: true)),
        row(
            "S072", "a projected Secret's item has a mode of its own",
            Contents(source: "secret", isProjected: true, mapping: true, itemMode: "400")),
        Row("S073", "a projected Secret in two volumes of a pod") {
            try Contents(source: "secret", isProjected: true).checkTwice($0)
        },
    ]

    private static let others: [Row] = [
        Row("S005", "binaryData and data of a ConfigMap are files of exactly those bytes") { world in
            let map = object("ConfigMap", "conf", "{data-1: value-1}", "binaryData: {dump.bin: 3sr+utD+/w==}\n")
            let ended = try world.succeeded(
                documents(
                    map,
                    pod(
                        container(
                            "c", "cat /v/data-1; echo; od -An -tx1 /v/dump.bin",
                            "volumeMounts: [{name: v, mountPath: /v}]"
                        ), spec: "volumes: [{name: v, configMap: {name: conf}}]")))
            try equal(ended.line("c"), "value-1\n de ca fe ba d0 fe ff", ended)
        },
        Row("S043", "a pod has a Secret's and a ConfigMap's volume") { world in
            let ended = try world.succeeded(
                documents(
                    config("ConfigMap"), config("Secret", "hidden"),
                    pod(
                        container(
                            "c", "cat /a/data-1 /b/data-2",
                            "volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]"),
                        spec: "volumes: [{name: a, secret: {secretName: hidden}}, {name: b, configMap: {name: conf}}]"))
            )
            try equal(ended.line("c"), "value-1value-2", ended)
        },
        Row("S042", "five pods with fifty ConfigMap volumes each start together", seconds: 5) { world in
            let names = (0..<50).map { "conf-\($0)" }
            let volumes = names.map {
                "{name: v-\($0), configMap: {name: \($0), items: [{key: data-1, path: data-1}]}}"
            }
            let mounts = names.map { "{name: v-\($0), mountPath: /etc/config-\($0)}" }
            let maps = names.map { config("ConfigMap", $0) }
            let pods = (0..<5).map { number in
                pod(
                    container(
                        "c", "cat /etc/config-*/data-1 | wc -c", "volumeMounts: [\(mounts.joined(separator: ", "))]"),
                    name: "racey-\(number)", spec: "volumes: [\(volumes.joined(separator: ", "))]")
            }
            let outcome = try world.run((maps + pods).joined(separator: "---\n"), timeout: 60)
            try equal(outcome.code, 0, outcome)
            try equal(outcome.lines(of: "c"), Array(repeating: "\(50 * "value-1".count)", count: 5), outcome)
        },
        Row("S075", "the Secret of the pod's own namespace is taken, not one of the same name elsewhere") { world in
            let script = "cat /v/data-1; stat -L -c %A /v/data-1; ls /v"
            let ended = try world.succeeded(
                documents(
                    object("Secret", "hidden", "{data-1: other, data-9: other}", namespace: "elsewhere"),
                    object("Secret", "hidden", "{data-1: own}"),
                    object("Secret", "hidden", "{data-1: another}", namespace: "last"),
                    pod(
                        container("c", script, "volumeMounts: [{name: v, mountPath: /v}]"),
                        spec: "volumes: [{name: v, secret: {secretName: hidden}}]")))
            try equal(ended.line("c"), "own-rw-r--r--\ndata-1", ended)
        },
        Row("S046", "one projected volume holds a Secret, a ConfigMap, and facts of the pod") { world in
            let items = [
                "{path: podname, fieldRef: {fieldPath: metadata.name}}",
                "{path: cpu_limit, resourceFieldRef: {containerName: c, resource: limits.cpu}}",
                "{path: cpu_request, resourceFieldRef: {containerName: c, resource: requests.cpu, divisor: 1m}}",
                "{path: memory_limit, resourceFieldRef: {containerName: c, resource: limits.memory}}",
                "{path: memory_request, resourceFieldRef: {containerName: c, resource: requests.memory}}",
            ]
            let sources = [
                "{secret: {name: hidden, items: [{key: data-1, path: secret-data}]}}",
                "{configMap: {name: conf, items: [{key: data-2, path: configmap-data}]}}",
                "{downwardAPI: {items: [\(items.joined(separator: ", "))]}}",
            ]
            let script =
                "cd /all; for f in podname secret-data configmap-data cpu_limit cpu_request memory_limit memory_request; do echo $f=$(cat $f); done"
            let ended = try world.succeeded(
                documents(
                    config("ConfigMap"), config("Secret", "hidden"),
                    pod(
                        container("c", script, "\(resources), volumeMounts: [{name: all, mountPath: /all}]"),
                        spec: "volumes: [{name: all, projected: {sources: [\(sources.joined(separator: ", "))]}}]")))
            try equal(
                ended.line("c"),
                "podname=p\nsecret-data=value-1\nconfigmap-data=value-2\ncpu_limit=2\ncpu_request=250\n"
                    + "memory_limit=67108864\nmemory_request=33554432", ended)
        },
    ]
}

/// The requests and limits that upstream's tests of the downward API use.
let resources = "resources: {requests: {cpu: 250m, memory: 32Mi}, limits: {cpu: 1250m, memory: 64Mi}}"
