import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct HookTests {
    private func checks(_ change: (inout ContainerChecks) -> Void) -> ContainerChecks {
        var checks = ContainerChecks()
        change(&checks)
        return checks
    }

    private var postStart: ContainerChecks { checks { $0.hasPostStart = true } }
    private var preStop: ContainerChecks { checks { $0.hasPreStop = true } }

    @Test func aContainerRunsOnceItsPostStartHookHasReturned() {
        var pod = TestPod(["web"], checks: ["web": postStart])
        _ = pod.ready()
        #expect(pod.started("web") == ["postStart web 0"])
        #expect(pod.status.phase == .pending)
        #expect(pod.status.containerStatuses[0].state == .waiting(reason: "ContainerCreating", message: ""))
        #expect(!pod.status.containerStatuses[0].started)
        pod.hook(.postStart, "web")
        #expect(pod.status.phase == .running)
        #expect(pod.status.containerStatuses[0].started && pod.status.containerStatuses[0].ready)
        #expect(pod.reports.contains(.ready(1, of: 1)))
    }

    /// SyncPod starts one container after the other, and startContainer waits for the hook.
    @Test func thePostStartHookHoldsTheNextAppContainerOff() {
        var pod = TestPod(["a", "b", "d"], checks: ["a": postStart])
        #expect(pod.ready() == ["launch a 0"])
        #expect(pod.started("a") == ["postStart a 0"])
        #expect(pod.hook(.postStart, "a") == ["launch b 0", "launch d 0"])
    }

    @Test func whatEndsBeforeItsPostStartHookHoldsNothingOff() {
        var pod = TestPod(["a", "b"], .never, checks: ["a": postStart])
        _ = pod.ready()
        pod.started("a")
        #expect(pod.exit("a", 0) == ["launch b 0"])
    }

    @Test func aSidecarIsStartedAfterPostStartAndStartupProbe() {
        var pod = TestPod(
            ["s1", "a"],
            checks: [
                "s1": checks {
                    $0.hasPostStart = true
                    $0.hasStartup = true
                }
            ])
        _ = pod.ready()
        pod.started("s1")
        #expect(pod.probes("s1") == [])
        #expect(pod.hook(.postStart, "s1") == [])
        #expect(pod.probes("s1") == [.startup])
        #expect(pod.status.statusWord == "Init:0/1")
        #expect(pod.probe(.startup, "s1", true) == ["launch a 0"])
    }

    @Test(arguments: [PodPlan.RestartPolicy.always, .onFailure, .never])
    func aFailedPostStartHookEndsTheContainer(_ policy: PodPlan.RestartPolicy) {
        var pod = TestPod(["web"], policy, grace: 10, checks: ["web": postStart])
        _ = pod.ready()
        pod.started("web")
        #expect(pod.hook(.postStart, "web", "PostStartHook failed: exit code 1") == ["term web 0"])
        #expect(
            pod.reports.contains(
                .event(container: 0, reason: "FailedPostStartHook", message: "PostStartHook failed: exit code 1")))
        #expect(pod.status.containerStatuses[0].state == .waiting(reason: "PostStartHookError", message: ""))
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["kill web 0"])
        #expect(pod.exit("web", 137) == (policy == .never ? ["teardown"] : ["launch web 1"]))
        #expect(pod.life.exitCode == (policy == .never ? 137 : 0))
    }

    @Test func allPreStopHooksAtOnceThenSignalsInOrder() {
        let one = checks {
            $0.hasPreStop = true
            $0.stopSignal = 3
        }
        var pod = TestPod(["s1", "s2", "a", "b"], checks: ["s1": preStop, "s2": preStop, "a": one])
        pod.run()
        #expect(pod.send(.stop(grace: nil)) == ["preStop s1 0", "preStop s2 0", "preStop a 0", "term b 0"])
        #expect(pod.hook(.preStop, "s2") == [])
        #expect(pod.hook(.preStop, "a") == ["signal 3 a 0"])
        #expect(pod.exit("b", 0) == [])
        #expect(pod.exit("a", 131) == ["term s2 0"])
        #expect(pod.exit("s2", 0) == [])
        #expect(pod.hook(.preStop, "s1") == ["term s1 0"])
        #expect(pod.exit("s1", 0) == ["teardown"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func preStopTakesItsTimeFromTheGracePeriodAndLeavesTwoSeconds() {
        var pod = TestPod(["a"], grace: 30, checks: ["a": preStop])
        pod.run()
        #expect(pod.send(.stop(grace: nil)) == ["preStop a 0"])
        #expect(pod.wait(29.9) == [])
        #expect(pod.wait(0.1) == ["term a 0"])
        #expect(pod.hook(.preStop, "a") == [])
        #expect(pod.wait(1.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
    }

    @Test func afterPreStopTheRestOfTheGracePeriodIsLeft() {
        var pod = TestPod(["a"], grace: 30, checks: ["a": preStop])
        pod.run()
        pod.send(.stop(grace: nil))
        pod.wait(20)
        #expect(pod.hook(.preStop, "a") == ["term a 0"])
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
    }

    @Test func noPreStopWithoutAGracePeriodOrAfterTheContainersOwnEnd() {
        var pod = TestPod(["a", "b"], .never, checks: ["a": preStop, "b": preStop])
        pod.run()
        #expect(pod.exit("a", 0) == [])
        #expect(pod.send(.stop(grace: 0)) == ["kill b 0"])
    }

    @Test func aFailedPreStopHookIsToldAndTheStopGoesOn() {
        var pod = TestPod(["a"], checks: ["a": preStop])
        pod.run()
        pod.send(.stop(grace: nil))
        #expect(pod.hook(.preStop, "a", "PreStopHook failed: no") == ["term a 0"])
        #expect(
            pod.reports.contains(
                .event(container: 0, reason: "FailedPreStopHook", message: "PreStopHook failed: no")))
    }

    @Test func aSecondStopShortensWhatPreStopHas() {
        var pod = TestPod(["a"], grace: 30, checks: ["a": preStop])
        pod.run()
        pod.send(.stop(grace: nil))
        pod.wait(1)
        #expect(pod.send(.stop(grace: 5)) == [])
        #expect(pod.wait(4.9) == [])
        #expect(pod.wait(0.1) == ["term a 0"])
    }

    /// At-least-once: a hook that ran when the supervisor died runs again, and one that had returned does not.
    @Test func hooksAreRunAgainAfterACrash() {
        var pod = TestPod(["a", "b"], checks: ["a": postStart, "b": preStop])
        _ = pod.ready()
        pod.started("a")
        let observed = { (pod: TestPod) in
            [
                PodLifecycle.Observation(container: 0, attempt: 0, state: .running(pid: 100, startedAt: pod.now)),
                PodLifecycle.Observation(container: 1, attempt: 0, state: .running(pid: 100, startedAt: pod.now)),
            ]
        }
        #expect(pod.take(pod.life.resume(observed: [observed(pod)[0]], at: pod.now)) == ["postStart a 0"])
        pod.hook(.postStart, "a")
        pod.started("b")
        #expect(pod.take(pod.life.resume(observed: observed(pod), at: pod.now)) == [])
        pod.send(.stop(grace: nil))
        #expect(pod.take(pod.life.resume(observed: observed(pod), at: pod.now)).contains("preStop b 0"))
        pod.hook(.preStop, "b")
        #expect(!pod.take(pod.life.resume(observed: observed(pod), at: pod.now)).contains("preStop b 0"))
    }
}
