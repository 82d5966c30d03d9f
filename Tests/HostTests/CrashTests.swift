import Foundation
import Glibc
import Testing

extension HostTests {
    /// `kill -9` of any process of a pod, at any moment.
    @Suite struct CrashTests {
        @Test func supervisorsDieAndNoLineAndNoExitCodeIsLost() throws {
            try withWorld(sweeping: true) { world in
                let script = """
                    i=0; while [ $i -lt 200000 ]; do seq $((i + 1)) $((i + 1000)); i=$((i + 1000)); sleep 0.015; done; exit 7
                    """
                let run = try world.start(pod(container("a", script)))
                try run.waitForLine("a | 2000\n")
                var killed = Set<pid_t>()
                while killed.count < 5 && !run.hasEnded {
                    guard let victim = world.supervisors().first(where: { !killed.contains($0) }) else {
                        usleep(2000)
                        continue
                    }
                    kill(victim, SIGKILL)
                    killed.insert(victim)
                    let died = monotonicSeconds()
                    try eventually("a new supervisor", within: 5) {
                        run.hasEnded || world.supervisors().contains { !killed.contains($0) }
                    }
                    // The back-off of the keeper, 0.05 s doubled with each death in a row, stays below this.
                    #expect(monotonicSeconds() - died < 1, "a new supervisor came after \(monotonicSeconds() - died) s")
                    usleep(150_000)
                }
                #expect(killed.count >= 3)
                let outcome = try run.wait(30)
                #expect(outcome.code == 7)
                let shown = outcome.lines(of: "a")
                #expect(shown.count == 200_000, "\(shown.count) lines on the screen")
                if let wrong = zip(shown, 1...).first(where: { $0 != "\($1)" }) {
                    Issue.record("line \(wrong.1) on the screen is \(wrong.0)")
                }
                let logged = world.log("p", "a").split(separator: "\n").map {
                    $0.split(separator: " ", maxSplits: 3).last ?? ""
                }
                #expect(logged.count == 200_000, "\(logged.count) lines in the log")
                if let wrong = zip(logged, 1...).first(where: { $0 != "\($1)" }) {
                    Issue.record("line \(wrong.1) in the log is \(wrong.0)")
                }
            }
        }

        @Test func anExitWhileNoSupervisorLivesIsNotLost() throws {
            try withWorld(sweeping: true) { world in
                let directory = try world.directory("f")
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; until [ -e /f/go ]; do sleep 0.005; done; echo last words; exit 9",
                            "volumeMounts: [{name: f, mountPath: /f}]"),
                        initContainers: [sidecar("side", idle)],
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"))
                try run.waitForLine("a | up")
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGSTOP)
                try world.write("f/go", "")
                usleep(100_000)
                kill(supervisor, SIGKILL)
                let outcome = try run.wait(10)
                #expect(outcome.code == 9, "\(outcome)")
                #expect(outcome.lines(of: "a") == ["up", "last words"], "\(outcome)")
            }
        }

        @Test func theRulesHoldAfterANewSupervisor() throws {
            try withWorld(sweeping: true) { world in
                let log = try world.directory("log")
                let mount = "volumeMounts: [{name: log, mountPath: /log}]"
                func noting(_ name: String) -> String {
                    "trap 'echo \(name) >> /log/order; exit 0' TERM; echo up; while :; do sleep 0.02; done"
                }
                let run = try world.start(
                    pod(
                        container("app", noting("app"), mount),
                        initContainers: [sidecar("one", noting("one"), mount), sidecar("two", noting("two"), mount)],
                        spec: "volumes: [{name: log, hostPath: {path: \(log)}}]"))
                try run.waitForLine("app | up")
                let before = world.containerProcesses()
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGKILL)
                try eventually("a new supervisor", within: 3) { world.supervisors().contains { $0 != supervisor } }
                usleep(100_000)
                #expect(Set(world.containerProcesses()) == Set(before), "containers go on undisturbed")
                run.interrupt()
                let outcome = try run.wait(10)
                #expect(world.read("log/order") == "app\ntwo\none\n", "\(outcome)")
            }
        }

        @Test func portsWorkAgainAfterANewSupervisor() throws {
            try withWorld(needs: [.program("python3")], sweeping: true) { world in
                let port = try Sockets.freePort()
                let run = try world.start(
                    pod(
                        container(
                            "s", NetworkTests.server("hello", port: 7001),
                            "ports: [{containerPort: 7001, hostPort: \(port)}]")))
                try run.waitForLine("s | listening")
                #expect(Sockets.ask("127.0.0.1", port, "1") == "hello 1")
                for round in 0..<2 {
                    let supervisor = try #require(world.supervisors().first)
                    kill(supervisor, SIGKILL)
                    // The keeper holds the listening socket: a connection made now waits for the next supervisor.
                    #expect(Sockets.ask("127.0.0.1", port, "\(round)", seconds: 5) == "hello \(round)")
                }
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        @Test func theCommandDiesAndThePodIsStoppedGracefully() throws {
            try withWorld(sweeping: true) { world in
                let directory = try world.directory("f")
                let run = try world.start(
                    pod(
                        container(
                            "a", "trap 'echo told > /f/told; exit 0' TERM; echo up; while :; do sleep 0.02; done",
                            "volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"))
                try run.waitForLine("a | up")
                let left = world.supervisors() + world.keepers()
                #expect(left.count == 2)
                run.end()
                try eventually("supervisor and keeper have gone") {
                    left.allSatisfy { pid in
                        HostProcess(pid).map { $0.state == "Z" || !$0.name.hasPrefix("swiftlet") } ?? true
                    }
                }
                #expect(world.read("f/told") == "told\n")
                #expect(world.remains().isEmpty, "cleaned without another command")
            }
        }

        @Test func theKeeperDiesAndAPodThatIsNeverRestartedEnds() throws {
            try withWorld(sweeping: true) { world in
                let run = try world.start(pod(container("a", "echo up; \(idle)"), container("b", idle)))
                try run.waitForLine("a | up")
                let containers = world.containerProcesses()
                #expect(containers.count == 2)
                for keeper in world.keepers() { kill(keeper, SIGKILL) }
                try eventually("the containers die at once", within: 1) {
                    containers.allSatisfy { HostProcess($0).map { $0.state == "Z" } ?? true }
                }
                let outcome = try run.wait(5)
                #expect(outcome.code == 137, "\(outcome)")
            }
        }

        @Test func theKeeperDiesAndThePodIsRunAgainByItsPolicy() throws {
            try withWorld(sweeping: true) { world in
                let log = try world.directory("log")
                let mount = "volumeMounts: [{name: log, mountPath: /log}, {name: w, mountPath: /w}]"
                let run = try world.start(
                    pod(
                        container(
                            "a",
                            "echo app >> /log/order; echo x >> /w/kept; wc -l < /w/kept >> /log/kept; echo up; \(idle)",
                            mount),
                        initContainers: [container("i", "echo init >> /log/order", mount)], policy: "Always",
                        spec: "volumes: [{name: log, hostPath: {path: \(log)}}, {name: w, emptyDir: {}}]"))
                try run.waitForLine("a | up")
                for keeper in world.keepers() { kill(keeper, SIGKILL) }
                try eventually("the pod runs again", within: 5) { world.read("log/order") == "init\napp\ninit\napp\n" }
                try eventually("disk-backed emptyDirs are as they were", within: 2) {
                    world.read("log/kept") == "1\n2\n"
                }
                run.interrupt()
                let outcome = try run.wait(10)
                #expect(outcome.lines(of: "a") == ["up", "up"], "\(outcome)")
            }
        }

        @Test func allDieAtOnceAndTheNextCommandCleans() throws {
            try withWorld(sweeping: true) { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; echo x > /w/x; \(idle)",
                            "volumeMounts: [{name: w, mountPath: /w}, {name: m, mountPath: /m}]"),
                        container("b", idle), initContainers: [sidecar("s", idle)], policy: "Always",
                        spec: "volumes: [{name: w, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}]"))
                try run.waitForLine("a | up")
                let victims = [run.pid] + world.supervisors() + world.keepers()
                #expect(victims.count == 3)
                for pid in victims { kill(pid, SIGKILL) }
                try eventually("the containers die", within: 2) { world.containerProcesses().isEmpty }
            }
        }

        enum Victim: CaseIterable { case command, supervisor, keeper, all }

        @Test func nothingIsLeftWhicheverProcessIsKilledWhenever() throws {
            var random = SystemRandomNumberGenerator()
            try withWorld(sweeping: true) { world in
                let before = Census.take(world)
                let text = pod(
                    container(
                        "a", "sleep 0.03", "volumeMounts: [{name: w, mountPath: /w}, {name: m, mountPath: /new/m}]"),
                    container("b", "sleep 0.02; exit 1"), initContainers: [container("i", "true"), sidecar("s", idle)],
                    // A SIGTERM that comes before a first process has its handler is lost, in Kubernetes too.
                    spec: "terminationGracePeriodSeconds: 1\n"
                        + "volumes: [{name: w, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}]")
                for round in 0..<50 {
                    let victim = Victim.allCases.randomElement(using: &random) ?? .all
                    let delay = UInt32.random(in: 0...40_000, using: &random)
                    let isStopping = Bool.random(using: &random)
                    let run = try world.start(text)
                    // Most of the time before the supervisor's birth is the command's own start.
                    try? eventually("a supervisor", within: 1) { run.hasEnded || !world.supervisors().isEmpty }
                    if isStopping {
                        try? eventually("a container", within: 1) {
                            run.hasEnded || !world.containerProcesses().isEmpty
                        }
                        run.interrupt()
                    }
                    usleep(delay)
                    var victims: [pid_t] = []
                    if victim == .command || victim == .all { victims.append(run.pid) }
                    if victim == .supervisor || victim == .all { victims += world.supervisors() }
                    if victim == .keeper || victim == .all { victims += world.keepers() }
                    if !run.hasEnded { for pid in victims { kill(pid, SIGKILL) } }
                    do { _ = try run.wait(12) } catch {
                        Issue.record("round \(round), \(victim) after \(delay) us, stopping: \(isStopping): \(error)")
                    }
                    try eventually("round \(round), \(victim) after \(delay) us: processes have gone", within: 8) {
                        (world.supervisors() + world.keepers()).isEmpty
                    }
                    let next = try world.run(pod(container("next", "true")))
                    let left = world.remains() + Census.differences(world, since: before, within: 1)
                    if next.code != 0 || !left.isEmpty {
                        Issue.record(
                            "round \(round), \(victim) after \(delay) us, stopping: \(isStopping): \(left); \(next)")
                        return
                    }
                }
            }
        }
    }
}
