import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct StopTests {
    @Test func appsAtOnceThenSidecarsInReverse() {
        var pod = TestPod(["s1", "s2", "a", "b"])
        pod.run()
        #expect(pod.send(.stop(grace: nil)) == ["term a 0", "term b 0"])
        #expect(pod.exit("a", 143) == [])
        #expect(pod.exit("b", 0) == ["term s2 0"])
        #expect(pod.exit("s2", 0) == ["term s1 0"])
        #expect(pod.exit("s1", 0) == ["teardown"])
        #expect(pod.life.exitCode == 0)
        // As in Kubernetes: a container that was ended by a signal has not succeeded.
        #expect(pod.life.phase == .failed)
    }

    @Test func aStopThatAllTakeWellSucceeds() {
        var pod = TestPod(["a", "b"])
        pod.run()
        pod.send(.stop(grace: nil))
        pod.exit("a", 0)
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
    }

    @Test func sigkillComesWhenTheGracePeriodIsOver() {
        var pod = TestPod(["a"], grace: 30)
        pod.run()
        pod.send(.stop(grace: nil))
        #expect(pod.wait(29.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
        #expect(pod.exit("a", 137) == ["teardown"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func sidecarsShareTheGracePeriod() {
        var pod = TestPod(["s1", "a"], grace: 30)
        pod.run()
        pod.send(.stop(grace: nil))
        pod.wait(20)
        #expect(pod.exit("a", 0) == ["term s1 0"])
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["kill s1 0"])
    }

    @Test func aShortGracePeriodIsTwoSeconds() {
        var pod = TestPod(["a"])
        pod.run()
        #expect(pod.send(.stop(grace: 1)) == ["term a 0"])
        #expect(pod.wait(1.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
    }

    @Test(arguments: [Int64?.none, 0])
    func graceZeroKillsAllAtOnce(_ grace: Int64?) {
        var pod = TestPod(["s1", "a"], grace: grace == nil ? 0 : 30)
        pod.run()
        #expect(pod.send(.stop(grace: grace)) == ["kill s1 0", "kill a 0"])
        pod.exit("s1", 137)
        #expect(pod.exit("a", 137) == ["teardown"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func aSecondStopMayOnlyShorten() {
        var pod = TestPod(["s1", "a"], grace: 30)
        pod.run()
        pod.send(.stop(grace: nil))
        #expect(pod.life.handle(.stop(grace: 60), at: pod.now).isEmpty)
        pod.wait(5)
        pod.send(.stop(grace: 5))
        #expect(pod.wait(4.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
        #expect(pod.send(.stop(grace: 0)) == ["kill s1 0"])
        #expect(pod.send(.stop(grace: 0)) == [])
    }

    @Test func aSecondStopLeavesTwoSeconds() {
        var pod = TestPod(["a"], grace: 30)
        pod.run()
        pod.send(.stop(grace: nil))
        pod.wait(0.5)
        pod.send(.stop(grace: 1))
        #expect(pod.wait(1.4) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
    }

    @Test(arguments: [Int64(30), 0])
    func aContainerThatIsBeingLaunchedIsSignalledOnceItRuns(_ grace: Int64) {
        var pod = TestPod(["a"])
        _ = pod.ready()
        #expect(pod.send(.stop(grace: grace)) == [])
        #expect(!pod.life.isFinished)
        pod.wait(5)
        #expect(pod.started("a") == [grace == 0 ? "kill a 0" : "term a 0"])
        #expect(pod.exit("a", grace == 0 ? 137 : 143) == ["teardown"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func aLateLaunchStillGetsTwoSeconds() {
        var pod = TestPod(["a"], grace: 3)
        _ = pod.ready()
        pod.send(.stop(grace: nil))
        pod.wait(60)
        #expect(pod.started("a") == ["term a 0"])
        #expect(pod.wait(1.9) == [])
        #expect(pod.wait(0.1) == ["kill a 0"])
    }

    @Test func aLaunchThatFailsDuringTheStopIsNotTriedAgain() {
        var pod = TestPod(["a"])
        _ = pod.ready()
        pod.send(.stop(grace: nil))
        #expect(pod.failStart("a") == ["teardown"])
        #expect(pod.life.exitCode == 128)
    }

    @Test func aRunningInitContainerIsStoppedAndNothingFollows() {
        var pod = TestPod(["s1", "c1", "web"])
        _ = pod.ready()
        pod.started("s1")
        pod.started("c1")
        #expect(pod.send(.stop(grace: nil)) == ["term c1 0"])
        #expect(pod.exit("c1", 0) == ["term s1 0"])
        #expect(pod.exit("s1", 0) == ["teardown"])
        #expect(pod.life.phase == .failed)
        #expect(pod.life.exitCode == 0)
    }

    @Test func stoppedContainersAreNotRestarted() {
        var pod = TestPod(["s1", "a", "b"])
        pod.run()
        pod.exit("b", 1)
        pod.started("b")
        pod.exit("b", 2)
        #expect(pod.send(.stop(grace: nil)) == ["term a 0"])
        #expect(pod.exit("s1", 1) == [])
        #expect(pod.exit("a", 0) == ["teardown"])
        #expect(pod.wait(1000) == [])
    }

    struct Code: Sendable {
        var code: Int32
        var exitCode: Int32
    }

    @Test(arguments: [
        Code(code: 0, exitCode: 0), Code(code: 143, exitCode: 0), Code(code: 1, exitCode: 1),
        // Nobody has sent SIGKILL yet.
        Code(code: 137, exitCode: 137),
    ])
    func codesAfterSigterm(_ test: Code) {
        var pod = TestPod(["a"])
        pod.run()
        pod.send(.stop(grace: nil))
        pod.exit("a", test.code)
        #expect(pod.life.exitCode == test.exitCode)
    }

    @Test func aFailureInBackOffIsFinalWhenTheUserStops() {
        var pod = TestPod(["a", "b"])
        pod.run()
        pod.exit("b", 3)
        pod.started("b")
        pod.exit("b", 4)
        pod.pass(1)
        pod.exit("a", 5)
        pod.started("a")
        pod.exit("a", 6)
        #expect(pod.life.exitCode == 0)
        #expect(pod.send(.stop(grace: nil)) == ["teardown"])
        #expect(pod.life.exitCode == 4)
        #expect(pod.life.phase == .failed)
    }

    @Test func aStopBeforeTheSandboxIsThere() {
        var pod = TestPod(["a"])
        #expect(pod.send(.stop(grace: nil)) == ["teardown"])
        #expect(pod.ready() == [])
        #expect(pod.life.exitCode == 0)
        #expect(pod.life.phase == .failed)
    }

    @Test func aStopDuringTheLastSidecarsEnd() {
        var pod = TestPod(["s1", "a"], .never)
        pod.run()
        pod.exit("a", 0)
        #expect(pod.send(.stop(grace: 0)) == ["kill s1 0"])
        #expect(pod.exit("s1", 137) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
    }

    @Test func anAbsurdGracePeriodDoesNotOverflow() {
        var pod = TestPod(["a"], grace: .max)
        pod.run()
        #expect(pod.send(.stop(grace: .max)) == ["term a 0"])
        #expect(pod.send(.stop(grace: -5)) == ["kill a 0"])
    }
}
