import Foundation
import Glibc
import Testing

extension HostTests {
    /// `stdin`, `stdinOnce` and `tty`.
    @Suite struct StreamTests {
        /// `text` comes out of a pipe into the command.
        private func piped(_ world: World, _ manifest: String, _ text: String) throws -> Run {
            let path = try world.write("piped.yaml", manifest)
            return try world.program([
                "sh", "-c", "printf '%b' \(quoted(text)) | exec \(World.binary) run \(path) --root \(world.root)",
            ])
        }

        @Test func whatIsPipedInReachesTheContainer() throws {
            try withWorld { world in
                let run = try piped(
                    world, pod(container("a", "cat; echo end", "stdin: true, stdinOnce: true")), "hello\n")
                let outcome = try run.wait()
                #expect(outcome.code == 0 && outcome.lines(of: "a") == ["hello", "end"], "\(outcome)")
            }
        }

        @Test func withoutStdinOnceTheInputDoesNotEnd() throws {
            try withWorld { world in
                let run = try piped(
                    world, pod(container("a", "read x; echo got $x; timeout 0.5 cat; echo $?", "stdin: true")),
                    "hello\n")
                let outcome = try run.wait()
                #expect(outcome.lines(of: "a") == ["got hello", "124"], "\(outcome)")
            }
        }

        @Test func aFileIsFedThroughAPipe() throws {
            try withWorld { world in
                let outcome = try world.command(
                    [
                        "run",
                        try world.write(
                            "f.yaml",
                            pod(
                                container(
                                    "a", "readlink /proc/self/fd/0 | cut -c1-5; cat", "stdin: true, stdinOnce: true"))),
                    ],
                    input: "one\ntwo\n"
                ).wait()
                #expect(outcome.code == 0 && outcome.lines(of: "a") == ["pipe:", "one", "two"], "\(outcome)")
            }
        }

        @Test func inputThatNobodyGivesWaitsAlsoForANewSupervisor() throws {
            try withWorld(sweeping: true) { world in
                let run = try world.start(
                    pod(
                        container("a", "echo up; timeout 1 cat; echo $?", "stdin: true"),
                        container("b", "cat; echo null")))
                try run.waitForLine("a | up")
                kill(try #require(world.supervisors().first), SIGKILL)
                let outcome = try run.wait()
                #expect(outcome.lines(of: "a") == ["up", "124"] && outcome.lines(of: "b") == ["null"], "\(outcome)")
            }
        }

        @Test func twoThatWouldReadGetNothing() throws {
            try withWorld { world in
                let script = "timeout 0.5 cat; echo $?"
                let run = try piped(
                    world, pod(container("a", script, "stdin: true"), container("b", script, "stdin: true")),
                    "hello\n")
                let outcome = try run.wait()
                #expect(outcome.lines(of: "a") == ["124"] && outcome.lines(of: "b") == ["124"], "\(outcome)")
            }
        }

        /// S05. Guards `DeviceDirectory.mount(_:_:on:)`.
        @Test(arguments: [
            "", "securityContext: {runAsUser: 1234, runAsGroup: 1234}", "securityContext: {privileged: true}",
        ])
        func aTerminalIsOfTheContainersOwn(_ more: String) throws {
            try withWorld { world in
                let script = """
                    tty; ls /dev/pts | xargs; stat -c '%d %i %t' /dev/console /dev/pts/0 /proc/self/fd/0 -L | uniq | wc -l
                    stat -c %G /dev/pts/0; grep -c ' /0 /dev/console .* devpts ' /proc/self/mountinfo
                    test "$(stat -L -c %d /dev/pts)" = "$(stat -c %d /dev/console)" && echo same
                    """
                let outcome = try world.start(
                    pod(container("a", script, "tty: true" + (more.isEmpty ? "" : ", " + more)))
                ).wait()
                #expect(
                    shown(outcome) == ["/dev/pts/0", "0 ptmx", "1", "tty", "1", "same"], "\(outcome)")
            }
        }

        /// S33. Guards the terminal's own file system, and TIOCSTI in `RuntimeDefault.argumentRules`.
        @Test func theCallersTerminalIsNotTheContainers() throws {
            try withWorld { world in
                let script = "cut -d' ' -f5-6 /proc/self/stat; tty; stty size; echo x > /dev/tty"
                let manifest = try world.write("pod.yaml", pod(container("a", script, "tty: true, stdin: true")))
                let run = try world.command(["run", manifest], terminal: true).wait()
                let lines = run.stdout.split(whereSeparator: \.isNewline).compactMap { line in
                    line.firstRange(of: #/\|\S* /#).map { String(line[$0.upperBound...]) }
                }.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
                #expect(lines.map { $0.prefix(10) } == ["1 1", "/dev/pts/0", "0 0", "x"], "\(run)")
            }
        }

        /// S33. What is pushed goes to the container's own terminal at the most, also where no filter is in the way.
        @Test(arguments: ["RuntimeDefault", "Unconfined"])
        func whatIsPushedDoesNotReachTheCaller(_ profile: String) throws {
            try withWorld { world in
                let more = "tty: true, securityContext: {seccompProfile: {type: \(profile)}}"
                let manifest = try world.write(
                    "pod.yaml", pod(probing("a", "/probe terminal; echo end", more), spec: probeVolume()))
                let run = try world.command(["run", manifest], terminal: true).wait()
                let lines = run.stdout.split(whereSeparator: \.isNewline).map(String.init)
                #expect(lines.contains { $0.contains("isatty ok") } && lines.contains { $0.contains("end") }, "\(run)")
                #expect(lines.contains { $0.contains("TIOCSTI EPERM") } == (profile == "RuntimeDefault"), "\(run)")
                #expect(!lines.contains { $0.trimmingCharacters(in: .whitespaces) == "id" }, "\(run)")
            }
        }

        @Test func aTerminalLosesNothing() throws {
            try withWorld(sweeping: true) { world in
                let script =
                    "for f in 0 1 2; do [ -t $f ] && echo tty $f; done; echo controlled > /dev/tty; echo error >&2; "
                    + "echo up; i=0; while [ $i -lt 20 ]; do seq $((i * 500 + 1)) $((i * 500 + 500)); i=$((i + 1)); "
                    + "sleep 0.05; done; echo last; sleep 0.3; exit 3"
                let run = try world.start(pod(container("a", script, "tty: true")))
                for line in ["up", "| 1000", "| 4000"] {
                    try run.waitForLine(line)
                    if let supervisor = world.supervisors().first { kill(supervisor, SIGKILL) }
                }
                let outcome = try run.wait()
                let expected =
                    ["tty 0", "tty 1", "tty 2", "controlled", "error", "up"] + (1...10_000).map(String.init) + ["last"]
                #expect(outcome.code == 3 && shown(outcome) == expected, "\(outcome)")
            }
        }

        /// Without what a terminal adds at the end of a line.
        private func shown(_ outcome: Outcome) -> [String] {
            var plain = outcome
            plain.stdout = outcome.stdout.replacing("\r\n", with: "\n")
            return plain.lines(of: "a")
        }
    }
}
