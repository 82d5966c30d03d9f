import Foundation
import Glibc
import Testing

extension HostTests {
    /// What the user sees besides the containers' lines: states, the final object, the time line, the log files.
    @Suite struct OutputTests {
        private func object(_ run: Outcome) throws -> [String: Any] {
            try #require(
                try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any], "\(run)")
        }

        private func statuses(_ object: [String: Any], _ key: String = "containerStatuses") -> [[String: Any]] {
            (object["status"] as? [String: Any])?[key] as? [[String: Any]] ?? []
        }

        private func terminated(_ status: [String: Any]?) -> [String: Any] {
            (status?["state"] as? [String: Any])?["terminated"] as? [String: Any] ?? [:]
        }

        @Test func theFinalObjectIsAPodThatHasSucceeded() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("a", "echo noise"), initContainers: [container("i", "true")]), ["-o", "json"])
                #expect(run.code == 0, "\(run)")
                let pod = try object(run)
                #expect(pod["kind"] as? String == "Pod" && pod["apiVersion"] as? String == "v1")
                #expect((pod["metadata"] as? [String: Any])?["name"] as? String == "p")
                #expect((pod["metadata"] as? [String: Any])?["namespace"] as? String == "default")
                #expect((pod["spec"] as? [String: Any])?["containers"] is [Any])
                let status = pod["status"] as? [String: Any]
                #expect(status?["phase"] as? String == "Succeeded")
                let app = terminated(statuses(pod).first)
                #expect(app["exitCode"] as? Int == 0 && app["reason"] as? String == "Completed", "\(app)")
                #expect(app["startedAt"] is String && app["finishedAt"] is String && app["signal"] == nil)
                #expect(statuses(pod).first?["restartCount"] as? Int == 0)
                let first = terminated(statuses(pod, "initContainerStatuses").first)
                #expect(first["reason"] as? String == "Completed")
                let conditions = status?["conditions"] as? [[String: Any]] ?? []
                let initialized = conditions.first { $0["type"] as? String == "Initialized" }
                #expect(
                    initialized?["status"] as? String == "True" && initialized?["reason"] as? String == "PodCompleted")
            }
        }

        @Test func theFinalObjectSaysWhyAContainerFailed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("code", "echo because > /dev/termination-log; exit 3"),
                        container("last", "echo said; exit 4", "terminationMessagePolicy: FallbackToLogsOnError"),
                        "{name: absent, image: \"host:/\", command: [/nope]}"), ["-o", "json"])
                let pod = try object(run)
                #expect((pod["status"] as? [String: Any])?["phase"] as? String == "Failed")
                let list = statuses(pod)
                func of(_ name: String) -> [String: Any] { terminated(list.first { $0["name"] as? String == name }) }
                #expect(of("code")["exitCode"] as? Int == 3 && of("code")["reason"] as? String == "Error")
                #expect(of("code")["message"] as? String == "because\n", "\(of("code"))")
                #expect(of("last")["message"] as? String == "said\n", "\(of("last"))")
                #expect(
                    of("absent")["exitCode"] as? Int == 128 && of("absent")["reason"] as? String == "StartError",
                    "\(of("absent"))")
                #expect((of("absent")["message"] as? String ?? "").contains("/nope"))
            }
        }

        @Test func severalPodsAreAList() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(pod(container("a", "true"), name: "one"), pod(container("b", "exit 2"), name: "two")),
                    ["-o", "json"])
                #expect(run.code == 2)
                let list = try object(run)
                let items = list["items"] as? [[String: Any]] ?? []
                #expect(list["kind"] as? String == "List" && items.count == 2, "\(run)")
                let phases = items.map { ($0["status"] as? [String: Any])?["phase"] as? String }
                #expect(phases == ["Succeeded", "Failed"])
            }
        }

        @Test func statesAreToldAsTheyChange() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("web", "exit 3"), initContainers: [container("clone", "sleep 0.2")]))
                #expect(run.stderr.contains(/init "clone" finished in 0\.[2-9] ?s/), "\(run)")
                #expect(run.stderr.contains(/"web".*3/), "\(run)")
            }
        }

        @Test func theTimelineHasABarForEachContainer() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("app", "sleep 0.2"),
                        initContainers: [container("prepare", "sleep 0.2"), sidecar("side", idle)]),
                    ["--timeline"])
                #expect(run.code == 0, "\(run)")
                let lines = (run.stdout + run.stderr).split(separator: "\n").map(String.init)
                for name in ["prepare", "side", "app"] {
                    let bar = lines.filter {
                        $0.contains(" \(name) ") && $0.contains("##") || $0.contains(" \(name) ") && $0.contains("==")
                    }
                    #expect(bar.count == 1, "no bar of \(name): \(run)")
                }
            }
        }

        @Test func onATerminalThePrefixIsColouredAndElsewhereNot() throws {
            try withWorld { world in
                let manifest = try world.write("pod.yaml", pod(container("web", "echo hello")))
                let plain = try world.command(["run", manifest]).wait()
                #expect(plain.stdout == "web | hello\n" && !plain.stderr.contains("\u{1b}"), "\(plain)")
                let coloured = try world.command(["run", manifest], terminal: true).wait()
                let shown = coloured.stdout.split(whereSeparator: \.isNewline).first { $0.contains("hello") } ?? ""
                #expect(shown.contains("\u{1b}[") && shown.contains("web"), "\(coloured)")
            }
        }

        @Test func aContainersEscapesDoNotReachTheStateLines() throws {
            try withWorld { world in
                let run = try world.run(
                    pod("{name: a, image: \"host:/\", command: [\"/no\\e[31mpe\"]}"))
                #expect(!run.stderr.contains("\u{1b}"), "\(run)")
            }
        }

        @Test func logsAreInTheCRIFormatAndPlaceAndStay() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("a", "echo out; echo err >&2; sleep 0.05; printf tail"), name: "shop"))
                #expect(run.code == 0)
                let path = try #require(world.logPath("shop", "a"))
                #expect(path.contains(/default_shop_[0-9a-f-]{36}\/a\/0\.log$/), "\(path)")
                let records = text(at: path).split(separator: "\n").map {
                    $0.split(separator: " ", maxSplits: 3).map(String.init)
                }
                let time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(Z|[+-]\d\d:\d\d)$/
                for record in records { #expect(record[0].contains(time), "\(record)") }
                let rest = Set(records.map { $0.dropFirst().joined(separator: " ") })
                #expect(rest == ["stdout F out", "stderr F err", "stdout P tail"], "\(records)")
            }
        }

        @Test func eachAttemptHasItsOwnLog() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "echo x >> /w/n; echo try $(wc -l < /w/n); [ $(wc -l < /w/n) -ge 2 ]",
                            "volumeMounts: [{name: w, mountPath: /w}]"),
                        policy: "OnFailure", spec: "volumes: [{name: w, emptyDir: {}}]"))
                #expect(run.code == 0)
                #expect(world.log("p", "a", attempt: 0).hasSuffix("stdout F try 1\n"))
                #expect(world.log("p", "a", attempt: 1).hasSuffix("stdout F try 2\n"))
            }
        }

        @Test func aLongLineIsCutInTheLogAndWholeOnTheScreen() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo short")))
                #expect(run.lines(of: "a").map(\.count) == [40000, 5], "\(run.lines.map(\.count))")
                let tags = world.log("p", "a").split(separator: "\n").map { $0.split(separator: " ")[2] }
                #expect(tags == ["P", "P", "F", "F"])
            }
        }

        @Test func everyLineOfAFloodIsShownInOrder() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "seq 1 200000")), timeout: 30)
                let lines = run.lines(of: "a")
                #expect(lines.count == 200_000)
                #expect(zip(lines, 1...).allSatisfy { $0 == "\($1)" })
            }
        }

        @Test func checkSaysWhatTheHostCanDo() throws {
            try withWorld { world in
                let run = try world.command(["check"]).wait()
                #expect(run.code == 0 && run.stdout.contains("overlay") && run.stdout.contains("namespaces"), "\(run)")
            }
        }

        @Test func withoutRootTheFirstLineSaysSo() throws {
            try withWorld(needs: [.program("setpriv")]) { world in
                let manifest = try world.write("pod.yaml", pod(container("a", "true")))
                // A user that can reach neither the build folder nor anything else gets a copy.
                for name in ["swiftlet", "swiftlet-supervisor"] {
                    let from = URL(fileURLWithPath: World.binary).deletingLastPathComponent().path + "/" + name
                    try FileManager.default.copyItem(atPath: from, toPath: world.files + "/" + name)
                }
                let command = [
                    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "\(world.files)/swiftlet", "run",
                    manifest,
                ]
                let run = try world.program(command).wait()
                #expect(run.code == 1, "\(run)")
                #expect(run.stderr.split(separator: "\n").first?.contains("root") ?? false, "\(run)")
            }
        }
    }
}
