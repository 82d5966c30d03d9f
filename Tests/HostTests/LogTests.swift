import Foundation
import Glibc
import Testing

extension HostTests {
    /// The verb `logs`, beside what kubectl prints.
    @Suite struct LogTests {
        private func logs(_ world: World, _ arguments: String...) throws -> Outcome {
            try world.command(["logs", "--root", world.root] + arguments).wait(20)
        }

        /// Writes what it is asked for, and stays.
        private let talker = "echo one; echo two >&2; printf three; \(idle)"

        @Test func aPodThatRunsAndOneThatHasEndedAreRead() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("a", "echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three; \(idle)"), name: "web"
                    ))
                try run.waitForLine("three")
                try eventually("the pod is seen") { try logs(world, "web").code == 0 }
                let all = try logs(world, "web")
                #expect(all.stdout == "one\ntwo\nthree\n" && all.stderr == "", "\(all)")
                #expect(try logs(world, "pod/web", "--tail", "2").stdout == "two\nthree\n")
                #expect(try logs(world, "web", "--tail=0").stdout == "")
                #expect(try logs(world, "web", "--limit-bytes=6").stdout == "one\ntw")
                #expect(try logs(world, "web", "a", "--prefix").stdout.hasPrefix("[pod/web/a] one\n[pod/web/a] two\n"))
                let timed = try logs(world, "web", "--timestamps", "--tail=1").stdout
                #expect(timed.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/), "\(timed)")
                #expect(try logs(world, "web", "--since=1h").stdout == "one\ntwo\nthree\n")
                #expect(try logs(world, "web", "--since-time=2999-01-01T00:00:00Z").stdout == "")
                run.interrupt()
                _ = try run.wait(10)
                let ended = try logs(world, "web")
                #expect(ended.stdout == "one\ntwo\nthree\n" && ended.code == 0, "\(ended)")
            }
        }

        @Test func theDefaultContainerAndTheErrorsAreKubectls() throws {
            try withWorld { world in
                let directory = try world.directory("f")
                let run = try world.start(
                    pod(
                        container("a", "echo main; \(idle)"), container("b", "echo other; \(idle)"),
                        initContainers: [
                            container(
                                "i", "echo first; until [ -e /f/go ]; do sleep 0.02; done",
                                "volumeMounts: [{name: f, mountPath: /f}]")
                        ], spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"))
                try run.waitForLine("i | first")
                try eventually("the init container runs") { try logs(world, "p", "-c", "i").stdout == "first\n" }
                // What a pod consists of is on record a moment after its start.
                try eventually("its containers are known") {
                    try logs(world, "p", "-c", "a").stderr.contains("is waiting to start")
                }
                let waiting = try logs(world, "p", "-c", "a")
                #expect(
                    waiting.code == 1
                        && waiting.stderr
                            == "Error from server (BadRequest): container \"a\" in pod \"p\" is waiting to start: PodInitializing\n",
                    "\(waiting)")
                try world.write("f/go", "")
                try run.waitForLine("b | other")
                try eventually("the container runs") { try logs(world, "p").code == 0 }
                let byDefault = try logs(world, "p")
                #expect(byDefault.stdout == "main\n", "\(byDefault)")
                #expect(byDefault.stderr == "Defaulted container \"a\" out of: a, b, i (init)\n", "\(byDefault)")
                #expect(try logs(world, "p", "--all-containers").stdout == "first\nmain\nother\n")
                let unknown = try logs(world, "p", "-c", "x")
                #expect(
                    unknown.code == 1
                        && unknown.stderr == "error: container x is not valid for pod p out of: a, b, i (init)\n",
                    "\(unknown)")
                let previous = try logs(world, "p", "-p", "-c", "b")
                #expect(
                    previous.code == 1
                        && previous.stderr
                            == "Error from server (BadRequest): previous terminated container \"b\" in pod \"p\" not found\n",
                    "\(previous)")
                let absent = try logs(world, "nobody")
                #expect(
                    absent.code == 1
                        && absent.stderr
                            == "error: error from server (NotFound): pods \"nobody\" not found in namespace \"default\"\n",
                    "\(absent)")
                let many = try logs(world, "p", "-f", "--all-containers", "--max-log-requests=2")
                #expect(
                    many.code == 1 && many.stderr.contains("follow 3 log streams, but maximum allowed concurrency is 2")
                )
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        @Test func followingEndsWithTheContainerAndOutlivesSupervisorAndRotation() throws {
            try withWorld(sweeping: true) { world in
                let directory = try world.directory("f")
                let script = """
                    i=0; until [ -e /f/go ]; do i=$((i+1)); echo $i; sleep 0.01; done; printf 'the end'; exit 1
                    """
                let run = try world.start(
                    pod(
                        container("a", script, "volumeMounts: [{name: f, mountPath: /f}]"), policy: "OnFailure",
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"),
                    ["--container-log-max-size", "1k", "--container-log-max-files", "1000"])
                try run.waitForLine("3\n")
                try eventually("the pod is seen") { try logs(world, "p").code == 0 }
                let follower = try world.command(["logs", "-f", "p", "--root", world.root])
                usleep(200_000)
                kill(try #require(world.supervisors().first), SIGKILL)
                usleep(400_000)
                #expect(!follower.hasEnded)
                try world.write("f/go", "")
                let outcome = try follower.wait(10)
                #expect(outcome.code == 0, "\(outcome)")
                let lines = outcome.stdout.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                #expect(lines.last == "the end" && lines.count > 20, "\(lines.count) lines")
                #expect(lines.dropLast() == (1..<lines.count).map(String.init)[...])
                // Of a container that was restarted the instance before.
                unlink(directory + "/go")
                try run.waitForLine("1\n")
                try eventually("the next instance", within: 15) {
                    let now = try logs(world, "p", "--tail=1")
                    return now.code == 0 && now.stdout.hasSuffix("\n")
                }
                #expect(try logs(world, "p", "-p").stdout.hasSuffix("the end"))
                run.end()
            }
        }

        @Test func severalPodsBySelectorAreFollowedAtOnce() throws {
            try withWorld { world in
                func talking(_ name: String) -> String {
                    pod(container("a", "for i in 1 2 3; do echo \(name) $i; sleep 0.05; done; sleep 0.3"), name: name)
                        .replacing("metadata: {name: \(name)}", with: "metadata: {name: \(name), labels: {app: talk}}")
                }
                let run = try world.start(documents(talking("one"), talking("two")))
                try run.waitForLine("two 1")
                try eventually("both are seen") { try logs(world, "-l", "app=talk").stdout.contains("two 1") }
                let outcome = try logs(world, "-f", "-l", "app=talk", "--prefix", "--tail=-1")
                #expect(outcome.code == 0, "\(outcome)")
                for name in ["one", "two"] {
                    let own = outcome.lines.filter { $0.hasPrefix("[pod/\(name)/a] ") }
                    #expect(own == (1...3).map { "[pod/\(name)/a] \(name) \($0)" }, "\(outcome)")
                }
                let none = try logs(world, "-l", "app=nothing")
                #expect(none.code == 0 && none.stderr == "No resources found in default namespace.\n", "\(none)")
                _ = try run.wait(10)
            }
        }

        @Test func everyByteComesBackAndATerminalIsSafe() throws {
            try withWorld { world in
                let directory = try world.directory("d")
                let bytes = Data((0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }) + Data("end".utf8)
                try bytes.write(to: URL(fileURLWithPath: directory + "/bytes"))
                let run = try world.run(
                    pod(
                        container("a", "cat /d/bytes", "volumeMounts: [{name: d, mountPath: /d}]"),
                        container("b", "printf 'red\\033[31m title\\033]0;x\\007\\n'"),
                        spec: "volumes: [{name: d, hostPath: {path: \(directory)}}]"))
                #expect(run.code == 0)
                let path = world.base + "/out"
                let shell = try world.program([
                    "/bin/sh", "-c", "\(World.binary) logs p -c a --root \(world.root) > \(path)",
                ])
                #expect(try shell.wait(10).code == 0)
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
                let terminal = try world.command(["logs", "p", "-c", "b", "--root", world.root], terminal: true)
                let shown = try terminal.wait(10).stdout
                #expect(
                    !shown.contains("\u{1B}]") && !shown.contains("\u{7}") && shown.contains("\\x1b]0;x"), "\(shown)")
                let piped = try logs(world, "p", "-c", "b")
                #expect(piped.stdout == "red\u{1B}[31m title\u{1B}]0;x\u{7}\n")
            }
        }

        @Test func onlyTheLogItselfIsRead() throws {
            try withWorld { world in
                let secret = try world.write("secret", "2026-01-01T00:00:00.000000000Z stdout F secret\n")
                let run = try world.run(pod(container("a", "echo mine")))
                #expect(run.code == 0)
                let path = try #require(world.logPath("p", "a"))
                for replace in [
                    { _ = symlink(secret, path) }, { _ = link(secret, path) }, { _ = mkfifo(path, 0o600) },
                    { _ = mkdir(path, 0o700) }, { _ = mknod(path, S_IFCHR | 0o600, 1 << 8 | 5) },
                ] {
                    if rmdir(path) != 0 { unlink(path) }
                    replace()
                    let outcome = try logs(world, "p")
                    #expect(outcome.code == 1 && outcome.stdout == "" && outcome.seconds < 3, "\(outcome)")
                    #expect(!outcome.stderr.contains("secret"), "\(outcome)")
                }
                let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
                try FileManager.default.removeItem(atPath: folder)
                mkdir(world.files + "/other", 0o755)
                try world.write("other/0.log", "2026-01-01T00:00:00.000000000Z stdout F secret\n")
                symlink(world.files + "/other", folder)
                let outcome = try logs(world, "p", "-c", "a")
                #expect(outcome.code == 1 && outcome.stdout == "", "\(outcome)")
            }
        }
    }
}
