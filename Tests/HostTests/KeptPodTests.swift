import Foundation
import Glibc
import PodAPI
import PodPlan
import Testing

@testable import Commands

extension HostTests {
    /// Pods that outlive the command that has started them.
    @Suite struct KeptPodTests {
        @Test func aKeptPodNeedsNobody() throws {
            try withWorld { world in
                let kept = try KeptPod(
                    world, pod(container("a", "echo up; \(idle)"), initContainers: [container("i", "true")]))
                try kept.start()
                try kept.waitForPhase("Running")
                let supervisor = try #require(world.supervisors().first)
                #expect(getsid(supervisor) == supervisor, "a session of its own")
                #expect(text(at: "/proc/\(supervisor)/stat").split(separator: " ")[6] == "0", "no terminal")
                let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(supervisor)/cwd")
                #expect(folder == "/")
                for descriptor in 0...2 {
                    let target = try FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/\(supervisor)/fd/\(descriptor)")
                    #expect(target == "/dev/null")
                }
                #expect(kept.status[path: "ended"]?.bool == false)
                let pid = try #require(kept.status[path: "containers"]?.items.first?[path: "pid"]?.integer)
                guard case .container(let answered, let attempt) = try kept.ask(.container(name: "a")).reply else {
                    throw Expired(description: "no container")
                }
                #expect(Int64(answered) == pid && attempt == 0)
                #expect(world.containerProcesses() == [answered])
                #expect(kept.reasons == ["Created", "Started", "Created", "Started"], "\(kept.file("events"))")
                #expect(kept.events.first?[path: "fieldPath"]?.string == "spec.initContainers{i}")

                #expect(try kept.stop())
                #expect(kept.phase == "Succeeded", "\(kept.file("status.json"))")
                #expect(kept.status[path: "ended"]?.bool == true)
                #expect(kept.reasons.last == "Killing")
                #expect(kept.log("a") == ["up"])
                #expect(Set(world.remains()) == ["lib/pods/\(kept.plan.uid)"], "run directory and cgroup go")
                let names = try FileManager.default.contentsOfDirectory(atPath: kept.state).sorted()
                #expect(names == ["events", "lifecycle", "plan", "status.json"])
                #expect(try kept.stop() == false, "it does not run any more")
                // The next command leaves what is left of it alone.
                #expect(try world.run(pod(container("next", "true"))).code == 0)
                #expect(kept.phase == "Succeeded")
                try kept.remove()
            }
        }

        @Test func theControlSocketOutlivesItsSupervisor() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", idle)))
                try kept.start()
                try kept.waitForPhase("Running")
                for _ in 0..<3 {
                    let supervisor = try #require(world.supervisors().first)
                    kill(supervisor, SIGKILL)
                    guard case .container = try kept.ask(.container(name: "a")).reply else {
                        throw Expired(description: "no container")
                    }
                }
                #expect(kept.reasons.count { $0 == "Started" } == 1)
                #expect(kept.events.allSatisfy { $0[path: "count"]?.integer == 1 }, "\(kept.file("events"))")
                #expect(throws: ControlClient.Failure.refused("container b is not valid for pod p")) {
                    try kept.ask(.container(name: "b"))
                }
                try kept.remove()
            }
        }

        @Test func aPodIsNotStartedTwice() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", idle)))
                try kept.start()
                #expect(throws: DetachedPod.Failure.alreadyRuns) { try kept.start() }
                try kept.waitForPhase("Running")
                try kept.remove()
            }
        }

        @Test func aPodOfRunIsSeenWhileItLives() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", idle)))
                var uid = ""
                try eventually("its object and its status") {
                    uid =
                        world.remains().first { $0.hasPrefix("lib/pods/") }?.split(separator: "/").last.map(String.init)
                        ?? ""
                    let state = world.root + "/lib/pods/" + uid
                    return text(at: state + "/object.json").contains(uid)
                        && text(at: state + "/status.json").contains("\"phase\":\"Running\"")
                }
                run.interrupt()
                #expect(try run.wait(10).code == 0)
            }
        }
    }
}
