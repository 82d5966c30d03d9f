import Foundation
import Glibc
import Testing

extension HostTests {
    /// The host has run out of something: a clear refusal, pods that run already do not notice, and nothing is left.
    @Suite struct ExhaustionTests {
        private func swiftlet(_ world: World, _ arguments: [String], root: String? = nil) throws -> Run {
            try world.program([World.binary] + arguments, environment: ["SWIFTLET_ROOT=\(root ?? world.root)"])
        }

        /// F06. No space on the state directory's file system: the path is named, and all goes on when there is space again.
        @Test func aFullStateDirectoryRefusesAndRecovers() throws {
            try withWorld { world in
                let disk = try world.directory("disk")
                try #require(mount("none", disk, "tmpfs", 0, "size=2m,nr_inodes=100") == 0)
                defer { umount2(disk, Int32(MNT_DETACH)) }
                let talker = try world.write(
                    "talker.yaml",
                    pod(
                        container("a", "trap 'exit 0' TERM; i=0; while :; do echo $((i += 1)); sleep 0.01; done"),
                        name: "t"))
                let running = try swiftlet(world, ["run", talker], root: disk)
                try running.waitForLine("a | 5\n")
                try #require(world.fill(disk + "/filler"))
                var names: [String] = []
                while true {
                    let name = "\(disk)/name-\(names.count)"
                    let file = open(name, O_WRONLY | O_CREAT, 0o600)
                    if file < 0 { break }
                    close(file)
                    names.append(name)
                }
                let manifest = try world.write("pod.yaml", pod(container("a", "echo ran")))
                let refused = try swiftlet(world, ["run", manifest], root: disk).wait()
                #expect(refused.code == 1, "\(refused)")
                #expect(refused.stderr.contains(disk) && refused.stderr.contains("No space left"), "\(refused)")
                try eventually("the log of the running pod waits") { running.stderr.contains("cannot be written") }
                unlink(disk + "/filler")
                for name in names { unlink(name) }
                let taken = try swiftlet(world, ["run", manifest], root: disk).wait()
                #expect(taken.stdout == "a | ran\n", "\(taken)")
                let lines = running.stdout.split(separator: "\n").count
                try running.waitForLine("a | \(lines + 20)\n")
                running.interrupt()
                let outcome = try running.wait()
                let shown = outcome.lines(of: "a").compactMap { Int($0) }
                #expect(shown == Array(1...shown.count), "no line is lost or doubled")
                #expect(outcome.code == 0, "\(outcome.stderr)")
                for folder in ["lib/pods", "run/pods"] {
                    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(disk)/\(folder)").isEmpty)
                }
            }
        }

        /// F06
        @Test func aReadOnlyStateDirectoryIsNamed() throws {
            try withWorld { world in
                let disk = try world.directory("disk")
                try #require(mount("none", disk, "tmpfs", 0, "size=2m,nr_inodes=100") == 0)
                defer { umount2(disk, Int32(MNT_DETACH)) }
                let manifest = try world.write("pod.yaml", pod(container("a", "echo ran")))
                #expect(try swiftlet(world, ["run", manifest], root: disk).wait().code == 0)
                try #require(mount(nil, disk, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
                let refused = try swiftlet(world, ["run", manifest], root: disk).wait()
                #expect(refused.code == 1, "\(refused)")
                #expect(refused.stderr.contains(disk) && refused.stderr.contains("Read-only file system"), "\(refused)")
                try #require(mount(nil, disk, nil, UInt(MS_REMOUNT), nil) == 0)
                #expect(try swiftlet(world, ["run", manifest], root: disk).wait().code == 0)
            }
        }

        /// F07. However few descriptors there may be, a pod runs or is refused.
        @Test func anyNumberOfDescriptorsIsEnoughOrRefused() throws {
            try withWorld(sweeping: true) { world in
                let other = try world.start(pod(container("a", "echo up; \(idle)"), name: "other"))
                try other.waitForLine("a | up")
                let manifest = try world.write("pod.yaml", pod(container("a", "echo ran")))
                var least = 0
                for limit in [4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 32, 40, 48] {
                    let command = "ulimit -n \(limit); SWIFTLET_ROOT=\(world.root) exec \(World.binary) run \(manifest)"
                    let run = try world.program(["sh", "-c", command]).wait()
                    if run.stdout == "a | ran\n" && run.code == 0 {
                        if least == 0 { least = limit }
                    } else {
                        #expect(run.code != 0 && !run.stderr.isEmpty, "\(limit) descriptors: \(run)")
                        #expect(limit < 48, "\(run)")
                    }
                }
                print("a pod takes at most \(least) descriptors")
                #expect(!other.hasEnded)
                other.interrupt()
                #expect(try other.wait().code == 0)
            }
        }

        /// F07. EAGAIN from clone: the process table, or what one may have of it, is full.
        @Test func aFullProcessTableIsARefusal() throws {
            try withWorld(needs: [.legacyCgroups], sweeping: true) { world in
                let other = try world.start(pod(container("a", "echo up; \(idle)"), name: "other"))
                try other.waitForLine("a | up")
                let manifest = try world.write("pod.yaml", pod(container("a", "echo ran")))
                let group = "/sys/fs/cgroup/pids/swiftlet-test-\(getpid())"
                try #require(mkdir(group, 0o755) == 0)
                defer { rmdir(group) }
                for limit in [1, 2, 3, 4, 6, 8, 12, 60] {
                    try "\(limit)".write(toFile: group + "/pids.max", atomically: false, encoding: .utf8)
                    let command =
                        "echo $$ >\(group)/cgroup.procs; SWIFTLET_ROOT=\(world.root) exec \(World.binary) run \(manifest)"
                    let run = try world.program(["sh", "-c", command]).wait()
                    let ran = run.stdout == "a | ran\n" && run.code == 0
                    #expect(ran || run.code != 0 && !run.stderr.isEmpty, "\(limit) processes: \(run)")
                    #expect(ran || limit < 60, "\(run)")
                }
                #expect(!other.hasEnded)
                other.interrupt()
                #expect(try other.wait().code == 0)
            }
        }

        /// F17. Input that a container never reads stalls nobody.
        @Test func inputThatIsNeverReadStallsNobody() throws {
            try withWorld { world in
                let manifest = try world.write(
                    "pod.yaml",
                    pod(
                        container("a", "echo up; sleep 0.5; exit 7", "stdin: true"),
                        container("b", "i=0; while [ $i -lt 50 ]; do echo $((i += 1)); sleep 0.01; done")))
                let run = try world.program([
                    "sh", "-c",
                    "head -c 50000000 /dev/zero | SWIFTLET_ROOT=\(world.root) \(World.binary) run \(manifest); exit $?",
                ])
                let outcome = try run.wait(10)
                #expect(outcome.code == 7, "\(outcome)")
                #expect(outcome.lines(of: "b") == (1...50).map(String.init), "\(outcome)")
            }
        }

        /// F18. A first process that collects nobody: its orphans go with it.
        @Test func tenThousandOrphansGoWithTheirContainer() throws {
            try withWorld(needs: [.program("python3")]) { world in
                let script = """
                    import os
                    for _ in range(10000):
                        child = os.fork()
                        if child == 0:
                            if os.fork() == 0: os._exit(0)
                            os._exit(0)
                        os.waitpid(child, 0)
                    print("made", flush=True)
                    """
                let run = try world.start(
                    pod("{name: a, image: \"host:/\", command: [python3, -c, \(quoted(script))]}"))
                try run.waitForLine("a | made", within: 60)
                let made = monotonicSeconds()
                #expect(try run.wait(20).code == 0)
                #expect(monotonicSeconds() - made < 10)
            }
        }
    }
}

extension World {
    /// Writes until there is no space any more.
    func fill(_ path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        for size in [65536, 4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while Glibc.write(file, bytes, size) > 0 {}
        }
        return errno == ENOSPC
    }
}
