import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct SandboxLossTests {
    @Test func allInitContainersRunAgain() {
        var pod = TestPod(["c1", "s1", "web"])
        pod.run()
        pod.wait(5)
        #expect(pod.send(.sandboxLost) == ["sandbox"])
        #expect(pod.send(.tick) == [])
        #expect(pod.ready() == ["launch c1 1"])
        #expect(pod.started("c1") == [])
        #expect(pod.exit("c1", 0) == ["launch s1 1"])
        #expect(pod.started("s1") == ["launch web 1"])
        pod.started("web")
        #expect(pod.life.phase == .running)
        #expect(pod.status.containerStatuses[0].lastState?.exitCode == 137)
    }

    @Test func theBackOffGoesOnInTheNewSandbox() {
        var pod = TestPod(["web"])
        pod.run()
        pod.send(.sandboxLost)
        #expect(pod.ready() == ["launch web 1"])
        pod.started("web")
        pod.send(.sandboxLost)
        pod.wait(4)
        #expect(pod.ready() == [])
        #expect(pod.wait(5.9) == [])
        #expect(pod.wait(0.1) == ["launch web 2"])
    }

    @Test func aPodThatIsNeverRestartedHasFailed() {
        var pod = TestPod(["s1", "a", "b"], .never)
        pod.run()
        pod.exit("a", 0)
        #expect(pod.send(.sandboxLost) == ["teardown"])
        #expect(pod.life.phase == .failed)
        #expect(pod.life.exitCode == 137)
    }

    @Test func appsThatAreDoneStayDone() {
        var pod = TestPod(["a", "b"], .onFailure)
        pod.run()
        pod.exit("a", 0)
        #expect(pod.send(.sandboxLost) == ["sandbox"])
        #expect(pod.ready() == ["launch b 1"])
        pod.started("b")
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
    }

    @Test func aLossDuringTheEndIsTheEnd() {
        var pod = TestPod(["s1", "a"], .never)
        pod.run()
        pod.exit("a", 0)
        #expect(pod.send(.sandboxLost) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
    }

    @Test func aStopWhileTheSandboxIsRemade() {
        var pod = TestPod(["a"])
        pod.run()
        pod.send(.sandboxLost)
        #expect(pod.send(.stop(grace: nil)) == ["teardown"])
        #expect(pod.ready() == [])
        #expect(pod.life.exitCode == 137)
    }

    @Test func aSecondSandboxThatFails() {
        var pod = TestPod(["a"])
        pod.run()
        pod.send(.sandboxLost)
        #expect(pod.send(.sandboxFailed(reason: "FailedCreatePodSandBox", message: "x")) == ["teardown"])
        #expect(pod.life.phase == .failed)
    }
}
