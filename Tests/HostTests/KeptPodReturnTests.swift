import Foundation
import Glibc
import PodAPI
import PodPlan
import Testing

@testable import Commands

extension HostTests {
    /// Kept pods whose processes are killed, whichever and whenever.
    @Suite struct KeptPodReturnTests {
        private func killAll(_ world: World) throws {
            // The keeper first would be noticed by the supervisor.
            let victims = world.supervisors() + world.keepers()
            for pid in victims { kill(pid, SIGSTOP) }
            for pid in victims { kill(pid, SIGKILL) }
            try eventually("containers have gone") { world.containerProcesses().isEmpty && world.keepers().isEmpty }
        }

        private func restarts(_ kept: KeptPod, _ container: String) -> Int64 {
            let lists = ["initContainerStatuses", "containerStatuses"]
            let all = lists.flatMap { kept.status[path: "status", $0]?.items ?? [] }
            return all.first { $0["name"]?.string == container }?["restartCount"]?.integer ?? -1
        }

        @Test func supervisorsDieAndNoLineIsLost() throws {
            try withWorld { world in
                let script = """
                    i=0; while [ $i -lt 60000 ]; do seq $((i + 1)) $((i + 1000)); i=$((i + 1000)); sleep 0.01; done; exit 7
                    """
                let kept = try KeptPod(world, pod(container("a", script), policy: "Never"))
                try kept.start()
                var killed = Set<pid_t>()
                for _ in 0..<4 {
                    try eventually("a supervisor") { world.supervisors().contains { !killed.contains($0) } }
                    usleep(60_000)
                    for pid in world.supervisors() where killed.insert(pid).inserted { kill(pid, SIGKILL) }
                }
                try kept.waitForPhase("Failed", within: 20)
                try eventually("it leaves") { world.supervisors().isEmpty }
                #expect(kept.status[path: "exitCode"]?.integer == 7)
                #expect(kept.log("a") == (1...60_000).map(String.init))
                try kept.remove()
            }
        }

        @Test func theKeeperDiesAndThePodGoesOnInANewSandbox() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world,
                    pod(
                        container(
                            "a", "echo x >> /w/kept; wc -l < /w/kept; \(idle)",
                            "volumeMounts: [{name: w, mountPath: /w}]"),
                        policy: "Always", spec: "volumes: [{name: w, emptyDir: {}}]"))
                try kept.start()
                try kept.waitForPhase("Running")
                for keeper in world.keepers() { kill(keeper, SIGKILL) }
                try eventually("it runs again") { self.restarts(kept, "a") == 1 && kept.phase == "Running" }
                try eventually("emptyDirs are kept") { kept.log("a", attempt: 1) == ["2"] }
                #expect(kept.reasons.contains("SandboxChanged"), "\(kept.reasons)")
                try kept.remove()
            }
        }

        @Test func bothDieAndTheNextStartGoesOn() throws {
            try withWorld { world in
                let mount = "volumeMounts: [{name: w, mountPath: /w}]"
                let kept = try KeptPod(
                    world,
                    pod(
                        container("a", "echo app >> /w/order; cat /w/order; \(idle)", mount),
                        initContainers: [container("i", "echo init >> /w/order", mount)], policy: "Always",
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                try kept.start()
                try kept.waitForPhase("Running")
                for round in 1...3 {
                    try killAll(world)
                    // Another command has nothing to sweep there.
                    if round == 1 { #expect(try world.run(pod(container("next", "true"))).code == 0) }
                    try kept.start()
                    try eventually("it runs again") { self.restarts(kept, "a") == round && kept.phase == "Running" }
                    let expected = (0...round).flatMap { _ in ["init", "app"] }
                    try eventually("init containers run again, and emptyDirs are kept") {
                        kept.log("a", attempt: round) == expected
                    }
                }
                #expect(restarts(kept, "i") == 3)
                let last = kept.status[path: "status", "containerStatuses"]?.items.first?[
                    path: "lastState", "terminated"]
                #expect(last?["exitCode"]?.integer == 137, "\(kept.file("status.json"))")
                try kept.remove()
            }
        }

        @Test func aPodThatIsNeverRestartedHasFailed() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", idle), policy: "Never"))
                try kept.start()
                try kept.waitForPhase("Running")
                try killAll(world)
                try kept.start()
                try kept.waitForPhase("Failed")
                try eventually("it leaves") { world.supervisors().isEmpty }
                #expect(kept.status[path: "ended"]?.bool == true)
                try kept.remove()
            }
        }

        @Test func afterAReboot() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world, pod(container("a", idle), container("b", "exit 3"), policy: "OnFailure"))
                try kept.start()
                try eventually("a back-off") { self.restarts(kept, "b") == 1 && kept.phase == "Running" }
                try killAll(world)
                // As the next boot finds it: nothing in /run, and files that tell of another boot.
                try FileManager.default.removeItem(atPath: kept.plan.paths.run)
                let boot = try #require(kept.status[path: "bootID"]?.string)
                for name in ["lifecycle", "status.json"] {
                    let path = kept.state + "/" + name
                    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                    let place = try #require(bytes.range(of: Data(boot.utf8)))
                    bytes.replaceSubrange(place, with: Data(String(boot.reversed()).utf8))
                    if name == "lifecycle" {
                        let sealed = SealedBytes.seal([UInt8](bytes.dropLast(8)))
                        bytes = Data(sealed)
                    }
                    try bytes.write(to: URL(fileURLWithPath: path))
                }
                try kept.start()
                try eventually("it runs again") { self.restarts(kept, "a") == 1 && kept.phase == "Running" }
                #expect(kept.status[path: "bootID"]?.string == boot)
                try kept.remove()
            }
        }

        @Test func aDamagedStateIsPutAside() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", "echo up; \(idle)"), policy: "Always"))
                try kept.start()
                try kept.waitForPhase("Running")
                var random = SystemRandomNumberGenerator()
                for round in 1...5 {
                    try killAll(world)
                    let path = kept.state + "/lifecycle"
                    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
                    switch round {
                    case 1: bytes = []
                    case 2: bytes.removeLast(bytes.count / 2)
                    default:
                        for _ in 0..<20 {
                            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8)
                        }
                    }
                    try Data(bytes).write(to: URL(fileURLWithPath: path))
                    try kept.start()
                    try eventually("it runs again") { self.restarts(kept, "a") == round && kept.phase == "Running" }
                    #expect(FileManager.default.fileExists(atPath: path + ".bad") == (round > 1))
                    try eventually("a log of its own") { kept.log("a", attempt: round) == ["up"] }
                }
                try kept.remove()
            }
        }

        @Test func aTerminatedSupervisorLeavesThePodToBeStartedAgain() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world,
                    pod(container("a", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.02; done"), policy: "Never"))
                try kept.start()
                try kept.waitForPhase("Running")
                for pid in world.supervisors() { kill(pid, SIGTERM) }
                try eventually("it leaves") { world.supervisors().isEmpty && world.keepers().isEmpty }
                #expect(kept.log("a") == ["bye"])
                #expect(kept.status[path: "ended"]?.bool == false)
                try kept.remove()
            }
        }

        @Test func aSupervisorIsReplaced() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", "echo up; \(idle)")))
                try kept.start()
                try kept.waitForPhase("Running")
                for request in [ControlRequest.replace, nil] {
                    let before = world.supervisors()
                    let containers = world.containerProcesses()
                    if let request { _ = try kept.ask(request) } else { for pid in before { kill(pid, SIGHUP) } }
                    try eventually("another supervisor", within: 3) {
                        let now = world.supervisors()
                        return now.count == 1 && now != before
                    }
                    guard case .container = try kept.ask(.container(name: "a")).reply else {
                        throw Expired(description: "no container")
                    }
                    #expect(world.containerProcesses() == containers)
                }
                #expect(kept.log("a") == ["up"])
                try kept.remove()
            }
        }

        @Test func aFullDiskHurtsNoPod() throws {
            try withWorld(needs: [.program("mount"), .program("umount")]) { world in
                let state = world.root + "/lib"
                try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
                #expect(
                    try world.program(["mount", "-t", "tmpfs", "-o", "size=512k", "none", state]).wait(5).code == 0)
                defer { _ = try? world.program(["umount", state]).wait(5) }
                let kept = try KeptPod(world, pod(container("a", "echo up; \(idle)"), policy: "Always"))
                try kept.start()
                try kept.waitForPhase("Running")
                let filler = state + "/filler"
                try Data(count: 4096).write(to: URL(fileURLWithPath: filler))
                let file = try #require(fopen(filler, "a"))
                var page = [UInt8](repeating: 1, count: 4096)
                setvbuf(file, nil, _IONBF, 0)
                while fwrite(&page, 1, page.count, file) == page.count {}
                fclose(file)
                _ = try kept.ask(.restart(container: "a"))
                try eventually("it is restarted") { kept.log("a", attempt: 1) == ["up"] }
                usleep(300_000)
                #expect(restarts(kept, "a") == 0, "the old state, whole")
                unlink(filler)
                try eventually("the new one") { self.restarts(kept, "a") == 1 }
                try kept.remove()
            }
        }

        @Test func aPodWaitsForWhatItLacks() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world,
                    pod(
                        container("a", idle, "volumeMounts: [{name: h, mountPath: /h}]"),
                        spec: "volumes: [{name: h, hostPath: {path: \(world.files)/later, type: Directory}}]"))
                try kept.start()
                try eventually("an event") { kept.reasons.contains("FailedMount") }
                try kept.waitForPhase("Pending")
                try world.directory("later")
                try kept.waitForPhase("Running", within: 15)
                try kept.remove()
            }
        }

        @Test func containersAreRestartedOnRequest() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world,
                    pod(
                        container("a", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done"),
                        container("b", idle),
                        initContainers: [container("i", "true")], policy: "Never"))
                try kept.start()
                try kept.waitForPhase("Running")
                try eventually("its trap") { kept.log("a") == ["up"] }
                _ = try kept.ask(.restart(container: "a"))
                try eventually("it runs again") { kept.log("a", attempt: 1) == ["up"] && self.restarts(kept, "a") == 1 }
                #expect(kept.log("a") == ["up", "bye"])
                #expect(restarts(kept, "b") == 0)
                _ = try kept.ask(.restart(container: ""))
                try eventually("all run again") { self.restarts(kept, "a") == 2 && self.restarts(kept, "b") == 1 }
                #expect(restarts(kept, "i") == 0)
                #expect(throws: ControlClient.Failure.self) { try kept.ask(.restart(container: "i")) }
                #expect(kept.phase == "Running")
                try kept.remove()
            }
        }
    }
}
