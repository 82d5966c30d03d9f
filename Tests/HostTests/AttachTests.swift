import Foundation
import Glibc
import Testing

extension HostTests {
    @Suite struct AttachTests {
        @Test func outputComesAsItIsPrinted() throws {
            let script =
                "trap 'exit 0' TERM; printf before; while read x; do printf \"got $x,\"; echo e$x >&2; done; echo end"
            try withRunningPod(pod(container("a", script, "stdin: true"), container("b", idle))) { world, _ in
                let one = try world.session("attach", "p", "-q")
                // A pipe, which ends for the container only with stdinOnce.
                let other = try world.program([
                    "sh", "-c",
                    "(sleep 0.3; echo 1; sleep 0.2; echo 2; sleep 0.3) | SWIFTLET_ROOT=\(world.root) exec \(World.binary) attach -i p -c a",
                ])
                try eventually("lines") { one.stdout == "got 1,got 2," && one.stderr == "e1\ne2\n" }
                try eventually("lines") { other.stdout == "got 1,got 2," }
                #expect(other.stderr.hasPrefix("If you don't see a command prompt, try pressing enter.\n"))
                one.signal(SIGINT)
                #expect(try one.wait().code == 130)
                other.end()
                // The container has noticed nothing.
                let after = try world.session("exec", "p", "-c", "a", "--", "true").wait()
                #expect(after.code == 0, "\(after)")
            }
        }

        @Test func stdinOnceEndsWithTheFirst() throws {
            try withRunningPod(
                pod(container("a", "cat; echo end; \(idle)", "stdin: true, stdinOnce: true"))
            ) { world, run in
                let outcome = try world.program([
                    "sh", "-c",
                    "(echo hello; sleep 0.2) | SWIFTLET_ROOT=\(world.root) timeout 1 \(World.binary) attach -i p",
                ]).wait()
                #expect(outcome.stdout == "hello\nend\n", "\(outcome)")
                try run.waitForLine("a | end")
            }
        }

        @Test func aTerminalIsSharedWithItsSize() throws {
            let script =
                "while :; do read -t 0.2 x && echo got-$x; s=$(stty size); case $o in $s) ;; *) echo $s;; esac; o=$s; done"
            try withRunningPod(
                pod("{name: a, image: \"host:/\", command: [bash, -c, \(quoted(script))], stdin: true, tty: true}")
            ) {
                world, _ in
                let watcher = try world.session("attach", "p", "-q")
                let run = try world.session("attach", "-it", "p", keyboard: true)
                try run.waitForLine("If you don't see a command prompt")
                try eventually("raw") { !run.isCooked }
                run.type("hey\r")
                try run.waitForLine("got-hey")
                run.resize(rows: 44, columns: 55)
                try run.waitForLine("44 55")
                // Byte for byte, and not at line ends only.
                run.type("xyz")
                try eventually("what was typed") {
                    watcher.stdout.hasSuffix("xyz") && watcher.stdout.contains("hey\r\n")
                }
                run.signal(SIGTERM)
                #expect(try run.wait().code == 128 + SIGTERM)
                #expect(run.isCooked)
            }
        }

        @Test func runGivesItsTerminalToTheContainerThatWantsOne() throws {
            try withWorld(sweeping: true) { world in
                let script =
                    "until read -t 0.2 x; do s=$(stty size); case $o in $s) ;; *) echo $s;; esac; o=$s; done; echo got-$x; exit 3"
                let manifest = try world.write(
                    "pod.yaml",
                    pod(
                        "{name: a, image: \"host:/\", command: [bash, -c, \(quoted(script))], stdin: true, tty: true}",
                        container("b", idle)))
                let run = try world.command(["run", manifest], keyboard: true)
                try run.waitForLine("Running")
                try eventually("raw") { !run.isCooked }
                run.resize(rows: 44, columns: 55)
                try run.waitForLine("44 55")
                run.type("hey\r")
                try run.waitForLine("got-hey")
                try eventually("cooked") { run.isCooked }
                run.signal(SIGTERM)
                let outcome = try run.wait()
                #expect(outcome.code == 3 && !outcome.stdout.contains("a | got-hey"), "\(outcome)")
            }
        }

        @Test func aSlowWatcherHoldsUpNothing() throws {
            let script = "read go; seq 1 60000; echo done >&2; \(idle)"
            try withRunningPod(pod(container("a", script, "stdin: true"), container("b", idle))) { world, run in
                let slow = try world.program([
                    "sh", "-c", "SWIFTLET_ROOT=\(world.root) \(World.binary) attach p -c a | sleep 1000",
                ])
                defer {
                    for process in HostProcess.all() where process.parent == slow.pid { kill(process.pid, SIGKILL) }
                }
                usleep(300_000)
                let go = try world.program([
                    "sh", "-c",
                    "echo go | SWIFTLET_ROOT=\(world.root) timeout 0.5 \(World.binary) attach -i p -c a >/dev/null",
                ])
                _ = try go.wait()
                try run.waitForLine("a | done", within: 20)
                try eventually("the whole log", within: 20) { world.log("p", "a").contains(" 60000\n") }
            }
        }

        @Test func itGoesOnWithANewSupervisor() throws {
            let script = "trap 'exit 0' TERM; n=0; while :; do n=$((n+1)); echo $n; sleep 0.02; done"
            try withRunningPod(pod(container("a", script)), sweeping: true) { world, _ in
                let run = try world.session("attach", "p")
                try eventually("lines") { run.stdout.count > 20 }
                kill(try #require(world.supervisors().first), SIGKILL)
                usleep(500_000)
                let before = run.stdout.count
                try eventually("more lines") { run.stdout.count > before + 50 }
                #expect(run.stderr == "" && !run.hasEnded)
            }
        }

        @Test func itEndsWithTheContainer() throws {
            try withRunningPod(pod(container("a", "sleep 1; echo bye"), container("b", idle))) { world, _ in
                let outcome = try world.session("attach", "p", "-c", "a").wait(5)
                #expect(outcome.code == 0 && outcome.stdout == "bye\n" && outcome.stderr == "", "\(outcome)")
                let late = try world.session("attach", "p", "-c", "a").wait(5)
                #expect(late.code == 1 && late.stderr.contains("container not found (\"a\")"), "\(late)")
            }
        }
    }
}
