import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct PodStatusTests {
    /// The STATUS column through a life, as kubectl prints it.
    @Test func statusWordsWhileInitializing() {
        var pod = TestPod(["c1", "s1", "web"])
        #expect(pod.status.statusWord == "Init:0/2")
        _ = pod.ready()
        #expect(pod.status.statusWord == "Init:0/2")
        pod.started("c1")
        pod.exit("c1", 1)
        #expect(pod.status.statusWord == "Init:Error")
        pod.started("c1")
        pod.exit("c1", 1)
        #expect(pod.status.statusWord == "Init:CrashLoopBackOff")
        pod.wait(10)
        pod.started("c1")
        pod.exit("c1", 0)
        #expect(pod.status.statusWord == "Init:1/2")
        pod.started("s1")
        #expect(pod.status.statusWord == "PodInitializing")
        pod.started("web")
        #expect(pod.status.statusWord == "Running")
    }

    @Test func statusWordsOfApps() {
        var pod = TestPod(["web"])
        #expect(pod.status.statusWord == "ContainerCreating")
        pod.run()
        pod.exit("web", 137, oom: true)
        #expect(pod.status.statusWord == "OOMKilled")
        pod.started("web")
        pod.exit("web", 1)
        #expect(pod.status.statusWord == "CrashLoopBackOff")
        pod.send(.stop(grace: nil))
        #expect(pod.status.statusWord == "Error")
    }

    @Test func statusWordsOfTheEnd() {
        var done = TestPod(["a"], .never)
        done.run()
        done.exit("a", 0)
        #expect(done.status.statusWord == "Completed")

        var stopping = TestPod(["a"])
        stopping.run()
        stopping.send(.stop(grace: nil))
        #expect(stopping.status.statusWord == "Terminating")

        var half = TestPod(["a", "b"], .never)
        half.run()
        half.exit("a", 0)
        #expect(half.status.statusWord == "NotReady")

        var failed = TestPod(["a"])
        failed.send(.sandboxFailed(reason: "FailedMount", message: "m"))
        #expect(failed.status.statusWord == "FailedMount")
    }

    @Test func containerStates() {
        var pod = TestPod(["web"])
        pod.run()
        pod.exit("web", 3)
        pod.started("web")
        #expect(pod.status.containerStatuses[0].lastState?.exitCode == 3)
        #expect(pod.status.containerStatuses[0].ready)
        pod.exit("web", 4)
        let status = pod.status.containerStatuses[0]
        #expect(
            status.state
                == .waiting(
                    reason: "CrashLoopBackOff",
                    message: "back-off 10s restarting failed container=web pod=demo_default(11-22)"))
        #expect(status.lastState?.exitCode == 4)
        #expect(status.restartCount == 1)
        #expect(status.containerID == "swiftlet://11-22/web/1")
        #expect(!status.ready)
        pod.send(.stop(grace: nil))
        guard case .terminated(let end) = pod.status.containerStatuses[0].state else {
            Issue.record("not terminated")
            return
        }
        #expect(end.exitCode == 4)
        #expect(pod.status.containerStatuses[0].lastState?.exitCode == 3)
    }

    @Test func aFailedStartIsSaidInTheMessage() {
        var pod = TestPod(["web"], .never)
        _ = pod.ready()
        pod.failStart("web")
        guard case .terminated(let end) = pod.status.containerStatuses[0].state else {
            Issue.record("not terminated")
            return
        }
        #expect(end.exitCode == 128)
        #expect(end.reason == "StartError")
        #expect(end.message == "exec \"/nginx\": No such file or directory")
    }

    @Test func conditionsKeepTheTimeOfTheirLastChange() {
        var pod = TestPod(["c1", "web"], .never)
        func condition(_ type: String) -> PodStatus.Condition? { pod.status.conditions.first { $0.type == type } }
        let start = pod.now
        _ = pod.ready()
        #expect(condition("PodScheduled")?.isTrue == true)
        #expect(condition("PodReadyToStartContainers")?.isTrue == true)
        #expect(condition("Initialized")?.reason == "ContainersNotInitialized")
        #expect(condition("Initialized")?.message == "containers with incomplete status: [c1]")
        #expect(condition("Ready")?.message == "containers with unready status: [web]")
        pod.pass(5_000_000_000)
        pod.started("c1")
        #expect(condition("Initialized")?.lastTransitionTime == start)
        pod.exit("c1", 0)
        #expect(condition("Initialized")?.lastTransitionTime == pod.now)
        pod.pass(5_000_000_000)
        pod.started("web")
        let ready = pod.now
        pod.pass(5_000_000_000)
        pod.send(.tick)
        #expect(condition("Ready")?.isTrue == true)
        #expect(condition("ContainersReady")?.lastTransitionTime == ready)
        pod.exit("web", 0)
        #expect(condition("Ready")?.reason == "PodCompleted")
        #expect(condition("PodReadyToStartContainers")?.isTrue == false)
        #expect(condition("PodScheduled")?.lastTransitionTime == start)
    }

    @Test func jsonText() {
        var pod = TestPod(["web"], .never)
        pod.run()
        pod.pass(2_000_000_000)
        pod.exit("web", 137, oom: true)
        let status = PodStatus(pod.life, plan: pod.plan, podIPs: ["127.0.0.1", "::1"], hostIPs: ["10.0.0.1"])
        let t0 = "2026-09-21T14:13:20Z"
        let t1 = "2026-09-21T14:13:22Z"
        func condition(_ type: String, _ value: String, _ time: String, _ more: String = "") -> String {
            "{\"type\":\"\(type)\",\"status\":\"\(value)\",\"lastTransitionTime\":\"\(time)\"\(more)}"
        }
        let failed = ",\"reason\":\"PodFailed\""
        let conditions = [
            condition("PodReadyToStartContainers", "False", t1), condition("Initialized", "True", t0),
            condition("Ready", "False", t1, failed), condition("ContainersReady", "False", t1, failed),
            condition("PodScheduled", "True", t0),
        ].joined(separator: ",")
        let expected = """
            {"phase":"Failed","conditions":[\(conditions)],"startTime":"\(t0)","hostIP":"10.0.0.1",\
            "hostIPs":[{"ip":"10.0.0.1"}],"podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"},{"ip":"::1"}],\
            "qosClass":"BestEffort","containerStatuses":[{"name":"web","image":"host:/","imageID":"",\
            "state":{"terminated":{"exitCode":137,"signal":9,"reason":"OOMKilled","startedAt":"\(t0)",\
            "finishedAt":"\(t1)","containerID":"swiftlet://11-22/web/0"}},"lastState":{},"ready":false,"started":false,\
            "restartCount":0,"containerID":"swiftlet://11-22/web/0",\
            "user":{"linux":{"uid":0,"gid":0,"supplementalGroups":[]}}}]}
            """
        #expect(status.json == expected)
    }

    @Test func jsonEscapes() {
        let text = JSON.string("a\"\\\n\r\t\u{0}\u{1b}[31m\u{7f}\u{9b}é\u{1F600}").text
        #expect(text == #""a\"\\\n\r\t\u0000\u001b[31m\u007f\u009bé😀""#)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func timestamps(_ seconds: Int64, _ text: String) {
        #expect(Moment(boot: 0, wall: seconds * 1_000_000_000 + 999_999_999).timestamp == text)
    }
}
