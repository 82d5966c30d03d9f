extension Row {
    /// One file of a volume, mounted by its subPath.
    static let subPaths: [Row] = [
        subPath("S084", "a ConfigMap's", "configMap: {name: conf}", "data-1", "value-1"),
        subPath("S088", "a Secret's", "secret: {secretName: hidden}", "data-1", "value-1"),
        subPath(
            "S086", "a downwardAPI volume's",
            "downwardAPI: {items: [{path: inner/name, fieldRef: {fieldPath: metadata.name}}]}", "inner/name", "p"),
        subPath(
            "S087", "a projected volume's",
            "projected: {sources: [{configMap: {name: conf, items: [{key: data-2, path: inner/two}]}}]}", "inner/two",
            "value-2"),
        Row("S085", "a ConfigMap's file is mounted by its subPath over a file that exists") { world in
            let ended = try world.succeeded(
                documents(
                    config("ConfigMap"),
                    pod(
                        container(
                            "c", "cat /etc/debian_version; test -s /etc/passwd",
                            "volumeMounts: [{name: v, mountPath: /etc/debian_version, subPath: data-1}]"),
                        container("d", "cat /etc/debian_version"), spec: "volumes: [{name: v, configMap: {name: conf}}]"
                    )
                ))
            try equal(ended.line("c"), "value-1", ended)
            try check(!ended.log("d").contains("value-1"), "the other container sees it too: \(ended)")
        },
    ]

    private static func subPath(_ id: String, _ what: String, _ source: String, _ path: String, _ wanted: String) -> Row
    {
        Row(id, "\(what) file is mounted by its subPath") { world in
            let ended = try world.succeeded(
                documents(
                    config("ConfigMap"), config("Secret", "hidden"),
                    pod(
                        container(
                            "c", "cat /test; grep -c ' /test ' /proc/self/mountinfo",
                            "volumeMounts: [{name: v, mountPath: /test, subPath: \(path)}]"),
                        spec: "volumes: [{name: v, \(source)}]")))
            try equal(ended.line("c"), "\(wanted)1", ended)
        }
    }

    /// `subPathExpr`.
    static let expansion: [Row] = [
        Row("N084", "subPathExpr takes the value of a variable") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "touch /logs/mark; test -d /all/foo && test -e /all/foo/mark && ls /all",
                        "env: [{name: POD_NAME, value: foo}], "
                            + "volumeMounts: [{name: w, mountPath: /logs, subPathExpr: $(POD_NAME)}, {name: w, mountPath: /all}]"
                    ), spec: "volumes: [{name: w, emptyDir: {}}]"))
            try equal(ended.line("c"), "foo", ended)
        },
        badExpansion("N085", "subPathExpr that gives an absolute path is refused", "/tmp"),
        badExpansion("N086", "subPathExpr that leaves the volume is refused", ".."),
        Row("N087", "subPathExpr of an annotation: written below it, seen in the volume") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "touch /volume/mypath/foo/test.log && test -f /sub/test.log && echo both",
                        "env: [{name: POD_NAME, value: foo}, "
                            + "{name: ANNOTATION, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['mysubpath']\"}}}], "
                            + "volumeMounts: [{name: w, mountPath: /sub, subPathExpr: $(ANNOTATION)/$(POD_NAME)}, "
                            + "{name: w, mountPath: /volume}]"),
                    name: "p, annotations: {mysubpath: mypath}", spec: "volumes: [{name: w, emptyDir: {}}]"))
            try equal(ended.line("c"), "both", ended)
        },
    ]

    private static func badExpansion(_ id: String, _ title: String, _ value: String) -> Row {
        Row(id, title) { world in
            let manifest = pod(
                container(
                    "c", "echo ran",
                    "env: [{name: POD_NAME, value: \(quoted(value))}], "
                        + "volumeMounts: [{name: w, mountPath: /logs, subPathExpr: $(POD_NAME)}]"),
                spec: "volumes: [{name: w, emptyDir: {}}]")
            let run = try world.start(manifest)
            // Upstream the container waits with CreateContainerConfigError; the user may as well be told at once.
            try eventually("the refusal") { run.hasEnded || run.stderr.contains("CreateContainerConfigError") }
            run.interrupt()
            let outcome = try run.wait(20)
            try check(outcome.code != 0 && !outcome.stdout.contains("ran"), outcome)
            try check(
                outcome.stderr.contains("subPath") && !outcome.stderr.contains("not carried out yet"), outcome)
        }
    }
}
