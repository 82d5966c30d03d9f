import Foundation

extension Row {
    /// Changes of objects while a pod that uses them runs.
    static let updates: [Row] = volumeUpdates + optionalUpdates + metadataUpdates + immutableObjects + specUpdates

    private static let volumeUpdates: [Row] = [
        ("S015", "a ConfigMap's", "configMap: {name: conf}"),
        ("S055", "a projected ConfigMap's", "projected: {sources: [{configMap: {name: conf}}]}"),
    ].map { id, what, source in
        Row(id, "\(what) new value is in the file of a running pod", seconds: 3) { world in
            func manifest(_ value: String) -> String {
                documents(object("ConfigMap", "conf", "{data-1: \(value)}"), watching([source], ["data-1"]))
            }
            let pod = try Watched(world, manifest("value-1"))
            try pod.waitFor("v0/data-1 value-1")
            try pod.update(manifest("value-2"))
            try pod.waitFor("v0/data-1 value-2")
            try pod.stop()
        }
    }

    private static let optionalUpdates: [Row] = [
        ("S006", "ConfigMaps", "ConfigMap", "configMap: {name: NAME, optional: true}"),
        (
            "S047", "projected ConfigMaps", "ConfigMap",
            "projected: {sources: [{configMap: {name: NAME, optional: true}}]}"
        ),
        ("S074", "Secrets", "Secret", "secret: {secretName: NAME, optional: true}"),
        ("S067", "projected Secrets", "Secret", "projected: {sources: [{secret: {name: NAME, optional: true}}]}"),
    ].map { id, what, kind, source in
        Row(id, "optional \(what) come, change and go in a running pod", seconds: 3) { world in
            let sources = ["deleted", "updated", "created"].map { source.replacing("NAME", with: $0) }
            let pod = watching(sources, ["data-1", "data-3"])
            let watched = try Watched(
                world,
                documents(
                    object(kind, "deleted", "{data-1: value-1}"), object(kind, "updated", "{data-1: value-1}"), pod))
            for line in ["v0/data-1 value-1", "v1/data-1 value-1", "v1/data-3 absent", "v2/data-1 absent"] {
                try watched.waitFor(line)
            }
            try watched.update(
                documents(
                    object(kind, "updated", "{data-3: value-3}"), object(kind, "created", "{data-1: value-1}"), pod))
            for line in ["v0/data-1 absent", "v1/data-1 absent", "v1/data-3 value-3", "v2/data-1 value-1"] {
                try watched.waitFor(line)
            }
            try watched.stop()
        }
    }

    private static let metadataUpdates: [Row] = [
        ("S026", "labels", false), ("S025", "annotations", false), ("S066", "labels", true),
        ("S065", "annotations", true),
    ].map { id, field, isProjected in
        let what = isProjected ? "a projected downwardAPI file" : "a downwardAPI file"
        return Row(id, "\(what) follows the \(field) of a running pod", seconds: 3) { world in
            let items = "downwardAPI: {items: [{path: facts, fieldRef: {fieldPath: metadata.\(field)}}]}"
            func manifest(_ values: String) -> String {
                watching(
                    [isProjected ? "projected: {sources: [{\(items)}]}" : items], ["facts"],
                    name: "p, \(field): {\(values)}")
            }
            let pod = try Watched(world, manifest("key1: value1, key2: value2"))
            try pod.waitFor("v0/facts key1=\"value1\" key2=\"value2\"")
            try pod.update(manifest("key1: value1, key2: value2, key3: value3"))
            try pod.waitFor("v0/facts key1=\"value1\" key2=\"value2\" key3=\"value3\"")
            try pod.stop()
        }
    }

    private static let immutableObjects: [Row] = [
        ("S014", "ConfigMap", "configMap: {name: conf}"), ("S082", "Secret", "secret: {secretName: conf}"),
    ].map { id, kind, source in
        Row(id, "an immutable \(kind) takes no new data, and stays immutable", seconds: 3) { world in
            func manifest(_ value: String, _ more: String = "") -> String {
                documents(object(kind, "conf", "{data-1: \(value)}", more), watching([source], ["data-1"]))
            }
            let pod = try Watched(world, manifest("one"))
            try pod.waitFor("v0/data-1 one")
            try pod.update(manifest("two"))
            try pod.waitFor("v0/data-1 two")
            try pod.update(manifest("two", "immutable: true\n"))
            usleep(500_000)
            try pod.update(manifest("three", "immutable: true\n"))
            try pod.run.waitForLine("field is immutable when `immutable` is set")
            try pod.update(manifest("four"))
            usleep(1_000_000)
            let ended = try pod.stop()
            try check(!ended.log("c").contains("data-1 three") && !ended.log("c").contains("data-1 four"), ended)
        }
    }

    private static let specUpdates: [Row] = [
        Row("N043", "activeDeadlineSeconds is set on a running pod, which then ends", seconds: 5) { world in
            let manifest = pod(container("c", "echo v0/c up; \(idle)"))
            let watched = try Watched(world, manifest)
            try watched.waitFor("v0/c up")
            try watched.update(pod(container("c", "echo v0/c up; \(idle)"), spec: "activeDeadlineSeconds: 2"))
            let ended = Ended(world, try watched.run.wait(40))
            try equal(ended.phase, "Failed", ended)
            try equal(ended.status["reason"].string, "DeadlineExceeded", ended)
        },
        Row("N088", "subPathExpr that failed is mended by an annotation of the pod", seconds: 5) { world in
            func manifest(_ annotation: String) -> String {
                pod(
                    container(
                        "c", "echo v0/c up; ls /volume; \(idle)",
                        "env: [{name: POD_NAME, value: foo}, "
                            + "{name: ANNOTATION, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['mysubpath']\"}}}], "
                            + "volumeMounts: [{name: w, mountPath: /sub, subPathExpr: $(ANNOTATION)/$(POD_NAME)}, "
                            + "{name: w, mountPath: /volume}]"),
                    name: "p, annotations: {\(annotation): mypath}", spec: "volumes: [{name: w, emptyDir: {}}]")
            }
            let watched = try Watched(world, manifest("notmysubpath"))
            try watched.run.waitForLine("CreateContainerConfigError")
            try watched.update(manifest("mysubpath"))
            try watched.waitFor("mypath")
            try watched.stop()
        },
    ]

    /// A pod that prints the content of the files, `absent` where there is none, and again whenever one has changed.
    private static func watching(_ sources: [String], _ files: [String], name: String = "p") -> String {
        let volumes = sources.enumerated().map { "{name: v\($0), \($1)}" }
        let mounts = sources.indices.map { "{name: v\($0), mountPath: /etc/v\($0), readOnly: true}" }
        let paths = sources.indices.flatMap { index in files.map { "v\(index)/\($0)" } }
        let script = """
            trap 'exit 0' TERM; cd /etc; mkdir /tmp/v0 /tmp/v1 /tmp/v2
            while :; do
              for f in \(paths.joined(separator: " ")); do
                new="$f $(cat $f 2>/dev/null | tr '\\n' ' ' || :)"; test -e $f || new="$f absent"
                if [ "$new" != "$(cat /tmp/$f 2>/dev/null)" ]; then echo "$new"; echo "$new" > /tmp/$f; fi
              done
              sleep 0.05
            done
            """
        return pod(
            container("c", script, "volumeMounts: [\(mounts.joined(separator: ", "))]"), policy: "Always", name: name,
            spec: "terminationGracePeriodSeconds: 5\nvolumes: [\(volumes.joined(separator: ", "))]")
    }
}

/// A pod whose manifest is followed while it runs.
private struct Watched {
    let world: World
    let run: Run
    private let path: String

    init(_ world: World, _ manifest: String) throws {
        self.world = world
        path = try world.write("watched.yaml", manifest)
        run = try world.command(["run", path, "--watch", "-o", "json"])
    }

    /// Puts a new manifest in the place of the old one, as editors do.
    func update(_ manifest: String) throws {
        let new = try world.write(".watched.new", manifest)
        try check(rename(new, path) == 0, "rename: errno \(errno)")
    }

    /// Waits for a line that the container prints.
    func waitFor(_ line: String) throws { try run.waitForLine("c | \(line)", within: 20) }

    @discardableResult
    func stop() throws -> Ended {
        let ended = try world.stopped(run)
        try equal(ended.container("c")["restartCount"].int, 0, ended)
        return ended
    }
}
