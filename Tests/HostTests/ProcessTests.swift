import Foundation
import Glibc
import Testing

extension HostTests {
    /// What swiftlet's own processes are like while a pod runs, and what they do where the host has run out of something.
    @Suite struct ProcessTests {
        private func withRunningPod(_ body: (World, Run) throws -> Void) throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("a", "echo up; trap 'exit 0' TERM; sleep 100 & wait"),
                        container("b", "trap 'exit 0' TERM; sleep 100 & wait"),
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                try run.waitForLine("a | up")
                usleep(50_000)
                try body(world, run)
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        @Test func supervisorAndKeeperAreOneThreadEach() throws {
            try withRunningPod { world, _ in
                let pids = world.supervisors() + world.keepers()
                #expect(pids.count == 2)
                for pid in pids {
                    let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
                    #expect(tasks.count == 1, "\(tasks)")
                }
            }
        }

        @Test func anIdlePodWakesNobody() throws {
            try withRunningPod { world, run in
                func switches() -> [String] {
                    (world.supervisors() + world.keepers() + [run.pid]).sorted().map { pid in
                        let status = text(at: "/proc/\(pid)/status").split(separator: "\n")
                        return "\(pid) " + status.filter { $0.contains("ctxt_switches") }.joined(separator: " ")
                    }
                }
                // What the start has left to do: the pod's state is written to disk.
                usleep(500_000)
                let before = switches()
                sleep(1)
                #expect(switches() == before)
            }
        }

        @Test func theirMemoryIsSmall() throws {
            try withRunningPod { world, _ in
                let sum = (world.supervisors() + world.keepers()).reduce(0) { sum, pid in
                    let line = text(at: "/proc/\(pid)/smaps_rollup").split(separator: "\n").first {
                        $0.hasPrefix("Pss:")
                    }
                    return sum + (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
                }
                // The budget is 4 MB in a release build; a debug build is larger.
                #expect(sum > 0 && sum < 20_000, "\(sum) kB")
            }
        }

        @Test func stateIsTheUsersAlone() throws {
            try withRunningPod { world, _ in
                for folder in ["lib", "run"] {
                    var status = stat()
                    #expect(stat("\(world.root)/\(folder)", &status) == 0)
                    #expect(
                        status.st_mode & 0o077 == 0 || status.st_mode & 0o066 == 0, "\(folder) is \(status.st_mode)")
                }
                let names = text(at: "/proc/net/unix").split(separator: "\n").filter { $0.contains("@swiftlet") }
                #expect(names.isEmpty, "abstract sockets can be reached from any pod with hostNetwork")
            }
        }

        @Test func aFullDiskIsAClearErrorAndLeavesNothing() throws {
            try withWorld { world in
                try world.directory("disk")
                try #require(mount("none", world.files + "/disk", "tmpfs", 0, "size=64k,nr_inodes=3") == 0)
                defer { umount2(world.files + "/disk", Int32(MNT_DETACH)) }
                try world.write("disk/one", "1")
                try world.write("disk/two", "2")
                let manifest = try world.write("pod.yaml", pod(container("a", "true")))
                let run = try world.command(["validate", manifest]).wait()
                #expect(run.code == 0)
                let full = try world.program([World.binary, "run", "--root", world.files + "/disk", manifest]).wait()
                #expect(full.code == 1, "\(full)")
                #expect(full.stderr.contains("No space left") || full.stderr.contains("disk"), "\(full)")
            }
        }

        @Test func fewDescriptorsAreEnoughOrAClearError() throws {
            try withWorld { world in
                let manifest = try world.write("pod.yaml", pod(container("a", "echo ran")))
                let command = "ulimit -n 24; exec \(World.binary) run --root \(world.root) \(manifest)"
                let run = try world.program(["sh", "-c", command]).wait()
                #expect(
                    run.code == 0 && run.stdout == "a | ran\n" || run.stderr.contains("Too many open files"), "\(run)")
            }
        }

        @Test func thirtyPodsInARowLeaveNothing() throws {
            try withWorld { world in
                let text = pod(
                    container("a", "true", "volumeMounts: [{name: w, mountPath: /w}]"),
                    spec: "volumes: [{name: w, emptyDir: {medium: Memory}}]")
                var seconds: [Double] = []
                for _ in 0..<30 {
                    let run = try world.run(text)
                    #expect(run.code == 0, "\(run)")
                    seconds.append(run.seconds)
                }
                let early = seconds.prefix(10).sorted()[5]
                let late = seconds.suffix(10).sorted()[5]
                #expect(late < early * 1.5, "\(early) s at first, \(late) s at last")
            }
        }
    }
}
