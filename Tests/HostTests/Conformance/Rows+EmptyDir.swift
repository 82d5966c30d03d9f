extension Row {
    static let emptyDirs: [Row] = modes + newFiles + shared

    /// A new file of each mode, as root and as another user, on disk and in memory.
    private static let newFiles: [Row] = {
        let bits = ["0644": "-rw-r--r--", "0666": "-rw-rw-rw-", "0777": "-rwxrwxrwx"]
        let table: [(id: String, user: Int, mode: String, isTmpfs: Bool)] = [
            ("S028", 1001, "0644", false), ("S029", 1001, "0644", true), ("S030", 1001, "0666", false),
            ("S031", 1001, "0666", true), ("S032", 1001, "0777", false), ("S033", 1001, "0777", true),
            ("S034", 0, "0644", false), ("S035", 0, "0644", true), ("S036", 0, "0666", false),
            ("S037", 0, "0666", true), ("S038", 0, "0777", false), ("S039", 0, "0777", true),
        ]
        return table.map { id, user, mode, isTmpfs in
            let who = user == 0 ? "root" : "user \(user)"
            let medium = isTmpfs ? "Memory" : "the default medium"
            return Row(id, "emptyDir in \(medium): \(who) makes a file of mode \(mode)") { world in
                let file = "/test-volume/test-file"
                let script = "/probe new-file \(mode) \(file) && stat -c '%A %u' \(file) && cat \(file) && \(facts)"
                let ended = try emptyDir(world, script, isTmpfs: isTmpfs, user: user)
                let lines = ended.log("c").split(separator: "\n").map(String.init)
                try equal(Array(lines.prefix(2)), ["\(bits[mode] ?? "") \(user)", "content of a new file"], ended)
                try checkFacts(lines.dropFirst(2), isTmpfs: isTmpfs, ended)
            }
        }
    }()

    private static let modes: [Row] = [("S040", false), ("S041", true)].map { id, isTmpfs in
        Row(id, "emptyDir in \(isTmpfs ? "Memory" : "the default medium") has mode 0777") { world in
            let ended = try emptyDir(world, "stat -c %A /test-volume && \(facts)", isTmpfs: isTmpfs, user: 0)
            let lines = ended.log("c").split(separator: "\n").map(String.init)
            try equal(lines.first, "drwxrwxrwx", ended)
            try checkFacts(lines.dropFirst(1), isTmpfs: isTmpfs, ended)
        }
    }

    private static let shared: [Row] = [
        Row("S027", "two containers share an emptyDir, at a path of each one's own") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "main", "until cat /usr/share/volumeshare/note 2>/dev/null; do sleep 0.05; done",
                        "volumeMounts: [{name: w, mountPath: /usr/share/volumeshare}]"),
                    container(
                        "sub", "echo hello from sub > /data/.n && mv /data/.n /data/note",
                        "volumeMounts: [{name: w, mountPath: /data}]"),
                    spec: "volumes: [{name: w, emptyDir: {}}]"))
            try equal(ended.line("main"), "hello from sub", ended)
        }
    ]

    /// The type of the file system, and whether it is a mount of its own.
    private static let facts = "stat -f -c %T /test-volume && grep -c ' /test-volume ' /proc/self/mountinfo"

    private static func checkFacts(_ lines: ArraySlice<String>, isTmpfs: Bool, _ ended: Ended) throws {
        try check(lines.count == 2 && lines.last == "1", "not a mount: \(ended)")
        // On the default medium it is what the state directory is on, whatever that may be.
        if isTmpfs { try equal(lines.first, "tmpfs", ended) } else { try check(lines.first != "overlayfs", ended) }
    }

    private static func emptyDir(_ world: World, _ script: String, isTmpfs: Bool, user: Int) throws -> Ended {
        try world.succeeded(
            pod(
                probing(
                    "c", script, "securityContext: {runAsUser: \(user)}", mounts: "{name: v, mountPath: /test-volume}"),
                spec: probeVolume("{name: v, emptyDir: {\(isTmpfs ? "medium: Memory" : "")}}")))
    }
}
