import Foundation
import Glibc
import Testing

extension HostTests {
    /// Ctrl-C, grace periods and the order of the end.
    @Suite struct StopTests {
        private let log = "volumeMounts: [{name: log, mountPath: /log}]"

        private func spec(_ world: World, grace: Int = 10) throws -> String {
            "terminationGracePeriodSeconds: \(grace)\n"
                + "volumes: [{name: log, hostPath: {path: \(try world.directory("log"))}}]"
        }

        /// Says `up`, notes its SIGTERM, works on for `seconds`, and notes its end.
        private func polite(_ name: String, _ seconds: Double = 0.1) -> String {
            "trap 'echo \(name) told >> /log/order; sleep \(seconds); echo \(name) ends >> /log/order; exit 0' TERM; "
                + "echo up >> /log/\(name); while :; do sleep 0.02; done"
        }

        @Test func ctrlCStopsTheAppsThenTheSidecarsInReverse() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("app", polite("app", 0.4), log),
                        initContainers: [sidecar("one", polite("one"), log), sidecar("two", polite("two"), log)],
                        spec: try spec(world)))
                try eventually("all are up") { ["app", "one", "two"].allSatisfy { world.read("log/\($0)") == "up\n" } }
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(
                    world.read("log/order").split(separator: "\n") == [
                        "app told", "app ends", "two told", "two ends", "one told", "one ends",
                    ], "\(outcome)")
            }
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func aSignalToTheCommandAloneStopsThePodToo(_ number: Int32) throws {
            try withWorld { world in
                let run = try world.start(pod(container("app", polite("app"), log), spec: try spec(world)))
                try eventually("it is up") { world.read("log/app") == "up\n" }
                run.signal(number)
                _ = try run.wait(9)
                #expect(world.read("log/order") == "app told\napp ends\n")
            }
        }

        /// SIGHUP reads the manifests again, unless the terminal is gone.
        @Test func aTerminalThatIsClosedStopsThePod() throws {
            try withWorld(needs: [.program("script")]) { world in
                let path = try world.write(
                    "pod.yaml", pod(container("app", polite("app"), log), spec: try spec(world)))
                let command = "\(World.binary) run \(path) --root \(world.root)"
                let terminal = try world.program(["script", "-qec", command, "/dev/null"])
                try eventually("it is up") { world.read("log/app") == "up\n" }
                terminal.signal(SIGKILL)
                try eventually("it ends") { world.read("log/order") == "app told\napp ends\n" }
                try eventually("all is gone") { world.supervisors().isEmpty && world.keepers().isEmpty }
            }
        }

        @Test func whatIgnoresSIGTERMIsKilledAfterTheGracePeriod() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("app", "trap '' TERM; echo up; while :; do sleep 0.02; done"),
                        spec: "terminationGracePeriodSeconds: 2"))
                try run.waitForLine("app | up")
                let begin = monotonicSeconds()
                run.interrupt()
                let outcome = try run.wait(9)
                let took = monotonicSeconds() - begin
                #expect(took > 1.8 && took < 3, "took \(took) s; \(outcome)")
            }
        }

        @Test func ctrlCTwiceStopsAtOnce() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("app", "trap '' TERM; echo up; while :; do sleep 0.02; done"),
                        initContainers: [sidecar("side", "trap '' TERM; while :; do sleep 0.02; done")]))
                try run.waitForLine("app | up")
                run.interrupt()
                usleep(300_000)
                #expect(!run.hasEnded)
                let begin = monotonicSeconds()
                run.interrupt()
                let outcome = try run.wait(5)
                #expect(monotonicSeconds() - begin < 1.5, "\(outcome)")
            }
        }

        @Test func ctrlCWhileAnInitContainerRunsStartsNothingMore() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("app", "echo app >> /log/order", log),
                        initContainers: [
                            container("one", polite("one"), log), container("two", "echo two >> /log/order", log),
                        ],
                        spec: try spec(world)))
                try eventually("it is up") { world.read("log/one") == "up\n" }
                run.interrupt()
                _ = try run.wait(9)
                #expect(world.read("log/order") == "one told\none ends\n")
            }
        }

        @Test func ctrlCWhileAContainerWaitsInBackOffEndsThePod() throws {
            try withWorld { world in
                let run = try world.start(pod(container("app", "exit 6"), policy: "Always"))
                // The first restart is immediate, the second waits.
                try run.waitForLine("10")
                run.interrupt()
                let outcome = try run.wait(3)
                #expect(outcome.code == 6, "\(outcome)")
            }
        }

        @Test func outputWrittenWhileStoppingIsShown() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "app", "trap 'seq 1 5000; echo last; exit 0' TERM; echo up; while :; do sleep 0.02; done")))
                try run.waitForLine("app | up")
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(outcome.lines(of: "app").count == 5002, "\(outcome.lines(of: "app").count) lines")
                #expect(outcome.lines(of: "app").last == "last")
            }
        }
    }
}
