import Foundation
import Glibc
import Testing

extension HostTests {
    /// Limits, quality of service, and what becomes of those who take too much.
    @Suite struct ResourceTests {
        /// The cgroups of the world's only pod: values by `<controller>/<container>/<file>`, the pod's own without the middle.
        private func values(_ uid: String, _ containers: [String], _ files: [String]) -> [String: String] {
            var values: [String: String] = [:]
            for container in containers {
                for file in files {
                    let controller = file.split(separator: ".").first.map(String.init) ?? ""
                    let folder = (container.isEmpty ? "" : "/" + container) + "/" + file
                    let path = "/sys/fs/cgroup/\(controller)/swiftlet/pod\(uid)\(folder)"
                    guard access(path, F_OK) == 0 else { continue }
                    values[String(folder.dropFirst())] = text(at: path).trimmingCharacters(in: .whitespacesAndNewlines)
                }
            }
            return values
        }

        private func status(_ run: Outcome) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any]
            return try #require(object?["status"] as? [String: Any], "\(run)")
        }

        private func terminated(
            _ status: [String: Any], _ container: Int = 0, _ field: String = "state"
        ) -> [String: Any] {
            let list = status["containerStatuses"] as? [[String: Any]] ?? []
            guard list.indices.contains(container) else { return [:] }
            return (list[container][field] as? [String: Any])?["terminated"] as? [String: Any] ?? [:]
        }

        @Test func limitsAreTheCgroups() throws {
            try withWorld(needs: [.legacyCgroups]) { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; " + idle,
                            "resources: {requests: {cpu: 250m}, limits: {cpu: 500m, memory: 64Mi}}"),
                        container("b", "echo up; " + idle, "resources: {limits: {cpu: 5m, memory: 32Mi}}"),
                        initContainers: [container("big", "true", "resources: {limits: {cpu: 1, memory: 128Mi}}")]))
                try run.waitForLine("a | up")
                try run.waitForLine("b | up")
                let uid = try #require(world.pods().first)
                let files = ["cpu.shares", "cpu.cfs_quota_us", "memory.limit_in_bytes"]
                #expect(
                    values(uid, ["", "a", "b"], files) == [
                        // The init container has asked for more than both together.
                        "cpu.shares": "1024", "cpu.cfs_quota_us": "100000", "memory.limit_in_bytes": "\(128 << 20)",
                        "a/cpu.shares": "256", "a/cpu.cfs_quota_us": "50000",
                        "a/memory.limit_in_bytes": "\(64 << 20)",
                        // 1 ms in each 100 ms is the least.
                        "b/cpu.shares": "5", "b/cpu.cfs_quota_us": "1000", "b/memory.limit_in_bytes": "\(32 << 20)",
                    ])
                run.interrupt()
                // One hundredth of a processor would take its time to end by itself.
                usleep(100_000)
                run.interrupt()
                _ = try run.wait()
            }
        }

        /// No cgroup of a controller for those who ask for nothing.
        @Test func withoutLimitsThereAreNoSuchCgroups() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", "echo up; " + idle)))
                try run.waitForLine("a | up")
                let uid = try #require(world.pods().first)
                for controller in ["cpu", "memory", "pids", "devices"] {
                    #expect(access("/sys/fs/cgroup/\(controller)/swiftlet/pod\(uid)", F_OK) != 0, "\(controller)")
                }
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func aQuotaIsFelt() throws {
            try withWorld { world in
                let script = """
                    end=$(($(date +%s) + 2)); while [ $(date +%s) -lt $end ]; do :; done
                    awk '{print $14 + $15 + $16 + $17}' /proc/1/stat
                    """
                let run = try world.run(pod(container("a", script, "resources: {limits: {cpu: 100m}}")))
                // Ticks of 10 ms; a tenth of a processor for two to three seconds, and not most of it.
                let ticks = try #require(run.lines(of: "a").last.flatMap(Int.init), "\(run)")
                #expect(ticks < 100, "\(run)")
            }
        }

        /// Programs that ask how much they may have look there, and see their own cgroup alone.
        @Test func limitsAreSeenFromInside() throws {
            try withWorld(needs: [.legacyCgroups]) { world in
                let script = """
                    cd /sys/fs/cgroup; cat cpu/cpu.cfs_quota_us memory/memory.limit_in_bytes; ls
                    awk '$3 ~ /^cgroup/ && $4 !~ /^ro(,|$)/ {print "writable", $2}' /proc/mounts
                    (echo 1 > cpu/cpu.shares) 2>/dev/null && echo written; (mkdir cpu/x) 2>/dev/null && echo made
                    find / -name release_agent 2>/dev/null; cat /proc/self/cgroup
                    """
                let run = try world.run(pod(container("a", script, "resources: {limits: {cpu: 1, memory: 64Mi}}")))
                #expect(
                    run.lines(of: "a").prefix(5) == ["100000", "\(64 << 20)", "cpu", "memory", "unified"], "\(run)")
                #expect(run.lines(of: "a").dropFirst(5).allSatisfy { $0.contains(":/") }, "\(run)")
                #expect(!run.stdout.contains("swiftlet/pod"), "\(run)")
            }
        }

        /// What is run in a container later is in its cgroups too.
        @Test func aProbesCommandIsInTheContainersCgroups() throws {
            try withWorld(needs: [.legacyCgroups]) { world in
                let directory = try world.directory("f")
                let probe =
                    "readinessProbe: {periodSeconds: 1, exec: {command: [sh, -c, "
                    + quoted("cat /proc/self/cgroup /proc/self/oom_score_adj > /f/seen; sleep 0.3") + "]}}"
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; " + idle,
                            "resources: {limits: {memory: 64Mi}}, \(probe), volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"))
                try run.waitForLine("a | up")
                try eventually("the probe", within: 10) { world.read("f/seen").hasSuffix("\n") }
                let seen = world.read("f/seen")
                // In the container's cgroup namespace its own cgroup is the root.
                #expect(seen.contains("memory:/\n"), "\(seen)")
                #expect(seen.split(separator: "\n").last.flatMap { Int($0) } ?? 0 >= 990, "\(seen)")
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func hugePagesAreForThoseWhoAskForThem() throws {
            let reserve = "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
            let before = text(at: reserve).trimmingCharacters(in: .newlines)
            let wanted = (Int(before) ?? 0) + 8
            try? "\(wanted)".write(toFile: reserve, atomically: false, encoding: .utf8)
            defer { try? before.write(toFile: reserve, atomically: false, encoding: .utf8) }
            guard Int(text(at: reserve).trimmingCharacters(in: .newlines)) == wanted else {
                try skip("the host cannot set huge pages aside")
            }
            guard
                ["", "/unified"].contains(where: {
                    text(at: "/sys/fs/cgroup\($0)/cgroup.controllers").contains("hugetlb")
                })
            else { try skip("the host has no hugetlb controller on cgroup v2") }
            try withWorld { world in
                let run = try world.run(
                    pod(
                        probing(
                            "a", "/probe huge-pages 2; /probe huge-pages 3",
                            "resources: {limits: {cpu: 1, hugepages-2Mi: 4Mi}}"),
                        probing("b", "/probe huge-pages 1"), spec: probeVolume()))
                #expect(run.results(of: "a") == ["2": "ok", "3": "ENOMEM"], "\(run)")
                #expect(run.results(of: "b") == ["1": "ENOMEM"], "\(run)")
            }
        }

        @Test func supervisorAndKeeperAreNoFirstVictims() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", "echo up; " + idle)))
                try run.waitForLine("a | up")
                let own = text(at: "/proc/self/oom_score_adj")
                let scores = (world.supervisors() + world.keepers()).map { text(at: "/proc/\($0)/oom_score_adj") }
                #expect(scores.count == 2)
                // Lowering takes CAP_SYS_RESOURCE.
                #expect(scores.allSatisfy { $0 == "-998\n" } || scores.allSatisfy { $0 == own }, "\(scores)")
                run.interrupt()
                _ = try run.wait()
            }
        }

        /// S34. Guards `makeContainerCgroups`: with CAP_SYS_ADMIN `nodev` can be undone.
        @Test func aContainerThatMayMountStillOpensNoDevice() throws {
            try withWorld { world in
                let script = """
                    mount -t tmpfs none /mnt && mknod /mnt/null c 1 3 && mknod /mnt/kmsg c 1 11 && mknod /mnt/loop c 10 237 \
                      && mknod /mnt/disk b 7 0 && echo made
                    cat /mnt/null && echo null
                    for f in kmsg loop disk; do (exec 3< /mnt/$f) 2>/dev/null && echo opened $f; done
                    cat /d/zero | head -c 1 | wc -c
                    """
                let run = try world.run(
                    pod(
                        container(
                            "a", script,
                            "securityContext: {capabilities: {add: [SYS_ADMIN, MKNOD]}, appArmorProfile: {type: Unconfined}}, "
                                + "volumeMounts: [{name: d, mountPath: /d/zero}]"),
                        spec: "volumes: [{name: d, hostPath: {path: /dev/zero, type: CharDevice}}]"))
                #expect(run.lines(of: "a") == ["made", "null", "1"], "\(run)")
            }
        }

        /// The kernel frees no cgroup by itself.
        @Test(arguments: [false, true])
        func noCgroupIsLeftOfAPodThatWasKilled(_ withItsSupervisor: Bool) throws {
            try withWorld(sweeping: true) { world in
                let run = try world.start(
                    pod(
                        container("a", "echo up; " + idle, "resources: {limits: {cpu: 500m, memory: 64Mi}}"),
                        policy: "Always"))
                try run.waitForLine("a | up")
                let keeper = try #require(world.keepers().first)
                if withItsSupervisor {
                    let supervisor = try #require(world.supervisors().first)
                    kill(supervisor, SIGSTOP)
                    kill(keeper, SIGKILL)
                    kill(supervisor, SIGKILL)
                    _ = try run.wait()
                    return
                }
                kill(keeper, SIGKILL)
                try eventually("a new container") { run.stdout.components(separatedBy: "| up").count > 2 }
                let uid = try #require(world.pods().first)
                if access("/sys/fs/cgroup/memory/tasks", F_OK) == 0 {
                    try eventually("the limit of the new container") {
                        text(at: "/sys/fs/cgroup/memory/swiftlet/pod\(uid)/a/cgroup.procs") != ""
                    }
                }
                run.interrupt()
                _ = try run.wait()
            }
        }

        // MARK: Memory

        @Test func aContainerOutOfMemoryIsOOMKilled() throws {
            try withWorld { world in
                let container =
                    "{name: a, image: \"host:/\", command: [dd, if=/dev/zero, of=/dev/null, bs=250M, count=1], "
                    + "resources: {requests: {memory: 50Mi}, limits: {memory: 100Mi}}}"
                let run = try world.run(pod(container), ["-o", "json"])
                #expect(run.code == 137, "\(run)")
                let status = try status(run)
                #expect(status["qosClass"] as? String == "Burstable")
                #expect(terminated(status)["reason"] as? String == "OOMKilled", "\(run)")
                #expect(terminated(status)["exitCode"] as? Int == 137)
            }
        }

        /// F08: the container goes on; what has happened is told.
        @Test func aChildOutOfMemoryIsNoEndOfTheContainer() throws {
            try withWorld(needs: [.legacyCgroups]) { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "dd if=/dev/zero of=/dev/null bs=250M count=1 2>/dev/null; echo child $?; sleep 0.5; exit 0",
                            "resources: {limits: {memory: 100Mi}}")), ["-o", "json"])
                #expect(run.code == 0, "\(run)")
                #expect(run.stderr.contains("container \"a\" is out of memory: a process of it killed"), "\(run)")
                #expect(try terminated(status(run))["reason"] as? String == "Completed")
            }
        }

        /// An end by another hand is not the kernel's, not even after it has killed another process of the container.
        @Test func aKillThatIsNoneOfTheKernelsIsAnError() throws {
            try withWorld(needs: [.legacyCgroups]) { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "dd if=/dev/zero of=/dev/null bs=250M count=1 2>/dev/null; " + idle,
                            "resources: {limits: {memory: 100Mi}}")), ["-o", "json"])
                try run.waitForLine("is out of memory")
                kill(try #require(world.containerProcesses().first), SIGKILL)
                let outcome = try run.wait()
                #expect(try terminated(status(outcome))["reason"] as? String == "Error", "\(outcome)")
                #expect(outcome.code == 137, "\(outcome)")
            }
        }

        @Test func aSupervisorThatDiesDoesNotForgetWhyAContainerEnded() throws {
            try withWorld(sweeping: true) { world in
                let directory = try world.directory("f")
                let run = try world.start(
                    pod(
                        container(
                            "a",
                            "echo up; until [ -e /f/go ]; do sleep 0.005; done; exec dd if=/dev/zero of=/dev/null bs=250M",
                            "resources: {limits: {memory: 100Mi}}, volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(directory)}}]"), ["-o", "json"])
                try run.waitForLine("a | up")
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGSTOP)
                try world.write("f/go", "")
                usleep(300_000)
                kill(supervisor, SIGKILL)
                let outcome = try run.wait(10)
                #expect(outcome.code == 137, "\(outcome)")
                #expect(try terminated(status(outcome))["reason"] as? String == "OOMKilled", "\(outcome)")
            }
        }

        @Test func aMemoryVolumeIsNoLargerThanThePodsMemory() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "df -k --output=size /m /n | tail -n +2",
                            "resources: {limits: {memory: 32Mi}}, "
                                + "volumeMounts: [{name: m, mountPath: /m}, {name: o, mountPath: /n}]"),
                        spec: "volumes: [{name: m, emptyDir: {medium: Memory}}, "
                            + "{name: o, emptyDir: {medium: Memory, sizeLimit: 8Mi}}]"))
                let sizes = run.lines(of: "a").map { $0.trimmingCharacters(in: .whitespaces) }
                #expect(sizes == ["32768", "8192"], "\(run)")
            }
        }

        // MARK: Processes

        /// F09
        @Test func aForkBombMeetsItsLimit() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "a", "echo up; f() { f | f & }; f 2>/dev/null; " + idle)), ["--pod-max-pids", "256"])
                try run.waitForLine("a | up")
                let uid = try #require(world.pods().first)
                let folder = "/sys/fs/cgroup/pids/swiftlet/pod\(uid)"
                withCgroups(folder) {
                    usleep(1_000_000)
                    let count = Int(text(at: folder + "/pids.current").trimmingCharacters(in: .newlines)) ?? -1
                    #expect((1...256).contains(count), "\(count) processes")
                    #expect(text(at: folder + "/pids.max") == "256\n")
                }
                run.interrupt()
                run.interrupt()
                let begin = monotonicSeconds()
                _ = try run.wait(20)
                #expect(monotonicSeconds() - begin < 15)
            }
        }

        private func withCgroups(_ folder: String, _ body: () throws -> Void) rethrows {
            if access(folder, F_OK) == 0 { try body() } else { print("skipped: no pids controller of cgroup v1 here") }
        }

        // MARK: Quality of service

        @Test(
            arguments: [
                ("resources: {}", "BestEffort", "1000"),
                ("resources: {requests: {cpu: 100m}}", "Burstable", "999"),
                ("resources: {limits: {memory: 200Mi, cpu: 700m}}", "Guaranteed", nil),
            ] as [(String, String, String?)])
        func qualityOfService(_ resources: String, _ qosClass: String, _ score: String?) throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "cat /proc/self/oom_score_adj", resources)), ["-o", "json"])
                #expect(try status(run)["qosClass"] as? String == qosClass)
                let shown = run.stderr.split(separator: "\n").last { $0.contains("| ") }
                guard let score else {
                    // -997 takes CAP_SYS_RESOURCE: with it, or with a word about it.
                    let isLowered = shown?.hasSuffix("-997") ?? false
                    #expect(isLowered || run.stderr.contains("oom_score_adj is not lowered"), "\(run)")
                    return
                }
                #expect(shown?.hasSuffix("| " + score) ?? false, "\(run)")
            }
        }

        @Test func theStatusShowsWhatAContainerHas() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("a", "true", "resources: {requests: {cpu: 0.1}, limits: {memory: 64Mi}}")),
                    ["-o", "json"])
                let list = try status(run)["containerStatuses"] as? [[String: Any]]
                let resources = list?.first?["resources"] as? [String: [String: String]]
                #expect(
                    resources == ["limits": ["memory": "64Mi"], "requests": ["cpu": "100m", "memory": "64Mi"]], "\(run)"
                )
                #expect(
                    list?.first?["allocatedResources"] as? [String: String] == ["cpu": "100m", "memory": "64Mi"])
            }
        }

        @Test func whatTheHostCannotHoldIsNotScheduled() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", "true", "resources: {requests: {memory: 1000Gi}}")))
                try run.waitForLine("pod \"p\": FailedScheduling: 0/1 nodes are available: 1 Insufficient memory.")
                run.signal(SIGINT)
                #expect(try run.wait(5).code == 1)
            }
        }

        // MARK: Disk

        @Test func anEmptyDirThatGrowsTooLargeHasItsPodEvicted() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "dd if=/dev/zero of=/w/f bs=1M count=12 2>/dev/null; " + idle,
                            "volumeMounts: [{name: w, mountPath: /w}]"), policy: "Always",
                        spec: "volumes: [{name: w, emptyDir: {sizeLimit: 10Mi}}]"), ["-o", "json"], timeout: 30)
                #expect(run.code == 1, "\(run)")
                let status = try status(run)
                #expect(status["phase"] as? String == "Failed" && status["reason"] as? String == "Evicted", "\(run)")
                let message = "Usage of EmptyDir volume \"w\" exceeds the limit \"10Mi\". "
                #expect(status["message"] as? String == message)
                let conditions = status["conditions"] as? [[String: Any]] ?? []
                let target = conditions.first { $0["type"] as? String == "DisruptionTarget" }
                #expect(
                    target?["reason"] as? String == "TerminationByKubelet" && target?["status"] as? String == "True")
                #expect(terminated(status)["exitCode"] as? Int == 137)
            }
        }

        @Test(arguments: [
            ("dd if=/dev/zero of=/var/f bs=1M count=6 2>/dev/null", "Pod ephemeral local storage usage"),
            ("head -c 8000000 /dev/zero | tr '\\\\0' x | fold -w 1000", "Pod ephemeral local storage usage"),
        ])
        func whatAContainerWritesCounts(_ script: String, _ message: String) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", script + "; " + idle, "resources: {limits: {ephemeral-storage: 5Mi}}"),
                        container("b", idle)), ["-o", "json"], timeout: 30)
                let status = try status(run)
                #expect(status["reason"] as? String == "Evicted", "\(run.stderr.suffix(500))")
                #expect((status["message"] as? String)?.hasPrefix(message) ?? false, "\(status["message"] ?? "")")
            }
        }

        @Test func theContainerThatTakesTooMuchIsNamed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "dd if=/dev/zero of=/var/f bs=1M count=6 2>/dev/null; " + idle,
                            "resources: {limits: {ephemeral-storage: 5Mi}}"),
                        container("b", idle, "resources: {limits: {ephemeral-storage: 50Mi}}")), ["-o", "json"],
                    timeout: 30)
                let message = "Container a exceeded its local ephemeral storage limit \"5Mi\". "
                #expect(try status(run)["message"] as? String == message, "\(run)")
            }
        }

        @Test func whoStaysWithinTheLimitIsLeftAlone() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "dd if=/dev/zero of=/w/f bs=1M count=8 2>/dev/null; ln /w/f /w/g; sleep 2.5",
                            "volumeMounts: [{name: w, mountPath: /w}], resources: {limits: {ephemeral-storage: 20Mi}}"),
                        spec: "volumes: [{name: w, emptyDir: {sizeLimit: 10Mi}}]"))
                #expect(run.code == 0, "\(run)")
            }
        }
    }
}
