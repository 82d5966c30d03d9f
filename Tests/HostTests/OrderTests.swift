import Foundation
import Glibc
import Testing

extension HostTests {
    /// Init containers, sidecars and restart policies.
    @Suite struct OrderTests {
        private let log = "volumeMounts: [{name: log, mountPath: /log}]"

        /// A pod whose containers append to the file `order` below `files`.
        private func spec(_ world: World) throws -> String {
            "volumes: [{name: log, hostPath: {path: \(try world.directory("log"))}}]"
        }

        @Test func initContainersRunOneAfterTheOtherBeforeTheApps() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("app", "echo app >> /log/order", log),
                        initContainers: [
                            container(
                                "one", "echo one begins >> /log/order; sleep 0.2; echo one ends >> /log/order", log),
                            container(
                                "two", "echo two begins >> /log/order; sleep 0.1; echo two ends >> /log/order", log),
                            container("three", "echo three >> /log/order", log),
                        ], spec: try spec(world)))
                #expect(run.code == 0, "\(run)")
                #expect(world.read("log/order") == "one begins\none ends\ntwo begins\ntwo ends\nthree\napp\n")
                let finished = /init "one" finished in [0-9.]+ ?m?s/
                #expect(run.stderr.contains(finished), "\(run)")
            }
        }

        @Test func aFailedInitContainerEndsAPodThatIsNeverRestarted() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("app", "echo app >> /log/order", log),
                        initContainers: [
                            container("one", "echo one >> /log/order; exit 5", log),
                            container("two", "echo two >> /log/order", log),
                        ], spec: try spec(world)))
                #expect(run.code == 5, "\(run)")
                #expect(world.read("log/order") == "one\n")
                #expect(run.stderr.contains("\"one\""), "\(run)")
            }
        }

        @Test(arguments: ["OnFailure", "Always"])
        func aFailedInitContainerIsTriedAgainAtOnceAndThenAfterTenSeconds(_ policy: String) throws {
            // The long wait is looked at once.
            let failures = policy == "OnFailure" ? 2 : 1
            try withWorld { world in
                let script = "date +%s%N >> /log/tries; [ $(wc -l < /log/tries) -gt \(failures) ]"
                let run = try world.start(
                    pod(
                        container("app", "echo app starts", log), initContainers: [container("one", script, log)],
                        policy: policy, spec: try spec(world)))
                try run.waitForLine("app starts", within: 16)
                run.interrupt()
                _ = try run.wait()
                let times = world.read("log/tries").split(separator: "\n").compactMap { Double($0) }.map { $0 / 1e9 }
                try #require(times.count == failures + 1)
                #expect(times[1] - times[0] < 1, "the first retry is immediate")
                if failures == 2 {
                    #expect(times[2] - times[1] > 9 && times[2] - times[1] < 12, "the second waits ten seconds")
                    #expect(run.stderr.contains("10"), "\(run.stderr)")
                }
            }
        }

        @Test func sidecarsStartBeforeTheAppsAndStopAfterThemInReverse() throws {
            try withWorld { world in
                func side(_ name: String) -> String {
                    let script =
                        "trap 'echo \(name) stops >> /log/order; exit 0' TERM; echo \(name) starts >> /log/order; "
                        + "while :; do sleep 0.02; done"
                    return sidecar(name, script, log)
                }
                // A sidecar counts as started once its process runs; the inits between wait for its word.
                func waits(_ name: String) -> String {
                    container("w-\(name)", "until grep -q '\(name) starts' /log/order; do sleep 0.02; done", log)
                }
                let run = try world.run(
                    pod(
                        container("app", "echo app starts >> /log/order; sleep 0.2; echo app ends >> /log/order", log),
                        initContainers: [
                            side("first"), waits("first"), side("second"), waits("second"), side("third"),
                            waits("third"),
                        ], spec: try spec(world)))
                #expect(run.code == 0, "\(run)")
                #expect(
                    world.read("log/order").split(separator: "\n") == [
                        "first starts", "second starts", "third starts", "app starts", "app ends", "third stops",
                        "second stops", "first stops",
                    ])
            }
        }

        @Test func aSidecarThatCrashesIsStartedAgainEvenWhereThePodIsNot() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("app", "until [ $(wc -l < /log/starts) -ge 2 ]; do sleep 0.02; done", log),
                        initContainers: [
                            sidecar(
                                "side",
                                "echo x >> /log/starts; [ $(wc -l < /log/starts) -ge 2 ] || exit 1; \(idle)", log)
                        ], spec: try spec(world) + "\nterminationGracePeriodSeconds: 1"), timeout: 15)
                #expect(run.code == 0, "\(run)")
                #expect(world.read("log/starts") == "x\nx\n")
            }
        }

        @Test func aSidecarsOwnCodeIsNotThePods() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("app", "sleep 0.1"),
                        initContainers: [sidecar("side", "trap 'exit 42' TERM; while :; do sleep 0.02; done")]))
                #expect(run.code == 0, "\(run)")
            }
        }

        @Test func neverMeansOnce() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("app", "echo x >> /log/starts; exit 2", log), spec: try spec(world)))
                #expect(run.code == 2)
                #expect(world.read("log/starts") == "x\n")
            }
        }

        @Test func onFailureMeansUntilItSucceeds() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "app", "echo x >> /log/starts; echo try; [ $(wc -l < /log/starts) -ge 2 ] || exit 2", log),
                        policy: "OnFailure", spec: try spec(world)))
                #expect(run.code == 0, "\(run)")
                #expect(world.read("log/starts") == "x\nx\n")
                #expect(run.lines(of: "app") == ["try", "try"], "\(run)")
            }
        }

        @Test func alwaysStartsAContainerAgainThatHasSucceeded() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "app",
                            "echo x >> /log/starts; [ $(wc -l < /log/starts) -ge 2 ] || exit 0; echo again; \(idle)",
                            log), policy: "Always", spec: try spec(world) + "\nterminationGracePeriodSeconds: 1"))
                try run.waitForLine("again")
                run.interrupt()
                _ = try run.wait(8)
            }
        }

        @Test func aKilledContainerIs137AndIsRestartedByPolicy() throws {
            try withWorld { world in
                let run = try world.start(pod(container("app", "echo up; exec sleep 1000"), policy: "Never"))
                try run.waitForLine("app | up")
                for pid in world.containerProcesses() { kill(pid, SIGKILL) }
                let outcome = try run.wait(5)
                #expect(outcome.code == 137, "\(outcome)")
            }
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("app", "echo up >> /log/starts; echo up; \(idle)", log), policy: "OnFailure",
                        spec: try spec(world) + "\nterminationGracePeriodSeconds: 1"))
                try run.waitForLine("app | up")
                for pid in world.containerProcesses() { kill(pid, SIGKILL) }
                try eventually("the second start") { world.read("log/starts") == "up\nup\n" }
                run.interrupt()
                _ = try run.wait(8)
            }
        }

        @Test func aKilledInitContainerIsTriedAgainAndTheNextWaits() throws {
            try withWorld { world in
                let script =
                    "echo one >> /log/order; [ $(grep -c one /log/order) -ge 2 ] || { echo up; exec sleep 1000; }"
                let run = try world.start(
                    pod(
                        container("app", "echo app >> /log/order", log),
                        initContainers: [
                            container("one", script, log), container("two", "echo two >> /log/order", log),
                        ],
                        policy: "OnFailure", spec: try spec(world)))
                try run.waitForLine("one | up")
                for pid in world.containerProcesses() { kill(pid, SIGKILL) }
                let outcome = try run.wait(8)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(world.read("log/order") == "one\none\ntwo\napp\n")
            }
        }

        @Test func orphansOfAContainerEndWithIt() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("app", "setsid sleep 4242 & (sleep 4243 &) ; sleep 0.1")), timeout: 8)
                #expect(run.code == 0, "\(run)")
                let left = HostProcess.all().filter { text(at: "/proc/\($0.pid)/cmdline").contains("424") }
                    .filter { $0.name == "sleep" }
                #expect(left.isEmpty)
            }
        }
    }
}
