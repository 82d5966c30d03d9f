import Foundation
import Glibc
import Testing

extension HostTests {
    /// postStart, preStop, stopSignal, and what a further program in a container is.
    @Suite struct HookTests {
        private static func hook(_ name: String, _ script: String) -> String {
            "\(name): {exec: {command: [sh, -c, \(quoted(script))]}}"
        }

        private static func lifecycle(_ hooks: String...) -> String {
            "lifecycle: {\(hooks.joined(separator: ", "))}"
        }

        @Test func theNextContainerStartsWhenThePostStartHookHasReturned() throws {
            try withWorld { world in
                let log = try world.directory("log")
                let mount = "volumeMounts: [{name: log, mountPath: /log}]"
                let hook = Self.hook("postStart", "sleep 0.7; echo hook >> /log/order")
                let run = try world.start(
                    pod(
                        container("a", "echo a >> /log/order; \(idle)", mount + ", " + Self.lifecycle(hook)),
                        container("b", "echo b >> /log/order; \(idle)", mount),
                        spec: "volumes: [{name: log, hostPath: {path: \(log)}}]"))
                try eventually("b runs") { world.read("log/order").contains("b\n") }
                // The hook and the container's own program have no order among them.
                #expect(world.read("log/order").split(separator: "\n").sorted() == ["a", "b", "hook"])
                #expect(world.read("log/order").hasSuffix("hook\nb\n"))
                try run.waitForLine("ready 2/2")
                run.interrupt()
                #expect(try run.wait(9).code == 0)
            }
        }

        /// S22, S23. A hook is what its container is: identity, groups, capabilities, filter, limits, namespaces, environment,
        /// working directory, and nothing open but 0, 1 and 2.
        @Test(arguments: ["", "securityContext: {runAsUser: 1000, runAsGroup: 1001}"])
        func aHookIsWhatItsContainerIs(_ context: String) throws {
            try withWorld { world in
                let log = try world.directory("log")
                let facts = """
                    { id; grep -E '^(Cap|NoNewPrivs|Seccomp|Groups)' /proc/self/status; ulimit -a; umask; pwd; echo $A $PATH; \
                    cat /proc/self/oom_score_adj; ls /proc/self/fd; \
                    for n in mnt pid net uts ipc cgroup user; do readlink /proc/self/ns/$n; done; }
                    """
                let more =
                    "workingDir: /tmp, env: [{name: A, value: b c}], volumeMounts: [{name: log, mountPath: /log}], "
                    + Self.lifecycle(Self.hook("postStart", facts + " > /log/hook 2>&1"))
                let run = try world.start(
                    pod(
                        container(
                            "a", facts + " > /log/main 2>&1; until [ -s /log/hook ]; do sleep 0.02; done; sleep 0.3",
                            more + (context.isEmpty ? "" : ", " + context)),
                        spec: "volumes: [{name: log, hostPath: {path: \(log)}}]"))
                let outcome = try run.wait(10)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(world.read("log/main").contains("Seccomp:\t2"))
                #expect(world.read("log/hook") == world.read("log/main"))
            }
        }

        @Test func aFailedPostStartHookKillsTheContainer() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", idle, Self.lifecycle(Self.hook("postStart", "echo no luck; exit 3"))),
                        policy: "Never"))
                #expect(run.stderr.contains("FailedPostStartHook: PostStartHook failed: no luck"), "\(run)")
                #expect(run.seconds < 5, "\(run)")
            }
        }

        @Test func aPostStartHookWhoseProgramIsMissingIsAFailureToo() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("a", idle, "lifecycle: {postStart: {exec: {command: [/no/such]}}}"), policy: "Never"))
                #expect(run.stderr.contains("exec \"/no/such\": No such file or directory"), "\(run)")
            }
        }

        @Test func preStopComesFirstThenTheStopSignal() throws {
            try withWorld { world in
                let log = try world.directory("log")
                let script =
                    "trap 'echo TERM >> /log/order; exit 1' TERM; trap 'echo USR1 >> /log/order; exit 0' USR1; "
                    + "echo up; while :; do sleep 0.02; done"
                let run = try world.start(
                    pod(
                        container(
                            "a", script,
                            "volumeMounts: [{name: log, mountPath: /log}], "
                                + Self.lifecycle(
                                    Self.hook("preStop", "sleep 0.4; echo preStop >> /log/order"),
                                    "stopSignal: SIGUSR1")),
                        spec: "os: {name: linux}\nvolumes: [{name: log, hostPath: {path: \(log)}}]"))
                try run.waitForLine("a | up")
                run.interrupt()
                #expect(try run.wait(9).code == 0)
                #expect(world.read("log/order") == "preStop\nUSR1\n")
            }
        }

        /// service/pod-with-graceful-termination.yaml in small: the hook takes longer than the grace period.
        @Test func aHookIsCutOffByTheGracePeriod() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "trap 'echo told; exit 0' TERM; echo up; while :; do sleep 0.02; done",
                            Self.lifecycle(Self.hook("preStop", "sleep 180"))),
                        spec: "terminationGracePeriodSeconds: 2"))
                try run.waitForLine("a | up")
                run.interrupt()
                let begin = monotonicSeconds()
                let outcome = try run.wait(9)
                let took = monotonicSeconds() - begin
                #expect(took > 1.8 && took < 3.8, "took \(took) s; \(outcome)")
                #expect(outcome.lines(of: "a") == ["up", "told"])
            }
        }

        @Test func noPreStopWhenTheContainerEndsByItselfOrAtOnce() throws {
            try withWorld { world in
                let log = try world.directory("log")
                let more =
                    "volumeMounts: [{name: log, mountPath: /log}], "
                    + Self.lifecycle(Self.hook("preStop", "echo ran >> /log/hook"))
                let spec = "volumes: [{name: log, hostPath: {path: \(log)}}]"
                #expect(try world.run(pod(container("a", "sleep 0.2", more), spec: spec)).code == 0)
                #expect(!world.exists("log/hook"))
                let run = try world.start(
                    pod(container("a", "echo up; \(idle)", more), spec: spec + "\nterminationGracePeriodSeconds: 0"))
                try run.waitForLine("a | up")
                run.interrupt()
                _ = try run.wait(9)
                #expect(!world.exists("log/hook"))
            }
        }

        @Test func aSleepHookTakesItsTime() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(container("a", "echo up; \(idle)", Self.lifecycle("preStop: {sleep: {seconds: 1}}"))))
                try run.waitForLine("a | up")
                run.interrupt()
                let begin = monotonicSeconds()
                _ = try run.wait(9)
                let took = monotonicSeconds() - begin
                #expect(took > 0.9 && took < 2.5, "took \(took) s")
            }
        }

        /// At-least-once: a hook in flight when the supervisor dies is run again.
        @Test func hooksSurviveTheSupervisor() throws {
            try withWorld(sweeping: true) { world in
                let log = try world.directory("log")
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; \(idle)",
                            "volumeMounts: [{name: log, mountPath: /log}], "
                                + Self.lifecycle(
                                    Self.hook("postStart", "echo p >> /log/start; sleep 1; echo done >> /log/start"),
                                    Self.hook("preStop", "echo p >> /log/stop; sleep 1; echo done >> /log/stop"))),
                        spec: "volumes: [{name: log, hostPath: {path: \(log)}}]"))
                func killSupervisor() throws {
                    let victim = try #require(world.supervisors().first)
                    kill(victim, SIGKILL)
                    try eventually("a new supervisor") { world.supervisors().first.map { $0 != victim } ?? false }
                }
                try eventually("the hook runs") { world.exists("log/start") }
                try killSupervisor()
                try run.waitForLine("ready 1/1")
                #expect(world.read("log/start") == "p\np\ndone\n")
                run.signal(SIGINT)
                try eventually("the hook runs") { world.exists("log/stop") }
                try killSupervisor()
                let outcome = try run.wait(9)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(world.read("log/stop") == "p\np\ndone\n")
            }
        }

        /// S18. What joins a container cannot be looked into from there before it is the container's program.
        @Test func whatJoinsAContainerShowsNothingOfTheHost() throws {
            try withWorld { world in
                let log = try world.directory("log")
                // Reads the descriptors and the environment of every process, as fast as it can; its own kind has a marker.
                let spy = """
                    while :; do for p in /proc/[0-9]*; do
                      read -r name 2>/dev/null < $p/comm || continue
                      case $name in swiftlet*)
                        echo seen >> /log/seen
                        ls -l $p/fd/ >> /log/fds 2>/dev/null
                        cat $p/environ >> /log/env 2>/dev/null;;
                      esac
                    done; done
                    """
                let run = try world.start(
                    pod(
                        container(
                            "a", spy,
                            "volumeMounts: [{name: log, mountPath: /log}], "
                                + "readinessProbe: {exec: {command: [\"true\"]}, periodSeconds: 1}, "
                                + "livenessProbe: {exec: {command: [\"true\"]}, periodSeconds: 1}"),
                        spec: "terminationGracePeriodSeconds: 0\nvolumes: [{name: log, hostPath: {path: \(log)}}]"))
                // The spy is slow; give it probes enough to see some.
                _ = try? eventually("the spy has seen one", within: 25) { world.exists("log/seen") }
                run.interrupt()
                _ = try run.wait(9)
                // It may be seen a moment later as the program itself, with its own streams.
                let found = world.read("log/fds").split(separator: "\n").filter {
                    $0.contains("->") && !$0.hasSuffix("-> /dev/null") && !$0.contains("-> pipe:")
                }
                #expect(found == [])
                #expect(world.read("log/env") == "")
                if !world.exists("log/seen") { print("note: the spy has seen no joining process") }
            }
        }
    }
}
