import Foundation

extension Row {
    /// What a container runs, how its end is told, and its files.
    static let containers: [Row] = commands + messages + restarts + files

    private static let commands: [Row] = [
        command("N017", "neither command nor args: the image's", "", "entry cmd"),
        command("N014", "args replace the image's CMD", "args: [override, arguments]", "entry override arguments"),
        command("N015", "command replaces the image's ENTRYPOINT", "command: [echo, override]", "override"),
        command(
            "N016", "command and args replace both", "command: [echo, override], args: [both, words]",
            "override both words"),
    ]

    private static func command(_ id: String, _ title: String, _ fields: String, _ wanted: String) -> Row {
        Row(id, title) { world in
            let map = try world.write(
                "map.yaml",
                "images: [{image: example.com/image, root: \"host:/\", entrypoint: [echo, entry], command: [cmd]}]\n")
            let ended = try world.succeeded(
                pod("{name: c, image: \"example.com/image:1\"\(fields.isEmpty ? "" : ", " + fields)}"),
                ["--image-map", map])
            try equal(ended.line("c"), wanted, ended)
        }
    }

    private static let messages: [Row] = [
        message("N009", "only the log of a success: no termination message", "printf DONE", fallback, "", "Succeeded"),
        message(
            "N010", "the message file of a success is the termination message",
            "printf OK > /dev/termination-log; echo DONE", fallback, "OK", "Succeeded"),
        message(
            "N011", "the log of a failure is the termination message", "printf DONE; false", fallback, "DONE", "Failed"),
        message(
            "N012", "user 10000 writes the message to a path of the pod's choice",
            "printf DONE > /dev/termination-custom-log",
            "terminationMessagePath: /dev/termination-custom-log, securityContext: {runAsUser: 10000}", "DONE",
            "Succeeded"),
    ]

    private static let fallback = "terminationMessagePolicy: FallbackToLogsOnError"

    private static func message(
        _ id: String, _ title: String, _ script: String, _ fields: String, _ wanted: String, _ phase: String
    ) -> Row {
        Row(id, title) { world in
            let ended = try world.ended(pod(container("c", script, fields)))
            try equal(ended.phase, phase, ended)
            try check(ended.terminated("c").exists, ended)
            try equal(ended.terminated("c")["message"].string, wanted, ended)
        }
    }

    private static let restarts: [Row] = [
        Row("N013", "Always, OnFailure and Never restart as they say", seconds: 14) { world in
            // Fails, then succeeds, then runs on.
            let script = """
                echo hello >> /count/n; n=$(wc -l < /count/n)
                if [ $n -eq 1 ]; then exit 1; fi
                if [ $n -eq 2 ]; then exit 0; fi
                echo third; \(idle)
                """
            func manifest(_ policy: String) -> String {
                pod(
                    container("c", script, "volumeMounts: [{name: count, mountPath: /count}]"), policy: policy,
                    spec: "volumes: [{name: count, emptyDir: {medium: Memory}}]")
            }
            let always = try world.start(manifest("Always"), ["-o", "json"])
            let failed = try world.ended(manifest("Never"))
            try equal(failed.container("c")["restartCount"].int, 0, failed)
            try equal(failed.phase, "Failed", failed)
            try equal(failed.terminated("c")["exitCode"].int, 1, failed)
            let retried = try world.ended(manifest("OnFailure"))
            try equal(retried.container("c")["restartCount"].int, 1, retried)
            try equal(retried.phase, "Succeeded", retried)
            try equal(retried.terminated("c")["exitCode"].int, 0, retried)
            try always.waitForLine("c | third", within: 40)
            try check(always.stderr.contains("pod \"p\": Running"), always.stderr)
            usleep(300_000)
            let stopped = try world.stopped(always)
            try equal(stopped.container("c")["restartCount"].int, 2, stopped)
            try check(!stopped.outcome.stderr.contains(/pod "p": (Failed|Succeeded)[^$]*started again/), stopped)
        },
        Row("N029", "standard output and standard error are the pod's log") { world in
            let ended = try world.succeeded(pod(container("c", "echo 'Hello World'; echo again >&2")))
            try equal(ended.log("c"), "Hello World\nagain\n", ended)
        },
        Row("N030", "a pod that always fails can be deleted", seconds: 3) { world in
            let run = try world.start(pod(container("c", "exit 1"), policy: "Always"), ["-o", "json"])
            try run.waitForLine("restarting in")
            let stopped = try world.stopped(run)
            try check(stopped.container("c").exists, stopped)
            try check(world.remains().isEmpty && world.containerProcesses().isEmpty, world.remains())
        },
        Row("N031", "a pod that fails has one container status, terminated, with a reason") { world in
            let ended = try world.ended(pod(container("c", "exit 1")))
            try equal(ended.status["containerStatuses"].array.count, 1, ended)
            try equal(ended.terminated("c")["reason"].string, "Error", ended)
            try equal(ended.terminated("c")["exitCode"].int, 1, ended)
        },
        Row("N042", "a pod whose requests are its limits is Guaranteed") { world in
            let equal = "resources: {requests: {cpu: 100m, memory: 100Mi}, limits: {cpu: 100m, memory: 100Mi}}"
            let guaranteed = try world.succeeded(pod(container("c", "true", equal)))
            try check(guaranteed.status["qosClass"].string == "Guaranteed", guaranteed)
            let burstable = try world.succeeded(pod(container("c", "true", resources)))
            try check(burstable.status["qosClass"].string == "Burstable", burstable)
            let neither = try world.succeeded(pod(container("c", "true")))
            try check(neither.status["qosClass"].string == "BestEffort", neither)
        },
    ]

    private static let files: [Row] = [
        Row("N032", "readOnlyRootFilesystem: nothing is written") { world in
            let ended = try world.ended(
                pod(
                    container("c", "echo test > /file; cat /file", "securityContext: {readOnlyRootFilesystem: true}")))
            try check(ended.log("c").contains("Read-only file system"), ended)
            try check(!ended.log("c").contains("test\n"), ended)
        },
        Row("N075", "readOnlyRootFilesystem: false: the root is written to") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "touch checkfile /file && ls /file", "securityContext: {readOnlyRootFilesystem: false}")))
            try equal(ended.line("c"), "/file", ended)
        },
        Row("N033", "hostAliases are in /etc/hosts") { world in
            let ended = try world.succeeded(
                pod(
                    container("c", "cat /etc/hosts"),
                    spec: "hostAliases: [{ip: 123.45.67.89, hostnames: [foo, bar]}, {ip: 10.1.2.3, hostnames: [baz]}]"))
            try check(ended.log("c").contains("123.45.67.89\tfoo\tbar\n"), ended)
            try check(ended.log("c").contains("10.1.2.3\tbaz\n"), ended)
        },
        Row("N034", "/etc/hosts is the pod's; the host's with hostNetwork, the container's where it mounts one") {
            world in
            let own = try world.write("hosts", "127.0.0.1 mine\n")
            func manifest(_ spec: String) -> String {
                pod(
                    container("one", "cat /etc/hosts"), container("two", "cat /etc/hosts"),
                    container("three", "cat /etc/hosts", "volumeMounts: [{name: hosts, mountPath: /etc/hosts}]"),
                    spec: "volumes: [{name: hosts, hostPath: {path: \(own), type: File}}]\n\(spec)")
            }
            let header = "# Kubernetes-managed hosts file.\n"
            let managed = try world.succeeded(manifest(""))
            for name in ["one", "two"] { try check(managed.log(name).hasPrefix(header), managed) }
            try equal(managed.log("three"), "127.0.0.1 mine\n", managed)
            let host = try world.succeeded(manifest("hostNetwork: true"))
            for name in ["one", "two"] {
                try check(!host.log(name).contains(header), host)
                let entries = Foundation.URL(fileURLWithPath: "/etc/hosts")
                let lines = try String(contentsOf: entries, encoding: .utf8).split(separator: "\n")
                for line in lines where !line.hasPrefix("#") { try check(host.log(name).contains(line), host) }
            }
            try equal(host.log("three"), "127.0.0.1 mine\n", host)
        },
    ]

    static let initContainers: [Row] = [
        Row("N025", "Always: init containers run, then the app") { world in
            let run = try world.start(
                pod(
                    container("run1", "echo running; \(idle)"),
                    initContainers: [container("init1", "echo one"), container("init2", "echo two")], policy: "Always"),
                ["-o", "json"])
            try run.waitForLine(" | running")
            let ended = try world.stopped(run)
            try checkInitialized(ended)
            try equal(ended.condition("Initialized")["status"].string, "True", ended)
        },
        Row("N026", "Never: init containers run, then the app, each once") { world in
            let ended = try world.succeeded(
                pod(
                    container("run1", "true"),
                    initContainers: [container("init1", "echo one"), container("init2", "echo two")]))
            try checkInitialized(ended)
            try equal(ended.terminated("run1")["exitCode"].int, 0, ended)
            try equal(ended.container("run1")["restartCount"].int, 0, ended)
        },
        Row("N027", "Never: a failed init container fails the pod, and no app is started") { world in
            let ended = try world.ended(
                pod(
                    container("run1", "echo ran"),
                    initContainers: [container("init1", "true"), container("init2", "false")]))
            try equal(ended.phase, "Failed", ended)
            try equal(ended.terminated("init1")["exitCode"].int, 0, ended)
            try equal(ended.terminated("init2")["exitCode"].int, 1, ended)
            try equal(ended.container("run1")["state"]["waiting"]["reason"].string, "PodInitializing", ended)
            try check(ended.log("run1").isEmpty, ended)
            try equal(ended.condition("Initialized")["status"].string, "False", ended)
        },
        Row("N028", "Always: while an init container fails and is restarted, no app is started", seconds: 35) { world in
            let run = try world.start(
                pod(
                    container("run1", "echo ran"),
                    initContainers: [container("init1", "exit 1"), container("init2", "echo second")], policy: "Always"),
                ["-o", "json"])
            try run.waitForLine("init \"init1\" started again (restart 3)", within: 90)
            let ended = try world.stopped(run)
            try check((ended.container("init1")["restartCount"].int ?? 0) >= 3, ended)
            for name in ["init2", "run1"] {
                try check(ended.log(name).isEmpty && !ended.outcome.stderr.contains("\"\(name)\" started"), ended)
            }
        },
    ]

    private static func checkInitialized(_ ended: Ended) throws {
        for name in ["init1", "init2"] {
            try equal(ended.terminated(name)["exitCode"].int, 0, ended)
            try equal(ended.container(name)["restartCount"].int, 0, ended)
        }
        try equal(ended.log("init1") + ended.log("init2"), "one\ntwo\n", ended)
        func time(_ value: JSON) -> String { value.string }
        try check(
            time(ended.terminated("init1")["finishedAt"]) <= time(ended.terminated("init2")["startedAt"]), ended)
    }
}
