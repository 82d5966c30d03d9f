import Foundation
import Glibc
import Testing

extension HostTests {
    /// The one node: its file, its labels and taints, and what runs on it.
    @Suite struct SchedulingTests {
        private func node(_ world: World, _ text: String) throws {
            // The file appears at once, as from an editor.
            let folder = world.root + "/etc"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("apiVersion: v1\nkind: Node\n\(text)\n".utf8).write(
                to: URL(fileURLWithPath: folder + "/node.yaml"), options: .atomic)
        }

        private func object(_ run: Outcome) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any], "\(run)")
        }

        private let mismatch =
            "FailedScheduling: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. "
            + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."

        @Test func aPodThatFitsNowhereWaitsUntilItIsInterrupted() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(container("a", "echo ran"), spec: "nodeSelector: {disktype: ssd}"), ["-o", "json"])
                try run.waitForLine("pod \"p\": " + mismatch)
                usleep(300_000)
                #expect(!run.hasEnded)
                run.signal(SIGINT)
                let outcome = try run.wait(5)
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.stderr.components(separatedBy: "FailedScheduling").count == 2, "\(outcome)")
                let status = try object(outcome)["status"] as? [String: Any]
                #expect(status?["phase"] as? String == "Pending")
                let condition = (status?["conditions"] as? [[String: Any]])?.first
                #expect(condition?["type"] as? String == "PodScheduled" && condition?["status"] as? String == "False")
                #expect(condition?["reason"] as? String == "Unschedulable")
            }
        }

        @Test func aPodStartsOnceTheNodeIsWhatItAsksFor() throws {
            try withWorld { world in
                try node(world, "metadata: {labels: {disktype: hdd}}")
                let run = try world.start(
                    pod(container("a", "echo ran"), spec: "nodeSelector: {disktype: ssd}"))
                try run.waitForLine("FailedScheduling")
                try node(world, "metadata: {labels: {disktype: [}}")
                try run.waitForLine("node.yaml")
                try node(world, "metadata: {labels: {disktype: ssd}}")
                let outcome = try run.wait(5)
                #expect(outcome.code == 0 && outcome.lines(of: "a") == ["ran"], "\(outcome)")
            }
        }

        @Test func taintsKeepPodsAway() throws {
            try withWorld { world in
                let file = try world.write(
                    "node.yaml",
                    "apiVersion: v1\nkind: Node\nmetadata: {name: box}\nspec: {taints: [{key: k, value: v, effect: NoExecute}]}\n"
                )
                let tolerations = "tolerations: [{key: k, operator: Exists}]"
                let outcome = try world.run(
                    pod(
                        container(
                            "a", "echo $NODE",
                            "env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]"), spec: tolerations
                    ),
                    ["--node", file])
                #expect(outcome.code == 0 && outcome.lines(of: "a") == ["box"], "\(outcome)")
                let path = try world.write("tainted.yaml", pod(container("a", "true")))
                let check = try world.command(["validate", path, "--node", file]).wait()
                #expect(check.code == 0, "\(check)")
                #expect(
                    check.stderr.contains(
                        "warning: pod \"p\": FailedScheduling: 0/1 nodes are available: 1 node(s) had untolerated taint(s)."
                    ),
                    "\(check)")
            }
        }

        @Test func twoPodsThatWantOnePortTakeTurns() throws {
            try withWorld { world in
                let ports = "ports: [{containerPort: 80, hostPort: \(try Sockets.freePort())}]"
                let outcome = try world.run(
                    documents(
                        pod(container("a", "sleep 0.5; echo first", ports), name: "one"),
                        pod(container("b", "echo second", ports), name: "two")))
                #expect(outcome.code == 0, "\(outcome)")
                #expect(
                    outcome.stderr.contains(
                        "pod \"two\": FailedScheduling: 0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."
                    ), "\(outcome)")
                #expect(
                    outcome.lines.compactMap { $0.split(separator: " ").last } == ["first", "second"], "\(outcome)")
            }
        }

        @Test func podsOfOtherRunsCount() throws {
            try withWorld { world in
                let shy = """
                    affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: x}}}]}}
                    """
                func labelled(_ text: String) -> String {
                    text.replacing("metadata: {name: p}", with: "metadata: {name: p, labels: {app: x}}")
                }
                let first = try world.start(labelled(pod(container("a", "echo up; " + idle))))
                try first.waitForLine("a | up")
                let second = try world.start(labelled(pod(container("b", "echo ran"), spec: shy)))
                try second.waitForLine("1 node(s) didn't match pod anti-affinity rules")
                first.signal(SIGINT)
                _ = try first.wait(5)
                let outcome = try second.wait(5)
                #expect(outcome.code == 0 && outcome.lines(of: "b") == ["ran"], "\(outcome)")
            }
        }

        @Test func gatesAndOtherNodesKeepAPodPending() throws {
            try withWorld { world in
                let run = try world.start(
                    documents(
                        pod(
                            container("a", "echo ran"), name: "gated", spec: "schedulingGates: [{name: example.com/g}]"),
                        pod(container("b", "echo ran"), name: "other", spec: "nodeName: kube-01"),
                        pod(container("c", "echo here"), name: "here")))
                try run.waitForLine("here")
                try run.waitForLine(
                    "pod \"gated\": SchedulingGated: Scheduling is blocked due to non-empty scheduling gates")
                try run.waitForLine("pod \"other\": Pending: nodeName is \"kube-01\"")
                usleep(200_000)
                run.signal(SIGTERM)
                let outcome = try run.wait(5)
                #expect(
                    outcome.code == 1 && outcome.lines(of: "here/c") == ["here"] && !outcome.stdout.contains("ran"),
                    "\(outcome)")
            }
        }

        @Test func runtimeClassesFillInTheirOverhead() throws {
            try withWorld { world in
                let kind =
                    "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: plain}\nhandler: runc\noverhead: {podFixed: {cpu: 10m, memory: 1Mi}}\n"
                let outcome = try world.run(
                    documents(kind, pod(container("a", "true"), spec: "runtimeClassName: plain")), ["-o", "json"])
                #expect(outcome.code == 0, "\(outcome)")
                let spec = try object(outcome)["spec"] as? [String: Any]
                #expect(spec?["overhead"] as? [String: String] == ["cpu": "10m", "memory": "1Mi"], "\(outcome)")
                let missing = try world.run(pod(container("a", "true"), spec: "runtimeClassName: plain"))
                #expect(
                    missing.code == 2 && missing.stderr.contains("pod rejected: RuntimeClass \"plain\" not found"),
                    "\(missing)")
            }
        }

        @Test func readinessGatesKeepAPodUnready() throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container("a", "trap 'exit 0' TERM; echo up; while :; do sleep 0.02; done"),
                        spec: "readinessGates: [{conditionType: example.com/ready}]"), ["-o", "json"])
                try run.waitForLine("up")
                run.signal(SIGINT)
                let outcome = try run.wait(5)
                #expect(
                    outcome.stderr.contains("spec.readinessGates[0]: nobody sets the condition \"example.com/ready\""),
                    "\(outcome)")
            }
        }
    }
}
