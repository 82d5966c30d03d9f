import Foundation
import Glibc
import Testing

extension HostTests {
    /// hostPID, hostIPC, shareProcessNamespace.
    @Suite struct SharedNamespaceTests {
        private func own(_ kind: String) -> String {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(kind)")) ?? ""
        }

        /// Whether a process with this word in its command line runs.
        private func runs(_ word: String) -> Bool {
            HostProcess.all().contains {
                $0.state != "Z" && text(at: "/proc/\($0.pid)/cmdline").split(separator: "\0").contains(Substring(word))
            }
        }

        // MARK: hostPID

        /// Guards `Keeper.cloneContainer`.
        @Test func withHostPIDAContainerSeesTheHostsProcesses() throws {
            try withWorld { world in
                let script = """
                    readlink /proc/self/ns/pid; cat /proc/\(getpid())/comm; read pid rest < /proc/self/stat; [ $pid != 1 ] && echo not the first
                    ( : >> /proc/sys/kernel/core_pattern ) 2>/dev/null && echo writable
                    """
                let run = try world.run(pod(container("a", script), spec: "hostPID: true"))
                let name = text(at: "/proc/self/comm").trimmingCharacters(in: .newlines)
                #expect(run.lines(of: "a") == [own("pid"), name, "not the first"], "\(run)")
                let usual = try world.run(
                    pod(container("a", "readlink /proc/self/ns/pid; read pid rest < /proc/self/stat; echo $pid")))
                #expect(usual.lines(of: "a").last == "1" && usual.lines(of: "a").first != own("pid"), "\(usual)")
            }
        }

        /// Guards `Supervisor.endProcesses` and `killProcesses`.
        @Test(arguments: ["hostPID: true", "shareProcessNamespace: true"])
        func whatAContainerHasStartedEndsWithIt(_ spec: String) throws {
            try withWorld { world in
                let word = "\(Int.random(in: 100_000...999_999)).5"
                let left = "setsid sleep \(word) & sleep \(word) & "
                let run = try world.start(
                    pod(
                        container("a", left + "sleep 0.2; echo end"), container("b", idle + " # b"),
                        spec: spec))
                try run.waitForLine("a | end")
                try eventually("a's processes to end") { !runs(word) }
                run.interrupt()
                #expect(try run.wait().code == 0)
                // And where it has to be killed: with its whole tree.
                let stubborn = "trap '' TERM; " + left + "echo up; while :; do sleep 0.05; done"
                let killed = try world.start(
                    pod(container("a", stubborn), spec: spec + "\nterminationGracePeriodSeconds: 1"))
                try killed.waitForLine("a | up")
                #expect(runs(word))
                killed.interrupt()
                _ = try killed.wait()
                #expect(!runs(word))
            }
        }

        /// A cgroup that was killed is not used again.
        @Test(arguments: ["hostPID: true", "shareProcessNamespace: true"])
        func aContainerIsStartedAgain(_ spec: String) throws {
            try withWorld { world in
                let script =
                    "sleep 300 & if [ -e /v/first ]; then echo second; else touch /v/first; echo first; exit 3; fi"
                let run = try world.run(
                    pod(
                        container("a", script, "volumeMounts: [{name: v, mountPath: /v}]"), policy: "OnFailure",
                        spec: spec + "\nvolumes: [{name: v, emptyDir: {}}]"))
                #expect(run.code == 0 && run.lines(of: "a") == ["first", "second"], "\(run)")
            }
        }

        @Test(arguments: ["hostPID: true", "shareProcessNamespace: true"])
        func theKeepersDeathEndsAll(_ spec: String) throws {
            try withWorld(sweeping: true) { world in
                let word = "\(Int.random(in: 100_000...999_999)).5"
                let run = try world.start(
                    pod(container("a", "setsid sleep \(word) & echo up; \(idle)"), spec: spec))
                try run.waitForLine("a | up")
                #expect(runs(word))
                for keeper in world.keepers() { kill(keeper, SIGKILL) }
                #expect(try run.wait().code == 137)
                #expect(!runs(word))
            }
        }

        // MARK: hostIPC

        /// Guards `Supervisor.completeNamespaces` and `SharedMounts.make`.
        @Test func withHostIPCAContainerHasTheHostsSharedMemory() throws {
            try withWorld { world in
                let mark = "/dev/shm/swiftlet-test-\(getpid())"
                try Data("host\n".utf8).write(to: URL(fileURLWithPath: mark))
                defer { unlink(mark) }
                let script = "readlink /proc/self/ns/ipc; cat \(mark); echo changed > \(mark)"
                let run = try world.run(pod(container("a", script), spec: "hostIPC: true"))
                #expect(run.lines(of: "a") == [own("ipc"), "host"] && text(at: mark) == "changed\n", "\(run)")
                let usual = try world.run(pod(container("a", "readlink /proc/self/ns/ipc; cat \(mark) || echo none")))
                #expect(usual.lines(of: "a").last == "none" && usual.lines(of: "a").first != own("ipc"), "\(usual)")
            }
        }

        // MARK: shareProcessNamespace

        /// Guards `PauseProcess` and `Keeper.cloneContainer`.
        @Test func containersSeeEachOthersProcesses() throws {
            try withWorld { world in
                let number = Int.random(in: 10_000...99_999)
                let word = "1\(number).5"
                let look = """
                    until grep -qxza "[1]\(number).5" /proc/[0-9]*/cmdline 2>/dev/null; do sleep 0.02; done
                    cat /proc/1/comm; echo "$(ls -A /proc/1/root/ 2>/dev/null | wc -l) files"
                    head -c 1 /proc/1/environ 2>/dev/null | wc -c; kill -KILL 1; kill -TERM 1; sleep 0.1
                    for p in /proc/[0-9]*; do cat $p/comm; done | grep -c '^swiftlet-keeper'; read pid rest < /proc/self/stat; [ $pid != 1 ] && echo end
                    """
                let run = try world.start(
                    pod(container("a", "exec sleep \(word)"), container("b", look), spec: "shareProcessNamespace: true")
                )
                try run.waitForLine("b | end")
                run.interrupt()
                let outcome = try run.wait()
                #expect(
                    outcome.lines(of: "b") == ["swiftlet-pause", "0 files", "0", "0", "end"], "\(outcome)")
            }
        }

        /// F18. Guards `swl_reap_for_ever`.
        @Test func orphansAreCollected() throws {
            try withWorld { world in
                let script = """
                    python3 - <<'END'
                    import os, time
                    for _ in range(10000):
                        child = os.fork()
                        if child == 0:
                            if os.fork() == 0: os._exit(0)
                            os._exit(0)
                        os.waitpid(child, 0)
                    def zombies():
                        count = 0
                        for name in os.listdir("/proc"):
                            if name.isdigit():
                                try: count += open("/proc/%s/stat" % name).read().rsplit(")", 1)[1].split()[0] == "Z"
                                except OSError: pass
                        return count
                    end = time.time() + 2
                    while zombies() and time.time() < end: time.sleep(0.05)
                    print("zombies", zombies())
                    END
                    """
                let run = try world.run(
                    pod(container("a", script), spec: "shareProcessNamespace: true"), timeout: 60)
                #expect(run.lines(of: "a") == ["zombies 0"], "\(run)")
            }
        }

        /// Guards `Keeper.startPause`: as the death of the sandbox.
        @Test func theDeathOfTheFirstProcessIsThatOfTheSandbox() throws {
            try withWorld { world in
                func pauses() -> [HostProcess] {
                    let keepers = Set(world.keepers())
                    return HostProcess.all().filter { $0.name == "swiftlet-pause" && keepers.contains($0.parent) }
                }
                let run = try world.start(
                    pod(
                        container("a", "echo up; \(idle)"), initContainers: [container("i", "echo first")],
                        policy: "Always", spec: "shareProcessNamespace: true"))
                try run.waitForLine("a | up")
                #expect(pauses().count == 1)
                for pause in pauses() { kill(pause.pid, SIGKILL) }
                try eventually("the second start", within: 15) {
                    run.stdout.components(separatedBy: "a | up").count == 3
                }
                #expect(run.stdout.components(separatedBy: "i | first").count == 3)
                #expect(pauses().count == 1)
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func aNewSupervisorGoesOn() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "while [ ! -e /v/go ]; do sleep 0.02; done; sleep 300 & exit 3",
                            "volumeMounts: [{name: v, mountPath: /v}]"),
                        sidecarless(world), policy: "Never",
                        spec: "shareProcessNamespace: true\nvolumes: [{name: v, hostPath: {path: \(world.files)}}]"))
                try run.waitForLine("b | up")
                for supervisor in world.supervisors() { kill(supervisor, SIGKILL) }
                try world.write("go", "")
                let outcome = try run.wait()
                #expect(outcome.code == 3 && outcome.lines(of: "b") == ["up", "end"], "\(outcome)")
            }
        }

        private func sidecarless(_ world: World) -> String {
            container(
                "b", "echo up; until [ -e /v/go ]; do sleep 0.02; done; sleep 0.5; echo end",
                "volumeMounts: [{name: v, mountPath: /v}]")
        }
    }
}
