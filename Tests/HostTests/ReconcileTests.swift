import Foundation
import Glibc
import Testing

extension HostTests {
    /// What one command leaves undone, the next one does.
    @Suite struct ReconcileTests {
        private func killAll(_ world: World) throws {
            for pid in world.keepers() + world.supervisors() { kill(pid, SIGKILL) }
            try eventually("all of it is dead", within: 10) {
                world.keepers().isEmpty && world.supervisors().isEmpty && world.containerProcesses().isEmpty
            }
        }

        @Test func aKilledPodIsStartedAgainByTheNextCommand() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                _ = try host.apply(marker(world))
                try host.waitForStarts(1)
                try killAll(world)
                let boot = try host.verb("boot")
                #expect(boot.stdout == "pod/p started\n" && boot.code == 0, "\(boot)")
                try host.waitForStarts(2)
                let again = try host.verb("boot")
                #expect(again.stdout.isEmpty && again.stderr.isEmpty, "\(again)")
                #expect(host.starts() == 2)
                try host.verb("delete", "pod", "p", "--now")
            }
        }

        @Test func aDeletionThatLosesItsSupervisorEnds() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                _ = try host.apply(marker(world))
                try host.waitForStarts(1)
                try host.verb("delete", "pod", "p", "--wait=false")
                try killAll(world)
                try host.verb("boot")
                #expect(world.remains() == [])
                let missing = try host.verb("delete", "pod", "p")
                #expect(missing.code == 1, "\(missing)")
            }
        }

        /// Killed at about every step of an apply, and of a delete.
        @Test func aKilledCommandIsFinishedByTheNext() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let path = try world.write("pod.yaml", marker(world))
                for step in 0..<16 {
                    let delay = UInt32(step) * 4000
                    let apply = try world.command(["apply", "-f", path, "--root", world.root])
                    usleep(delay)
                    kill(apply.pid, SIGKILL)
                    _ = try apply.wait(10)
                    let second = try host.verb("apply", "-f", path)
                    #expect(second.code == 0, "after \(delay) µs: \(second)")
                    try eventually("one pod runs, after \(delay) µs", within: 10) {
                        world.containerProcesses().count == 1
                    }
                    let delete = try world.command(["delete", "-f", path, "--now", "--root", world.root])
                    usleep(delay)
                    kill(delete.pid, SIGKILL)
                    _ = try delete.wait(10)
                    _ = try host.verb("delete", "-f", path, "--now", "--ignore-not-found")
                    let boot = try host.verb("boot")
                    #expect(boot.code == 0 && boot.stdout.isEmpty, "after \(delay) µs: \(boot)")
                    #expect(world.remains() == [], "after \(delay) µs")
                    #expect(world.supervisors().isEmpty, "after \(delay) µs")
                }
            }
        }

        /// F12
        @Test func manyAppliesAndDeletesOfOnePodAtOnce() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let path = try world.write("pod.yaml", marker(world))
                var runs: [Run] = []
                for _ in 0..<10 {
                    runs.append(try world.command(["apply", "-f", path, "--root", world.root]))
                    runs.append(
                        try world.command(["delete", "-f", path, "--now", "--ignore-not-found", "--root", world.root]))
                }
                for run in runs {
                    let outcome = try run.wait(60)
                    #expect(outcome.code == 0, "\(outcome)")
                    #expect(world.containerProcesses().count <= 1)
                }
                let last = try host.verb("apply", "-f", path)
                #expect(last.code == 0, "\(last)")
                try eventually("it runs", within: 10) { world.containerProcesses().count == 1 }
                try host.verb("delete", "-f", path, "--now")
                #expect(world.remains() == [])
            }
        }
    }
}
