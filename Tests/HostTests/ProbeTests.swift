import Foundation
import Glibc
import Testing

extension HostTests {
    /// Startup, liveness and readiness probes.
    @Suite struct ProbeTests {
        private static func exec(_ script: String) -> String { "exec: {command: [sh, -c, \(quoted(script))]}" }

        @Test func aFailingLivenessProbeRestartsTheContainer() throws {
            try withWorld { world in
                let script =
                    "touch /tmp/health; (sleep 1.5; rm /tmp/health)& trap 'exit 0' TERM; echo up; while :; do sleep 0.02; done"
                let run = try world.start(
                    pod(
                        container(
                            "a", script,
                            "livenessProbe: {exec: {command: [cat, /tmp/health]}, periodSeconds: 1, failureThreshold: 1}"
                        ),
                        policy: "Always"))
                try run.waitForLine("container \"a\" started again (restart 1)")
                try eventually("its trap is set") { run.stdout.hasSuffix("a | up\na | up\n") }
                #expect(
                    run.stderr.contains("Unhealthy: Liveness probe failed: cat: /tmp/health: No such file or directory")
                )
                #expect(run.stderr.contains("Killing: Container a failed liveness probe, will be restarted"))
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        @Test func aLivenessProbeThatKeepsSucceedingRestartsNothing() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", "sleep 3.5", "livenessProbe: {exec: {command: [\"true\"]}, periodSeconds: 1}"),
                        policy: "Never"))
                #expect(run.code == 0, "\(run)")
                #expect(!run.stderr.contains("Unhealthy"), "\(run)")
            }
        }

        @Test func underNeverALivenessFailureEndsTheContainerAndGraceIsTheProbes() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "trap '' TERM; while :; do sleep 0.02; done",
                            "livenessProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 1, "
                                + "terminationGracePeriodSeconds: 1}"),
                        policy: "Never", spec: "terminationGracePeriodSeconds: 60"))
                #expect(run.code == 137, "\(run)")
                // The minimum between the two signals is two seconds.
                #expect(run.seconds > 1.9 && run.seconds < 8, "\(run)")
            }
        }

        @Test func readinessComesAndGoesAndRestartsNothing() throws {
            try withWorld { world in
                let files = try world.directory("f")
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; \(idle)",
                            "volumeMounts: [{name: f, mountPath: /f}], "
                                + "readinessProbe: {exec: {command: [test, -e, /f/ready]}, periodSeconds: 1, failureThreshold: 1}"
                        ),
                        spec: "volumes: [{name: f, hostPath: {path: \(files)}}]"))
                try run.waitForLine("Unhealthy: Readiness probe failed: exit code 1")
                #expect(!run.stderr.contains("ready 1/1"))
                try world.write("f/ready", "")
                try run.waitForLine("pod \"p\": ready 1/1")
                unlink(files + "/ready")
                try run.waitForLine("pod \"p\": ready 0/1")
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(!outcome.stderr.contains("again"))
            }
        }

        @Test func notReadyBeforeTheInitialDelay() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(container("a", idle, "readinessProbe: {exec: {command: [\"true\"]}, initialDelaySeconds: 2}")))
                try run.waitForLine("container \"a\" started")
                let begin = monotonicSeconds()
                try run.waitForLine("ready 1/1")
                #expect(monotonicSeconds() - begin > 1.9)
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        /// A sidecar is started when its startup probe has succeeded; until then the app waits, and so do its other probes.
        @Test func aStartupProbeHoldsTheAppOff() throws {
            try withWorld { world in
                let files = try world.directory("f")
                let probes =
                    "startupProbe: {exec: {command: [test, -e, /f/started]}, periodSeconds: 1, failureThreshold: 30}, "
                    + "livenessProbe: {\(Self.exec("echo live >> /f/live")), periodSeconds: 1}"
                let mount = "volumeMounts: [{name: f, mountPath: /f}]"
                let run = try world.start(
                    pod(
                        container("app", "echo app runs", mount),
                        initContainers: [sidecar("side", idle, mount + ", " + probes)],
                        spec: "volumes: [{name: f, hostPath: {path: \(files)}}]"))
                try run.waitForLine("Unhealthy: Startup probe failed")
                usleep(1_200_000)
                #expect(!run.stdout.contains("app runs"))
                #expect(!world.exists("f/live"))
                try world.write("f/started", "")
                let outcome = try run.wait(9)
                #expect(outcome.code == 0 && outcome.stdout.contains("app runs"), "\(outcome)")
            }
        }

        @Test func aStartupProbeThatFailsForLongEndsTheContainer() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", idle,
                            "startupProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 2}"),
                        policy: "Never"))
                #expect(run.stderr.contains("Killing: Container a failed startup probe"), "\(run)")
                #expect(run.seconds > 0.9 && run.seconds < 8, "\(run)")
            }
        }

        /// F24. A probe that hangs is ended at its timeout with all that it has started, in whatever session that is.
        @Test func aProbeThatHangsLeavesNoProcess() throws {
            try withWorld { world in
                let hang = "setsid sleep 6543 & (sleep 6543 &) ; sleep 6543"
                let run = try world.start(
                    pod(
                        container(
                            "a", idle,
                            "livenessProbe: {\(Self.exec(hang)), periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 30}"
                        )))
                try run.waitForLine("timed out", within: 8)
                usleep(2_500_000)
                func sleepers() -> Int {
                    HostProcess.all().count { text(at: "/proc/\($0.pid)/cmdline").contains("sleep\0006543") }
                }
                // Those of the probe that is under way.
                #expect(sleepers() <= 3, "\(sleepers()) processes")
                run.interrupt()
                _ = try run.wait(9)
                #expect(sleepers() == 0)
            }
        }

        /// F24. A probe that floods has its output cut, and the supervisor's memory does not grow.
        @Test func aProbeThatFloodsIsHeldBack() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; \(idle)",
                            "livenessProbe: {\(Self.exec("yes flood")), periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 30}"
                        )))
                try run.waitForLine("timed out", within: 8)
                usleep(1_500_000)
                let supervisor = try #require(world.supervisors().first)
                let peak = text(at: "/proc/\(supervisor)/status").split(separator: "\n")
                    .first { $0.hasPrefix("VmHWM") }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                #expect(try #require(peak) < 60_000, "\(peak ?? 0) KB")
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(outcome.code == 0, "\(outcome)")
            }
        }

        /// F24. Two hundred probes later there is no process, no zombie and no descriptor more than before.
        @Test func manyProbesLeaveNothing() throws {
            try withWorld { world in
                let probe = "{\(Self.exec("echo $$ >> /f/runs")), periodSeconds: 1, timeoutSeconds: 10}"
                let files = try world.directory("f")
                let containers = (0..<10).map {
                    container(
                        "c\($0)", "exec sleep 1000",
                        "volumeMounts: [{name: f, mountPath: /f}], readinessProbe: \(probe), livenessProbe: \(probe)")
                }
                var text = pod(containers[0], spec: "volumes: [{name: f, hostPath: {path: \(files)}}]")
                text += containers.dropFirst().map { "  - \($0)\n" }.joined()
                let run = try world.start(text + "  terminationGracePeriodSeconds: 0\n")
                try run.waitForLine("ready 10/10", within: 20)
                let before = try Held(world)
                try eventually("200 probes", within: 60) {
                    world.read("f/runs").split(separator: "\n").count >= 220
                }
                // Those that are under way come and go.
                _ = try? eventually("as before", within: 5) { try Held(world) == before }
                #expect(try Held(world) == before)
                #expect(!run.stderr.contains("Unhealthy"), "\(run.stderr)")
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        /// What a pod's two processes hold: descriptors, children and cgroups.
        private struct Held: Equatable {
            var descriptors: [Int]
            var children: Int
            var cgroups: Int

            init(_ world: World) throws {
                let processes = try [#require(world.supervisors().first), #require(world.keepers().first)]
                descriptors = processes.map {
                    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\($0)/fd").count) ?? -1
                }
                let all = HostProcess.all()
                children = all.count { processes.contains($0.parent) }
                let uid = world.pods().first ?? ""
                cgroups = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].reduce(0) { count, root in
                    let names = FileManager.default.enumerator(atPath: "\(root)/swiftlet/pod\(uid)")
                    return count + (names?.compactMap { ($0 as? String)?.contains("exec-") }.count { $0 } ?? 0)
                }
            }
        }

        @Test func probesGoOnAfterTheSupervisorWasKilled() throws {
            try withWorld(sweeping: true) { world in
                let files = try world.directory("f")
                let run = try world.start(
                    pod(
                        container(
                            "a", "trap 'exit 0' TERM; echo up; while :; do sleep 0.02; done",
                            "volumeMounts: [{name: f, mountPath: /f}], "
                                + "startupProbe: {exec: {command: [\"true\"]}}, "
                                + "readinessProbe: {\(Self.exec("sleep 0.3; test -e /f/ready")), periodSeconds: 1, failureThreshold: 1}, "
                                + "livenessProbe: {\(Self.exec("sleep 0.3; test ! -e /f/sick")), periodSeconds: 1, failureThreshold: 2}"
                        ),
                        policy: "Always", spec: "volumes: [{name: f, hostPath: {path: \(files)}}]"))
                try world.write("f/ready", "")
                try run.waitForLine("ready 1/1")
                for _ in 0..<4 {
                    let victim = try #require(world.supervisors().first)
                    kill(victim, SIGKILL)
                    try eventually("a new supervisor") { world.supervisors().first.map { $0 != victim } ?? false }
                    usleep(350_000)
                }
                // Still ready, and started: nothing was judged anew from the beginning.
                #expect(!run.stderr.contains("ready 0/1"), "\(run.stderr)")
                unlink(files + "/ready")
                try run.waitForLine("ready 0/1")
                try world.write("f/sick", "")
                try run.waitForLine("started again (restart 1)")
                try eventually("its trap is set") { run.stdout.hasSuffix("a | up\na | up\n") }
                unlink(files + "/sick")
                run.signal(SIGINT)
                let outcome = try run.wait(9)
                #expect(outcome.code == 0, "\(outcome)")
            }
        }

        @Test func anIdlePodWithoutProbesSleeps() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(container("a", "echo up; exec sleep 1000"), spec: "terminationGracePeriodSeconds: 0"))
                try run.waitForLine("a | up")
                usleep(500_000)
                func switches() throws -> [Substring] {
                    try [#require(world.supervisors().first), #require(world.keepers().first)].flatMap { pid in
                        text(at: "/proc/\(pid)/status").split(separator: "\n").filter {
                            $0.hasPrefix("voluntary_ctxt_switches")
                        }
                    }
                }
                let before = try switches()
                #expect(before.count == 2)
                usleep(2_000_000)
                #expect(try switches() == before)
                run.interrupt()
                _ = try run.wait(9)
            }
        }
    }
}
