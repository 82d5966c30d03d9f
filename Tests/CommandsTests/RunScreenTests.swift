import Glibc
import PodPlan
import Testing

@testable import Commands

@Suite struct RunScreenTests {
    private func show(_ reports: [PodReport], _ screen: inout RunScreen) -> [String] {
        let text = reports.map { screen.take($0, pod: 0) }.joined() + screen.settle()
        return text.split(separator: "\n").map(String.init)
    }

    @Test func aLifeInWords() {
        var screen = RunScreen(pods: [.test("demo", ["clone", "sync", "web"])], style: .plain)
        let lines = show(
            [
                .sandboxReady(at: at(0)), .created(0, 0), .started(0, 2), .ended(0, 402), .created(1, 403),
                .started(1, 405),
                .created(2, 405), .started(2, 408), .phase("Running"), .ended(2, 1_000, code: 3), .created(2, 1, 1_000),
                .started(2, 1, 1_001), .ended(2, 1, 2_501, code: 3), .backOff(container: 2, delay: 10_000_000_000),
                .created(2, 2, 12_501), .started(2, 2, 12_502), .stopping(grace: 30),
                .ended(2, 2, 12_602, signal: SIGTERM),
                .ended(1, 12_702, code: 0), .phase("Failed"), .finished(exitCode: 0, status: "{}"),
            ], &screen)
        #expect(
            lines == [
                #"init "clone" started"#,
                #"init "clone" finished in 0.4 s"#,
                #"sidecar "sync" started"#,
                #"container "web" started"#,
                #"pod "demo": Running"#,
                #"container "web" exited with code 3 after 0.6 s, restarting"#,
                #"container "web" started again (restart 1)"#,
                #"container "web" exited with code 3 after 1.5 s, restarting in 10 s"#,
                #"container "web" started again (restart 2)"#,
                #"stopping pod "demo", at most 30 s"#,
                #"container "web" was ended by SIGTERM after 0.1 s"#,
                #"sidecar "sync" finished after 12.3 s"#,
                #"pod "demo": Failed"#,
            ])
    }

    @Test func whatAnotherContainerDoesSettlesAnEnd() {
        var screen = RunScreen(pods: [.test("demo", ["a", "b"])], style: .plain)
        _ = show([.started(0, 0), .started(1, 0)], &screen)
        #expect(screen.take(.ended(0, 500, code: 1), pod: 0) == "")
        #expect(screen.take(.created(1, 1, 501), pod: 0) == "container \"a\" exited with code 1 after 0.5 s\n")
        #expect(screen.take(.ended(0, 1, 900, code: 1), pod: 0) == "")
        #expect(screen.settle() == "container \"a\" exited with code 1\n")
        #expect(
            screen.take(.backOff(container: 0, delay: 80_000_000_000), pod: 0)
                == "container \"a\" restarts in 1 min 20 s\n")
    }

    @Test func whatIsToldTwiceIsShownOnce() {
        var screen = RunScreen(pods: [.test("demo", ["web"])], style: .plain)
        let reports: [PodReport] = [.created(0, 0), .started(0, 1), .ended(0, 500, code: 1), .created(0, 1, 501)]
        #expect(show(reports, &screen).count == 2)
        #expect(show(reports, &screen) == [])
    }

    @Test func failuresSayWhatToDo() {
        var screen = RunScreen(pods: [.test("demo", ["web"])], style: .plain)
        let failure = LaunchFailure(.exec, errno: ENOENT, path: "/nginx")
        let lines = show([.failedToStart(container: 0, attempt: 0, at: at(1), failure: failure)], &screen)
        #expect(
            lines == [
                "container \"web\": exec \"/nginx\": not found in root host:/; install it on this host, or set command: to a "
                    + "program that is there; for a script, check the interpreter after #!"
            ])
        #expect(
            show([.sandboxFailed(reason: "FailedMount", message: "no /data")], &screen)
                == ["pod \"demo\": FailedMount: no /data"])
    }

    @Test func endsOfOtherKinds() {
        var screen = RunScreen(pods: [.test("demo", ["clone", "web"])], style: .plain)
        let lines = show(
            [
                .started(0, 0), .ended(0, 1_500, code: 7), .started(1, 2_000),
                .ended(1, 0, 3_000, signal: SIGKILL, oom: true),
                .started(1, 1, 3_000), .ended(1, 1, 3_020, signal: SIGSEGV), .stopping(grace: 0), .note("disk full"),
            ], &screen)
        #expect(
            lines == [
                #"init "clone" started"#, #"init "clone" failed with code 7 after 1.5 s"#, #"container "web" started"#,
                #"container "web" was killed, out of memory after 1 s"#, #"container "web" started again (restart 1)"#,
                #"container "web" was ended by SIGSEGV after 20 ms"#, #"killing pod "demo""#, #"pod "demo": disk full"#,
            ])
    }

    @Test func prefixesAreAligned() {
        let screen = RunScreen(pods: [.test("demo", ["web", "log-shipper"])], style: .plain)
        #expect(screen.output(pod: 0, container: 0, "hi".utf8) == Array("web         | hi\n".utf8))
        #expect(screen.output(pod: 0, container: 1, "".utf8) == Array("log-shipper | \n".utf8))
        #expect(screen.output(pod: 0, container: 2, "x".utf8) == [])
    }

    @Test func severalPodsAreNamed() {
        var screen = RunScreen(pods: [.test("a", ["web"]), .test("long", ["web"])], style: .plain)
        #expect(screen.output(pod: 0, container: 0, "hi".utf8) == Array("a/web    | hi\n".utf8))
        #expect(screen.output(pod: 1, container: 0, "hi".utf8) == Array("long/web | hi\n".utf8))
        #expect(screen.take(.started(0, 0), pod: 1) == "pod \"long\": container \"web\" started\n")
        #expect(screen.take(.phase("Running"), pod: 1) == "pod \"long\": Running\n")
        #expect(screen.take(.stopping(grace: 5), pod: 1) == "stopping pod \"long\", at most 5 s\n")
    }

    @Test func coloursAreOnePerContainer() {
        let screen = RunScreen(pods: [.test("demo", ["a", "b"])], style: .terminal)
        #expect(screen.output(pod: 0, container: 0, "x".utf8) == Array("\u{1B}[36ma |\u{1B}[0m x\n".utf8))
        #expect(screen.output(pod: 0, container: 1, "x".utf8) == Array("\u{1B}[33mb |\u{1B}[0m x\n".utf8))
    }

    @Test func bytesPassUntouchedWhereThereIsNoTerminal() {
        let screen = RunScreen(pods: [.test("demo", ["a"])], style: .plain)
        let bytes: [UInt8] = [0x1B, 0x5D, 0xFF, 0x00, 0x0D]
        #expect(screen.output(pod: 0, container: 0, bytes) == Array("a | ".utf8) + bytes + [0x0A])
    }

    /// Row S43 of the security table: names, reasons and messages of others.
    @Test func noControlCharacterComesOutOfAReport() {
        let evil = "\u{1B}]0;x\u{7}\u{9B}31m\r\n\u{7F}\u{202E}"
        var plan = PodPlan.test("demo", ["web"])
        plan.name = evil
        plan.containers[0].name = evil
        plan.containers[0].rootFS = .directory(evil)
        var screen = RunScreen(pods: [plan], style: .plain)
        var text = show(
            [
                .sandboxFailed(reason: evil, message: evil), .note(evil), .phase(evil), .started(0, 0),
                .stopping(grace: 3),
                .failedToStart(
                    container: 0, attempt: 1, at: at(4), failure: LaunchFailure(.exec, errno: ENOENT, path: evil)),
                .terminated(container: 0, attempt: 2, at: at(5), exitCode: 1, signal: 0, reason: evil),
            ], &screen
        ).joined()
        text += screen.timelines[0].drawing(.ascii).replacing("\n", with: "")
        text += String(decoding: screen.output(pod: 0, container: 0, []).dropLast(), as: UTF8.self)
        let bad = text.unicodeScalars.filter {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
        }
        #expect(bad.isEmpty)
        #expect(text.contains("\\u{1B}"))
    }
}
