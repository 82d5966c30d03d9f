import Foundation
import Glibc
import PodAPI
import PodPlan
import Testing

@testable import Commands

extension HostTests {
    /// What is left over is shown and removed, and nothing else; stored pods and their supervisors live where nobody ends them.
    @Suite struct GarbageTests {
        private func collect(_ world: World, _ arguments: String...) throws -> Outcome {
            try world.command(["gc", "--root", world.root] + arguments).wait(20)
        }

        @Test func leftOversAreShownAndRemovedAndTheLivingStay() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", "echo up; \(idle)")))
                try run.waitForLine("up")
                // The uid of a pod that never was.
                let uid = "00000000-0000-4000-8000-00000000dead"
                for path in ["lib/pods/\(uid)/volumes/x", "run/pods/\(uid)", "log/pods/default_old_\(uid)/a"] {
                    try FileManager.default.createDirectory(
                        atPath: world.root + "/" + path, withIntermediateDirectories: true)
                }
                let living = try #require(world.pods().first { $0 != uid })
                let bad = "\(world.root)/lib/pods/\(living)/status.json.bad"
                try Data("x".utf8).write(to: URL(fileURLWithPath: bad))
                for number in 0..<12 {
                    let path = world.root + "/log/pods/default_x_10000000-0000-4000-8000-0000000000\(10 + number)"
                    mkdir(path, 0o755)
                    try Data().write(to: URL(fileURLWithPath: path + "/.swiftlet"))
                }
                let shown = try collect(world)
                #expect(shown.code == 0 && shown.stdout.contains("Nothing was removed"), "\(shown)")
                #expect(shown.stdout.contains(/pod +[0-9.]+ \w+ +00000000-0000-4000-8000-00000000dead/), "\(shown)")
                #expect(shown.stdout.contains(bad), "\(shown)")
                #expect(shown.lines.filter { $0.hasPrefix("log ") }.count == 2, "\(shown)")
                for pod in world.pods() where text(at: world.root + "/run/pods/\(pod)/lock") != "" {
                    #expect(!shown.stdout.contains(" \(pod) "), "\(shown)")
                }
                #expect(access(bad, F_OK) == 0)

                let removed = try collect(world, "--delete")
                #expect(removed.code == 0 && removed.stdout.contains(": removed."), "\(removed)")
                #expect(access(bad, F_OK) != 0)
                #expect(access(world.root + "/lib/pods/\(uid)", F_OK) != 0)
                #expect(access(world.root + "/run/pods/\(uid)", F_OK) != 0)
                let again = try collect(world)
                #expect(!again.stdout.contains(uid) && !again.stdout.contains("\nlog "), "\(again)")
                #expect(!run.hasEnded && world.supervisors().count == 1, "the living pod lives")
                run.interrupt()
                #expect(try run.wait(10).code != 1)
            }
        }

        @Test func aCgroupWhosePodIsGoneIsFound() throws {
            try withWorld { world in
                guard
                    let tree = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].first(where: {
                        access($0 + "/cgroup.procs", F_OK) == 0
                    })
                else { try skip("the host has no cgroup2 mount") }
                let cgroup = "\(tree)/swiftlet/pod00000000-0000-4000-8000-00000000beef"
                mkdir(tree + "/swiftlet", 0o755)
                mkdir(cgroup, 0o755)
                mkdir(cgroup + "/a", 0o755)
                let shown = try collect(world)
                #expect(shown.stdout.contains(cgroup), "\(shown)")
                let removed = try collect(world, "-y")
                #expect(removed.code == 0 && access(cgroup, F_OK) != 0, "\(removed)")
            }
        }

        /// As systemd sees it: what is in a session's or unit's cgroup ends with it.
        @Test func aStoredPodIsInNoCgroupOfItsStarter() throws {
            try withWorld { world in
                let kept = try KeptPod(world, pod(container("a", idle)))
                try kept.start()
                try kept.waitForPhase("Running")
                try eventually("supervisor and keeper have left") {
                    (world.supervisors() + world.keepers()).allSatisfy {
                        text(at: "/proc/\($0)/cgroup").contains("0::/swiftlet/supervisors\n")
                    }
                }
                let legacy = access("/sys/fs/cgroup/systemd/cgroup.procs", F_OK) == 0
                for process in world.supervisors() + world.keepers() + world.containerProcesses() where legacy {
                    #expect(text(at: "/proc/\(process)/cgroup").contains("name=systemd:/swiftlet\n"), "\(process)")
                }
                // The next one is born there.
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGKILL)
                try eventually("a new supervisor") { world.supervisors().contains { $0 != supervisor } }
                let next = try #require(world.supervisors().first { $0 != supervisor })
                #expect(text(at: "/proc/\(next)/cgroup").contains("0::/swiftlet/supervisors\n"))
                try kept.remove()
            }
        }

        @Test func aShutdownStopsPodsGracefullyAndLeavesThemAsTheyWere() throws {
            try withWorld { world in
                let directory = try world.directory("f")
                let kept = try KeptPod(
                    world,
                    pod(
                        container(
                            "a", "trap 'echo bye > /f/bye; exit 0' TERM; echo up; while :; do sleep 0.02; done",
                            "volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"))
                try kept.start()
                try kept.waitForPhase("Running")
                try eventually("it is up") { kept.log("a") == ["up"] }
                let outcome = try world.command(["shutdown", "--root", world.root]).wait(15)
                #expect(outcome.code == 0 && outcome.stdout == "Stopped 1 pod.\n", "\(outcome)")
                #expect(world.read("f/bye") == "bye\n")
                #expect(world.supervisors().isEmpty && world.keepers().isEmpty)
                #expect(kept.phase == "Running" && kept.status[path: "ended"]?.bool == false)
                #expect(Set(world.remains()) == ["lib/pods/\(kept.plan.uid)"])
                try kept.remove()
            }
        }

        @Test func theUnitIsOneThatSystemdTakes() throws {
            try withWorld(needs: [.program("systemd-analyze")]) { world in
                let folder = URL(fileURLWithPath: World.binary).deletingLastPathComponent().path
                let unit = text(at: World.package + "/CMakeHelpers/swiftlet-boot.service.in")
                    .replacing("@CMAKE_INSTALL_FULL_BINDIR@", with: folder)
                let path = try world.write("swiftlet-boot.service", unit)
                let outcome = try world.program(["systemd-analyze", "verify", "--man=no", path]).wait(20)
                #expect(!(outcome.stdout + outcome.stderr).contains("swiftlet-boot"), "\(outcome)")
            }
        }
    }
}
