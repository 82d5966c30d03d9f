import Foundation

extension Row {
    static let probes: [Row] = liveness + readiness

    private static let liveness: [Row] = [
        Row("N060", "exec liveness: restarted once /tmp/health is gone", seconds: 6) { world in
            let run = try world.start(
                pod(
                    container(
                        "c", "echo ok > /tmp/health; sleep 2; rm /tmp/health; \(idle)",
                        "livenessProbe: {exec: {command: [cat, /tmp/health]}, \(often)}"), policy: "Always",
                    spec: "terminationGracePeriodSeconds: 2"), ["-o", "json"])
            try checkRestarted(world, run)
        },
        Row("N056", "exec liveness: not restarted while /tmp/health is there", seconds: 6) { world in
            let run = try world.start(
                pod(
                    container(
                        "c", "echo ok > /tmp/health; \(idle)",
                        "livenessProbe: {exec: {command: [sh, -c, \"cat /tmp/health && echo x >> /seen/probes\"]}, \(often)}, "
                            + "volumeMounts: [{name: seen, mountPath: /seen}]"), policy: "Always",
                    spec: "volumes: [{name: seen, hostPath: {path: \(try world.directory("seen"))}}]"), ["-o", "json"])
            try run.waitFor("four probes") { world.read("seen/probes").count >= 8 }
            try checkNotRestarted(world, run)
        },
        Row("N058", "http liveness: restarted once /healthz fails", seconds: 6) { world in
            let run = try served(world, ["http", "8080", "2"], "httpGet: {path: /healthz, port: 8080}")
            try checkRestarted(world, run)
        },
        Row("N054", "http liveness: not restarted while / succeeds", seconds: 6) { world in
            let run = try served(world, ["http", "8080", "2"], "httpGet: {path: /, port: 8080}")
            try run.waitFor("five probes") { run.count("GET / ") >= 5 }
            try checkNotRestarted(world, run)
        },
        Row("N057", "tcp liveness: not restarted while the socket is open, whatever it says", seconds: 6) { world in
            let run = try served(world, ["http", "8080", "1"], "tcpSocket: {port: 8080}")
            try run.waitFor("five probes") { run.count("connection") >= 5 }
            try checkNotRestarted(world, run)
        },
        Row("N055", "gRPC liveness: not restarted while it serves", seconds: 6) { world in
            let run = try served(world, ["grpc", "8080"], "grpc: {port: 8080}")
            try run.waitFor("five probes") { run.count("/grpc.health.v1.Health/Check") >= 5 }
            try checkNotRestarted(world, run)
        },
        Row("N059", "gRPC liveness at a wrong port: restarted", seconds: 6) { world in
            try checkRestarted(world, try served(world, ["grpc", "8080"], "grpc: {port: 2333}"))
        },
        Row("N061", "the restart count rises by one with each failure, to five", seconds: 180) { world in
            let run = try served(world, ["http", "8080", "1"], "httpGet: {path: /healthz, port: 8080}")
            // The pauses between restarts are 0, 10, 20, 40 and 80 seconds.
            for count in 1...5 {
                try run.waitForLine("\"c\" started again (restart \(count))", within: 120)
                try check(!run.stderr.contains("(restart \(count + 1))"), run.stderr)
            }
            let ended = try world.stopped(run)
            try equal(ended.container("c")["restartCount"].int, 5, ended)
        },
    ]

    private static let readiness: [Row] = [
        Row("N062", "readiness: not ready before the initial delay, and never restarted", seconds: 6) { world in
            let run = try served(
                world, ["http", "8080"], "httpGet: {path: /, port: 8080}", probe: "readinessProbe",
                "initialDelaySeconds: 4, periodSeconds: 1, timeoutSeconds: 5")
            try run.waitForLine("container \"c\" started")
            let begin = monotonicSeconds()
            try run.waitForLine("ready 1/1", within: 30)
            try check(monotonicSeconds() - begin > 2.5, "ready after \(monotonicSeconds() - begin) s")
            try checkNotRestarted(world, run)
        },
        Row("N063", "readiness that fails: never ready, and never restarted", seconds: 6) { world in
            let run = try served(
                world, ["http", "8080", "0"], "httpGet: {path: /healthz, port: 8080}", probe: "readinessProbe")
            try run.waitFor("five probes") { run.count("GET /healthz ") >= 5 }
            try check(!run.stderr.contains("ready 1/1"), run.stderr)
            try checkNotRestarted(world, run)
        },
    ]

    private static let often = "initialDelaySeconds: 1, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 1"

    /// Starts a pod of one server and its probe.
    private static func served(
        _ world: World, _ words: [String], _ action: String, probe kind: String = "livenessProbe",
        _ timing: String = often
    ) throws -> Run {
        try world.start(
            pod(
                probe("c", ["serve"] + words, "\(kind): {\(action), \(timing)}"), policy: "Always",
                spec: "terminationGracePeriodSeconds: 2\n" + probeVolume()), ["-o", "json"])
    }

    private static func checkRestarted(_ world: World, _ run: Run) throws {
        try run.waitForLine("\"c\" started again (restart 1)", within: 30)
        let ended = try world.stopped(run)
        try equal(ended.container("c")["restartCount"].int, 1, ended)
    }

    private static func checkNotRestarted(_ world: World, _ run: Run) throws {
        let ended = try world.stopped(run)
        try equal(ended.container("c")["restartCount"].int, 0, ended)
        try check(!ended.outcome.stderr.contains("restarting"), ended)
    }
}

extension Run {
    /// How often a text stands in what the containers print. (With `-o json` they print to standard error.)
    func count(_ text: String) -> Int { stderr.components(separatedBy: text).count - 1 }

    /// Waits for something that can happen only while it runs.
    func waitFor(_ what: String, _ condition: () -> Bool) throws {
        try eventually(what, within: 30) {
            if hasEnded { throw RowFailure("ended before \(what): \(stderr)") }
            return condition()
        }
    }
}
