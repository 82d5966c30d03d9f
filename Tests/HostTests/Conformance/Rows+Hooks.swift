extension Row {
    /// postStart and preStop: what they do is seen by a server in another pod.
    static let hooks: [Row] = [
        hook("N005", "postStart exec", "postStart", isExec: true),
        hook("N006", "postStart httpGet", "postStart", isExec: false),
        hook("N007", "preStop exec", "preStop", isExec: true),
        hook("N008", "preStop httpGet", "preStop", isExec: false),
        Row("N053", "preStop is called when a pod is deleted", seconds: 3) { world in
            try withServer(world) { server, port in
                let exec = "exec: {command: [/probe, get, 127.0.0.1, \"\(port)\", /write]}"
                let tester = try world.start(
                    pod(
                        probing("tester", "echo up; \(idle)", "lifecycle: {preStop: {\(exec)}}"), name: "tester",
                        spec: "hostNetwork: true\n" + probeVolume()))
                try tester.waitForLine("tester | up")
                try check(!server.stdout.contains("GET /write"), "before its end: \(server.stdout)")
                _ = try world.stopped(tester)
                try server.waitForLine("GET /write")
            }
        },
    ]

    private static func hook(_ id: String, _ title: String, _ when: String, isExec: Bool) -> Row {
        Row(id, "\(title) is called", seconds: 3) { world in
            try withServer(world) { server, port in
                let path = "/echo?msg=\(when)"
                let action =
                    isExec
                    ? "exec: {command: [sh, -c, \"/probe get 127.0.0.1 \(port) '\(path)' && touch /called\"]}"
                    : "httpGet: {host: 127.0.0.1, port: \(port), path: \"\(path)\", httpHeaders: [{name: X-Row, value: \(id)}]}"
                // An exec hook runs in the container, and leaves a file there.
                let script = "trap 'ls /called 2>/dev/null; exit 0' TERM; echo up; while :; do sleep 0.02; done"
                let run = try world.start(
                    pod(
                        probing("c", script, "lifecycle: {\(when): {\(action)}}"), policy: "Always",
                        spec: "hostNetwork: true\n" + probeVolume()), ["-o", "json"])
                try run.waitForLine("c | up")
                if when == "postStart" { try server.waitForLine("GET \(path)") }
                try check(when == "postStart" || !server.stdout.contains("GET \(path)"), "before its end")
                let ended = try world.stopped(run)
                try server.waitForLine("GET \(path)")
                if isExec { try check(ended.log("c").contains("/called"), ended) }
                if !isExec { try check(server.stdout.contains("X-Row: \(id)"), server.stdout) }
                try equal(ended.container("c")["restartCount"].int, 0, ended)
            }
        }
    }

    /// A pod with a server on the host's network, which prints the requests that it gets.
    private static func withServer(_ world: World, _ body: (Run, UInt16) throws -> Void) throws {
        let port = try Sockets.freePort()
        let server = try world.start(
            pod(
                probe("server", ["serve", "http", "\(port)"]), name: "server",
                spec: "hostNetwork: true\n" + probeVolume()))
        try server.waitForLine("server | listening")
        try body(server, port)
        server.interrupt()
        _ = try server.wait()
    }
}
