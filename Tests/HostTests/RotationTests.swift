import Foundation
import Glibc
import Testing

extension HostTests {
    /// A container's log files follow one another; nothing is lost or doubled between them, and they are bounded.
    @Suite struct RotationTests {
        /// The content of all log files of a container's first attempt, put together as a reader does it.
        private func output(_ world: World, _ container: String) throws -> Data {
            let live = try #require(world.logPath("p", container))
            let folder = URL(fileURLWithPath: live).deletingLastPathComponent().path
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            var all = Data()
            for name in names.filter({ $0.hasPrefix("0.log.") }).sorted() + ["0.log"] {
                let file = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
                for record in file.split(separator: 10) {
                    let fields = record.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
                    guard fields.count == 4 else { throw Expired(description: "no record in \(name)") }
                    all += fields[3]
                    if fields[2].first == UInt8(ascii: "F") { all.append(10) }
                }
            }
            return all
        }

        private func files(_ world: World, _ container: String) -> [String] {
            guard let live = world.logPath("p", container) else { return [] }
            let folder = URL(fileURLWithPath: live).deletingLastPathComponent().path
            return (try? FileManager.default.contentsOfDirectory(atPath: folder).map { folder + "/" + $0 }) ?? []
        }

        private func size(_ files: [String]) -> Int64 {
            files.reduce(0) { sum, file in
                var status = stat()
                return lstat(file, &status) == 0 ? sum + Int64(status.st_size) : sum
            }
        }

        private func tail(_ world: World, _ container: String) -> String {
            guard let path = world.logPath("p", container), let file = FileHandle(forReadingAtPath: path) else {
                return ""
            }
            let end = (try? file.seekToEnd()) ?? 0
            try? file.seek(toOffset: end - min(end, 200))
            return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        }

        private func expectNumbers(_ lines: [String], upTo last: Int, _ what: String) {
            #expect(lines.count == last, "\(lines.count) lines \(what)")
            if let wrong = zip(lines, 1...).first(where: { $0 != "\($1)" }) {
                Issue.record("line \(wrong.1) \(what) is \(wrong.0)")
            }
        }

        @Test func rotationsUnderKillsLoseAndDoubleNoLine() throws {
            try withWorld(needs: [.program("perl")], sweeping: true) { world in
                // A file of one byte or more is full: each batch gets one of its own.
                let script = """
                    perl -e '$| = 1; for $i (0 .. 399) { print map { ($i * 300 + $_) . chr(10) } 1 .. 300; \
                    select(undef, undef, undef, 0.008) }'; exit 7
                    """
                let run = try world.start(
                    pod(container("a", script)),
                    ["--container-log-max-size", "1", "--container-log-max-files", "100000"])
                try run.waitForLine("a | 1000\n")
                var killed = Set<pid_t>()
                while killed.count < 8 && !run.hasEnded {
                    guard let victim = world.supervisors().first(where: { !killed.contains($0) }) else {
                        usleep(2000)
                        continue
                    }
                    usleep(60_000 + UInt32(killed.count) * 1700)
                    kill(victim, SIGKILL)
                    killed.insert(victim)
                    try eventually("a new supervisor", within: 5) {
                        run.hasEnded || world.supervisors().contains { !killed.contains($0) }
                    }
                }
                let outcome = try run.wait(40)
                #expect(outcome.code == 7 && killed.count >= 3, "\(outcome.stderr)")
                expectNumbers(outcome.lines(of: "a"), upTo: 120_000, "on the screen")
                let logged = String(decoding: try output(world, "a"), as: UTF8.self).split(separator: "\n").map(
                    String.init)
                expectNumbers(logged, upTo: 120_000, "in the logs")
                #expect(files(world, "a").count > 100, "\(files(world, "a").count) files")
            }
        }

        @Test func aFloodIsBoundedAndNobodyElseWaits() throws {
            try withWorld { world in
                // One line of 60 MB, and then lines.
                let flood = "head -c 60000000 /dev/zero; seq 1 600000; echo; echo the end"
                let run = try world.start(
                    pod(
                        container("flood", flood),
                        container("calm", "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo $i; sleep 0.01; done")),
                    ["-o", "json"])
                // Who reads stops reading, and never goes on.
                try eventually("the first line") { world.log("p", "calm").contains("F 3\n") }
                run.signal(SIGSTOP)
                let supervisor = try #require(world.supervisors().first)
                var largest: Int64 = 0
                var longestGap = 0.0
                var last = (line: "", at: monotonicSeconds())
                try eventually("the flood's end", within: 60) {
                    largest = max(largest, size(files(world, "flood")))
                    let line = world.log("p", "calm").split(separator: "\n").last.map(String.init) ?? ""
                    if line != last.line {
                        longestGap = max(longestGap, monotonicSeconds() - last.at)
                        last = (line, monotonicSeconds())
                    }
                    return tail(world, "flood").hasSuffix("F the end\n")
                }
                #expect(largest <= 51 << 20, "the log took \(largest) bytes")
                #expect(files(world, "flood").count <= 5)
                #expect(longestGap < 2, "the other container's lines came \(longestGap) s late")
                let memory = text(at: "/proc/\(supervisor)/status").firstMatch(of: #/VmHWM:\s+(\d+) kB/#)
                let most = try #require(memory.flatMap { Int($0.1) })
                #expect(most < 24 << 10, "\(most) kB in memory")
                run.signal(SIGCONT)
                _ = try run.wait(30)
            }
        }

        @Test func everyByteComesBackFromTheFiles() throws {
            try withWorld { world in
                var bytes = Data((0..<200_000).map { _ in UInt8.random(in: 0...255) })
                bytes += Data(repeating: 0, count: 40_000) + Data("no line feed".utf8)
                let directory = try world.directory("d")
                try bytes.write(to: URL(fileURLWithPath: directory + "/bytes"))
                let run = try world.run(
                    pod(
                        container("a", "cat /d/bytes", "volumeMounts: [{name: d, mountPath: /d}]"),
                        spec: "volumes: [{name: d, hostPath: {path: \(directory)}}]"),
                    ["--container-log-max-size", "20k", "--container-log-max-files", "1000"])
                #expect(run.code == 0)
                #expect(try output(world, "a") == bytes)
            }
        }

        @Test func aFullDiskIsWaitedForWhileFilesRotate() throws {
            try withWorld(sweeping: true) { world in
                let logs = world.root + "/log/pods"
                try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
                guard mount("tmpfs", logs, "tmpfs", 0, "size=400k") == 0 else { try skip("tmpfs cannot be mounted") }
                defer { umount2(logs, Int32(MNT_DETACH)) }
                try Data(count: 380 << 10).write(to: URL(fileURLWithPath: logs + "/ballast"))
                let line = String(repeating: "x", count: 500)
                let run = try world.start(
                    pod(container("a", "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo $i \(line); done; exit 3")),
                    ["--container-log-max-size", "10k", "--container-log-max-files", "100"])
                try run.waitForLine("the log of \"a\" cannot be written: the container waits")
                usleep(300_000)
                kill(try #require(world.supervisors().first), SIGKILL)
                usleep(300_000)
                unlink(logs + "/ballast")
                let outcome = try run.wait(20)
                #expect(outcome.code == 3, "\(outcome.stderr)")
                let numbers = String(decoding: try output(world, "a"), as: UTF8.self).split(separator: "\n")
                    .map { String($0.prefix { $0 != " " }) }
                expectNumbers(numbers, upTo: 400, "in the logs")
            }
        }

        @Test func limitsThatAreNoneAreRefused() throws {
            try withWorld { world in
                for arguments in [
                    ["--container-log-max-size", "0"], ["--container-log-max-size", "many"],
                    ["--container-log-max-files", "1"],
                ] {
                    let run = try world.run(pod(container("a", "true")), arguments)
                    #expect(run.code == 64 || run.code == 2, "\(run)")
                    #expect(run.stderr.contains(arguments[0]), "\(run)")
                }
            }
        }
    }
}
