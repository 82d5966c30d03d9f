import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct RestartTests {
    @Test func backOffDoublesFromTenSecondsToFiveMinutes() {
        var pod = TestPod(["web"])
        _ = pod.ready()
        for delay in [0, 10, 20, 40, 80, 160, 300, 300, 300] as [Double] {
            pod.started("web")
            let attempt = pod.attempt("web")
            if delay == 0 {
                #expect(pod.exit("web", 1) == ["launch web \(attempt + 1)"])
            } else {
                #expect(pod.exit("web", 1) == [])
                #expect(pod.reports.last == .backOff(container: 0, delay: Int64(delay * 1e9)))
                #expect(pod.wait(delay - 0.001) == [])
                #expect(pod.wait(0.001) == ["launch web \(attempt + 1)"])
            }
        }
    }

    @Test func tenMinutesOfRunningForgetTheBackOff() {
        var pod = TestPod(["web"])
        pod.run()
        pod.exit("web", 1)
        for (run, immediate) in [(599.0, false), (600.0, true), (1.0, false)] {
            pod.started("web")
            pod.wait(run)
            #expect(pod.exit("web", 1).isEmpty != immediate)
            pod.wait(300)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var policy: PodPlan.RestartPolicy
        var code: Int32
        var restarts: Bool
        var phase: PodPhase
        var exitCode: Int32
        var testDescription: String { "\(policy) \(code)" }
    }

    @Test(arguments: [
        Case(policy: .always, code: 0, restarts: true, phase: .running, exitCode: 0),
        Case(policy: .always, code: 3, restarts: true, phase: .running, exitCode: 0),
        Case(policy: .onFailure, code: 0, restarts: false, phase: .succeeded, exitCode: 0),
        Case(policy: .onFailure, code: 3, restarts: true, phase: .running, exitCode: 0),
        Case(policy: .never, code: 0, restarts: false, phase: .succeeded, exitCode: 0),
        Case(policy: .never, code: 3, restarts: false, phase: .failed, exitCode: 3),
    ])
    func policyOfAnApp(_ test: Case) {
        var pod = TestPod(["web"], test.policy)
        pod.run()
        #expect(pod.exit("web", test.code) == [test.restarts ? "launch web 1" : "teardown"])
        #expect(pod.life.phase == test.phase)
        #expect(pod.life.exitCode == test.exitCode)
    }

    @Test(arguments: [PodPlan.RestartPolicy.always, .onFailure, .never], [0, 1] as [Int32])
    func sidecarsAreAlwaysRestarted(_ policy: PodPlan.RestartPolicy, _ code: Int32) {
        var pod = TestPod(["s1", "web"], policy)
        pod.run()
        #expect(pod.exit("s1", code) == ["launch s1 1"])
        pod.started("s1")
        #expect(pod.exit("s1", code) == [])
        #expect(pod.wait(10) == ["launch s1 2"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func theFirstFailureInTimeIsTheExitCode() {
        var pod = TestPod(["a", "b", "d"], .never)
        pod.run()
        pod.exit("d", 0)
        pod.exit("b", 4)
        pod.exit("a", 5)
        #expect(pod.life.exitCode == 4)
        #expect(pod.life.phase == .failed)
    }

    @Test func sidecarsEndInReverseOrderOnceTheAppsAreDone() {
        var pod = TestPod(["s1", "s2", "a", "b"], .onFailure)
        pod.run()
        #expect(pod.exit("a", 0) == [])
        #expect(pod.exit("b", 0) == ["term s2 0"])
        #expect(pod.life.phase == .running)
        #expect(pod.exit("s2", 9) == ["term s1 0"])
        #expect(pod.exit("s1", 143) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
        #expect(pod.life.exitCode == 0)
    }

    @Test func aSidecarThatIgnoresTheSignalIsKilled() {
        var pod = TestPod(["s1", "s2", "a"], .never, grace: 10)
        pod.run()
        #expect(pod.exit("a", 0) == ["term s2 0"])
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["kill s2 0"])
        #expect(pod.life.deadline == nil)
        // Nothing is left of the grace period but the two seconds that every container has.
        #expect(pod.exit("s2", 137) == ["term s1 0"])
        #expect(pod.wait(1.9) == [])
        #expect(pod.wait(0.1) == ["kill s1 0"])
        #expect(pod.exit("s1", 137) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
    }

    @Test func aSidecarInBackOffIsNotStartedForTheEnd() {
        var pod = TestPod(["s1", "a"], .never)
        pod.run()
        pod.exit("s1", 1)
        pod.started("s1")
        pod.exit("s1", 1)
        #expect(pod.exit("a", 0) == ["teardown"])
    }
}
