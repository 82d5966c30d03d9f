import Foundation
import Glibc
import Testing

/// Starts a pod and calls `body` when all its containers run; the pod is stopped afterwards.
func withRunningPod(
    _ manifest: String, until line: String = "pod \"p\": Running", sweeping: Bool = false, needs: [Need] = [],
    _ body: (World, Run) throws -> Void
) throws {
    try withWorld(needs: needs, sweeping: sweeping) { world in
        let run = try world.start(manifest)
        try run.waitForLine(line)
        // What a pod consists of is on record a moment after its start.
        try eventually("the pod is on record") {
            world.remains().contains { access("\(world.root)/\($0)/object.json", F_OK) == 0 }
        }
        try body(world, run)
        run.signal(SIGINT)
        usleep(50_000)
        run.signal(SIGINT)
        _ = try? run.wait(10)
    }
}

extension HostTests {
    @Suite struct ExecTests {
        private let plain = pod(container("a", idle), container("b", idle, "securityContext: {runAsUser: 1234}"))

        @Test func aCommandRunsAsTheContainerDoes() throws {
            try withRunningPod(plain) { world, _ in
                let defaulted = try world.session("exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 3")
                    .wait()
                #expect(defaulted.code == 3 && defaulted.stdout == "out\n", "\(defaulted)")
                #expect(
                    defaulted.stderr
                        == "Defaulted container \"a\" out of: a, b\nerr\ncommand terminated with exit code 3\n",
                    "\(defaulted)")
                // S16 to S18, S23: neither more privileges nor descriptors than the container's own process has.
                let script = """
                    own=$(grep -E 'Cap|Seccomp|NoNewPrivs|Groups|Uid' /proc/1/status)
                    test "$own" = "$(grep -E 'Cap|Seccomp|NoNewPrivs|Groups|Uid' /proc/self/status)" && echo same
                    for kind in mnt net ipc uts pid cgroup; do
                        test $(readlink /proc/1/ns/$kind) = $(readlink /proc/self/ns/$kind) || echo $kind
                    done
                    ls /proc/$$/fd | xargs
                    """
                let joined = try world.session("exec", "pod/p", "-q", "-c", "b", "--", "sh", "-c", script).wait()
                #expect(joined.code == 0 && joined.stdout == "same\n0 1 2\n" && joined.stderr == "", "\(joined)")
            }
        }

        @Test func whatCannotBeExecutedSaysSo() throws {
            try withRunningPod(plain) { world, _ in
                for (command, words, code) in [
                    ("nope", "exec: \"nope\": executable file not found in $PATH", 127 as Int32),
                    ("/nope", "exec: \"/nope\": no such file or directory", 127),
                    ("/etc/passwd", "exec: \"/etc/passwd\": permission denied", 126),
                ] {
                    let outcome = try world.session("exec", "p", "-c", "a", "--", command).wait()
                    #expect(
                        outcome.code == code
                            && outcome.stderr
                                == "error: exec failed: \(words)\ncommand terminated with exit code \(code)\n",
                        "\(outcome)")
                }
                let container = try world.session("exec", "p", "-c", "x", "--", "true").wait()
                #expect(container.code == 1 && container.stderr == "error: container x not found in pod p\n")
                let pod = try world.session("exec", "nope", "--", "true").wait()
                #expect(pod.code == 1 && pod.stderr == "Error from server (NotFound): pods \"nope\" not found\n")
                let none = try world.session("exec", "p").wait()
                #expect(none.code == 2 && none.stderr.contains("you must specify at least one command"), "\(none)")
            }
        }

        @Test func theAnnotationNamesTheDefaultContainer() throws {
            let manifest = plain.replacing(
                "{name: p}", with: "{name: p, annotations: {kubectl.kubernetes.io/default-container: b}}")
            try withRunningPod(manifest) { world, _ in
                let outcome = try world.session("exec", "p", "--", "id", "-u").wait()
                #expect(outcome.stdout == "1234\n" && outcome.stderr == "", "\(outcome)")
            }
        }

        /// S41. Nothing of it is held in memory, and nothing is lost.
        @Test func inputAndOutputFlowToTheirEnds() throws {
            try withRunningPod(plain) { world, _ in
                let size = 50 << 20
                let run = try world.program([
                    "sh", "-c",
                    "head -c \(size) /dev/zero | SWIFTLET_ROOT=\(world.root) \(World.binary) exec -i p -c a -- cat | wc -c",
                ])
                #expect(try run.wait().stdout == "\(size)\n")
                // A reader that leaves ends the writer, as in a shell.
                let left = try world.program([
                    "sh", "-c", "SWIFTLET_ROOT=\(world.root) \(World.binary) exec p -c a -- yes | head -1",
                ])
                #expect(try left.wait().stdout == "y\n")
            }
        }

        @Test func whatGoesOnInTheBackgroundIsNotWaitedFor() throws {
            try withRunningPod(plain) { world, _ in
                let outcome = try world.session("exec", "p", "-c", "a", "--", "sh", "-c", "sleep 1000 & echo done")
                    .wait(5)
                #expect(outcome.code == 0 && outcome.stdout == "done\n", "\(outcome)")
            }
        }

        /// S05: the terminal is of the container's own devpts.
        @Test func aTerminalIsRawAndKnowsItsSize() throws {
            try withRunningPod(plain) { world, _ in
                let script =
                    "tty; until read -t 0.2 x; do s=$(stty size); case $o in $s) ;; *) echo $s;; esac; o=$s; done; "
                    + "echo got $x $TERM; id -u; exit 7"
                let run = try world.session(
                    "exec", "-it", "p", "-c", "b", "--", "bash", "-c", script, keyboard: true)
                run.resize(rows: 33, columns: 77)
                try run.waitForLine("/dev/pts/0")
                try eventually("raw") { !run.isCooked }
                run.resize(rows: 40, columns: 100)
                try run.waitForLine("40 100")
                run.type("hey\r")
                let outcome = try run.wait()
                #expect(outcome.code == 7 && outcome.stdout.contains("got hey xterm\r\n1234\r\n"), "\(outcome)")
                #expect(run.isCooked)
                let piped = try world.session("exec", "-it", "p", "-c", "a", "--", "tty").wait()
                #expect(
                    piped.stdout == "not a tty\n"
                        && piped.stderr.hasPrefix("Unable to use a TTY - input is not a terminal"),
                    "\(piped)")
            }
        }

        @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
        func aSignalRestoresTheTerminal(_ number: Int32) throws {
            try withRunningPod(plain) { world, _ in
                let run = try world.session(
                    "exec", "-it", "p", "-c", "a", "--", "sh", "-c", "echo up; sleep 1000", keyboard: true)
                try run.waitForLine("up")
                run.signal(number)
                #expect(try run.wait(5).code == 128 + number)
                #expect(run.isCooked)
            }
        }

        /// F05.
        @Test func theCommandsDeathEndsWhatItHasStarted() throws {
            try withRunningPod(plain) { world, _ in
                let left = { () throws in
                    try world.session(
                        "exec", "p", "-c", "a", "--", "sh", "-c", "cat /proc/[0-9]*/cmdline | grep -ac 7777"
                    )
                    .wait()
                    .stdout
                }
                let terminal = try world.session(
                    "exec", "-it", "p", "-c", "a", "--", "sh", "-c", "echo up; sleep 7777", keyboard: true)
                try terminal.waitForLine("up")
                kill(terminal.pid, SIGKILL)
                _ = try terminal.wait()
                let input = try world.program([
                    "sh", "-c",
                    "sleep 1000 | SWIFTLET_ROOT=\(world.root) exec \(World.binary) exec -i p -c a -- sh -c 'echo up; cat; : 7777'",
                ])
                try input.waitForLine("up")
                for process in HostProcess.all() where process.parent == input.pid || process.pid == input.pid {
                    kill(process.pid, SIGKILL)
                }
                // The grep itself has the number on its command line.
                try eventually("their end", within: 2) { try left() == "1\n" }
            }
        }

        @Test func aSupervisorsDeathLeavesIt() throws {
            try withRunningPod(plain, sweeping: true) { world, _ in
                let run = try world.session(
                    "exec", "p", "-c", "a", "--", "sh", "-c", "echo up; sleep 0.5; echo late; exit 4")
                try run.waitForLine("up")
                kill(try #require(world.supervisors().first), SIGKILL)
                let during = try world.session("exec", "p", "-c", "a", "--", "echo", "during").wait()
                #expect(during.code == 0 && during.stdout == "during\n", "\(during)")
                let outcome = try run.wait()
                #expect(outcome.code == 4 && outcome.stdout == "up\nlate\n", "\(outcome)")
            }
        }

        @Test func manyLeaveNothing() throws {
            try withRunningPod(plain) { world, _ in
                func state() throws -> [String] {
                    let uid = try #require(world.pods().first)
                    let processes = world.supervisors() + world.keepers()
                    let descriptors = processes.map {
                        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\($0)/fd").count) ?? -1
                    }
                    let unified = access("/sys/fs/cgroup/unified", F_OK) == 0 ? "/unified" : ""
                    let cgroups = try FileManager.default.contentsOfDirectory(
                        atPath: "/sys/fs/cgroup\(unified)/swiftlet/pod\(uid)/a"
                    ).filter { $0.hasPrefix("exec") }
                    return descriptors.map(String.init) + cgroups
                }
                _ = try world.session("exec", "p", "-c", "a", "--", "true").wait()
                let before = try state()
                for _ in 0..<50 {
                    #expect(try world.session("exec", "p", "-c", "a", "--", "true").wait().code == 0)
                }
                try eventually("the state before: \(before)") { try state() == before }
            }
        }
    }
}
