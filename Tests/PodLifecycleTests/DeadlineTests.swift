import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct DeadlineTests {
    @Test func thePodIsStoppedInOrderAndHasFailed() {
        var pod = TestPod(["s1", "a"], .always, grace: 5, deadline: 20)
        pod.run()
        #expect(pod.wait(19.9) == [])
        #expect(pod.wait(0.1) == ["term a 0"])
        #expect(pod.exit("a", 143) == ["term s1 0"])
        #expect(pod.wait(5) == ["kill s1 0"])
        #expect(pod.exit("s1", 137) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 1)
        #expect(pod.status.reason == "DeadlineExceeded")
        #expect(pod.status.message == "Pod was active on the node longer than the specified deadline")
        #expect(pod.status.statusWord == "Error")
    }

    @Test func whatSucceedsTooLateHasFailedAllTheSame() {
        var pod = TestPod(["a"], .never, deadline: 20)
        pod.run()
        #expect(pod.wait(20) == ["term a 0"])
        #expect(pod.exit("a", 0) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 1)
    }

    @Test func theTimeOfInitContainersAndBackOffsCounts() {
        var pod = TestPod(["c1", "a"], .onFailure, deadline: 12)
        _ = pod.ready()
        pod.wait(3)
        pod.started("c1")
        pod.exit("c1", 1)
        pod.started("c1")
        pod.exit("c1", 1)
        #expect(pod.wait(9) == ["teardown"])
        #expect(pod.status.reason == "DeadlineExceeded")
    }

    @Test func aPodThatIsOverInTimeIsLeftAlone() {
        var pod = TestPod(["s1", "a"], .never, grace: 60, deadline: 20)
        pod.run()
        pod.wait(19)
        #expect(pod.exit("a", 0) == ["term s1 0"])
        #expect(pod.wait(30) == [])
        #expect(pod.exit("s1", 0) == ["teardown"])
        #expect(pod.life.phase == .succeeded && pod.life.exitCode == 0)
        #expect(pod.status.reason == "")
    }

    @Test func aNewSupervisorKnowsTheDeadline() throws {
        var pod = TestPod(["a"], .always, deadline: 20)
        pod.run()
        pod.life = try PodLifecycle(packet: pod.life.packet)
        pod.pass(25 * second)
        let observed = PodLifecycle.Observation(
            container: 0, attempt: 0, state: .running(pid: 100, startedAt: pod.now))
        #expect(pod.take(pod.life.resume(observed: [observed], at: pod.now)) == ["term a 0"])
        #expect(pod.exit("a", 143) == ["teardown"])
        #expect(pod.life.exitCode == 1)
    }

    @Test func theUserMayShortenTheGracePeriod() {
        var pod = TestPod(["a"], .always, grace: 60, deadline: 20)
        pod.run()
        pod.wait(20)
        #expect(pod.send(.stop(grace: 0)) == ["kill a 0"])
        #expect(pod.exit("a", 137) == ["teardown"])
        #expect(pod.status.reason == "DeadlineExceeded" && pod.life.exitCode == 1)
    }
}
