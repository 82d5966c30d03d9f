import Foundation
import Glibc
import Testing

extension HostTests {
    /// `restartPolicy` and `restartPolicyRules` of containers, restarts of all of them, `activeDeadlineSeconds`.
    @Suite struct RestartPolicyTests {
        private func status(_ outcome: Outcome) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(outcome.stdout.utf8)) as? [String: Any]
            return try #require(object?["status"] as? [String: Any], "\(outcome)")
        }

        private func log(_ world: World) throws -> (spec: String, mount: String) {
            (
                "volumes: [{name: log, hostPath: {path: \(try world.directory("log"))}}]",
                "volumeMounts: [{name: log, mountPath: /log}]"
            )
        }

        /// A script that exits with each of the codes in turn, one a run, and then runs on.
        private func exiting(_ name: String, _ codes: [Int], then rest: String = "exit 0") -> String {
            var script = "echo \(name) >> /log/order; n=$(grep -c '^\(name)$' /log/order); "
            for (index, code) in codes.enumerated() { script += "[ $n = \(index + 1) ] && exit \(code); " }
            return script + rest
        }

        @Test func aContainersRulesRestartItInAPodThatIsNotRestarted() throws {
            try withWorld { world in
                let (spec, mount) = try log(world)
                let rules =
                    "restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]"
                let outcome = try world.run(
                    pod(
                        container("a", exiting("a", [42], then: "exit 3"), "\(mount), \(rules)"),
                        container("b", exiting("b", [0]), "\(mount), restartPolicy: Never"), policy: "Always",
                        spec: spec),
                    ["-o", "json"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(world.read("log/order").split(separator: "\n").sorted() == ["a", "a", "b"], "\(outcome)")
                #expect(try status(outcome)["phase"] as? String == "Failed")
            }
        }

        /// In the order of `restart-all-containers.yaml` of Kubernetes' documentation: an init container, a watching sidecar
        /// whose exit code restarts all, and an application that only ends by being killed.
        @Test func allContainersStartAnewInTheSameSandbox() throws {
            try withWorld { world in
                let (spec, mount) = try log(world)
                let rules =
                    "restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]}}]"
                // The emptyDir and the network namespace stay.
                let marks = "volumeMounts: [{name: log, mountPath: /log}, {name: kept, mountPath: /kept}]"
                let app =
                    "trap 'echo told >> /log/order' TERM; readlink /proc/self/ns/net >> /kept/net; cp /kept/net /log/net; "
                    + exiting("app", [], then: "[ $n = 2 ] && exit 0; touch /log/ready; while :; do sleep 0.02; done")
                let outcome = try world.run(
                    pod(
                        container("app", app, marks),
                        initContainers: [
                            container("setup", exiting("setup", []), mount),
                            sidecar(
                                "watcher",
                                exiting(
                                    "watcher", [],
                                    then:
                                        "[ $n = 2 ] && exec sleep 100; until [ -e /log/ready ]; do sleep 0.01; done; exit 88"
                                ), "\(mount), \(rules)"),
                        ],
                        spec: "terminationGracePeriodSeconds: 2\n"
                            + spec.replacing("[{name: log", with: "[{name: kept, emptyDir: {}}, {name: log")),
                    ["-o", "json"])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(
                    world.read("log/order").split(separator: "\n") == [
                        "setup", "watcher", "app", "setup", "watcher", "app",
                    ],
                    "\(outcome)")
                let namespaces = world.read("log/net").split(separator: "\n")
                #expect(namespaces.count == 2 && Set(namespaces).count == 1, "\(namespaces)")
                let status = try status(outcome)
                let conditions = status["conditions"] as? [[String: Any]] ?? []
                let condition = conditions.first { $0["type"] as? String == "AllContainersRestarting" }
                #expect(condition?["status"] as? String == "False" && condition?["reason"] as? String == "PodCompleted")
                for list in ["initContainerStatuses", "containerStatuses"] {
                    for container in status[list] as? [[String: Any]] ?? [] {
                        #expect(container["restartCount"] as? Int == 1, "\(container)")
                    }
                }
            }
        }

        @Test func aRestartOfAllSurvivesTheSupervisor() throws {
            try withWorld(sweeping: true) { world in
                let (spec, mount) = try log(world)
                let rules =
                    "restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]}}]"
                let run = try world.start(
                    pod(
                        container(
                            "a",
                            exiting(
                                "a", [],
                                then: "[ $n = 2 ] && exit 0; until [ -e /log/go ]; do sleep 0.01; done; exit 88"),
                            "\(mount), \(rules)"),
                        container("b", exiting("b", [], then: "[ $n = 2 ] && exit 0; exec sleep 100"), mount),
                        initContainers: [container("i", exiting("i", []), mount)], spec: spec))
                try eventually("both run") {
                    world.read("log/order").contains("a\n") && world.read("log/order").contains("b\n")
                }
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGSTOP)
                try world.write("log/go", "")
                usleep(100_000)
                kill(supervisor, SIGKILL)
                let outcome = try run.wait(10)
                #expect(outcome.code == 0, "\(outcome)")
                let order = world.read("log/order").split(separator: "\n")
                #expect(order.sorted() == ["a", "a", "b", "b", "i", "i"] && order[3] == "i", "\(order)")
            }
        }

        @Test func thePodsDeadlineStopsItAndItHasFailed() throws {
            try withWorld { world in
                let (spec, mount) = try log(world)
                let outcome = try world.run(
                    pod(
                        container(
                            "a", "trap 'echo told >> /log/order; exit 0' TERM; echo up; while :; do sleep 0.02; done",
                            mount),
                        policy: "Always", spec: "activeDeadlineSeconds: 1\n" + spec), ["-o", "json"])
                #expect(outcome.code == 1 && outcome.seconds > 0.9 && outcome.seconds < 6, "\(outcome)")
                #expect(world.read("log/order") == "told\n")
                let status = try status(outcome)
                #expect(status["phase"] as? String == "Failed" && status["reason"] as? String == "DeadlineExceeded")
                let message = "Pod was active on the node longer than the specified deadline"
                #expect(status["message"] as? String == message)
                #expect(outcome.stderr.contains("DeadlineExceeded: \(message)"), "\(outcome)")
            }
        }

        @Test func theDeadlineCountsInitContainersAndSurvivesTheSupervisor() throws {
            try withWorld(sweeping: true) { world in
                let run = try world.start(
                    pod(
                        container("a", "echo never"),
                        initContainers: [container("i", "echo up; exec sleep 100")],
                        spec: "activeDeadlineSeconds: 2\nterminationGracePeriodSeconds: 0"))
                try run.waitForLine("i | up")
                kill(try #require(world.supervisors().first), SIGKILL)
                let outcome = try run.wait(8)
                #expect(outcome.code == 1 && outcome.seconds > 1.9, "\(outcome)")
                #expect(outcome.lines(of: "a") == [], "\(outcome)")
            }
        }
    }
}
