import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct StartOrderTests {
    @Test func nothingStartsBeforeTheSandbox() {
        var pod = TestPod(["web"])
        #expect(pod.life.handle(.tick, at: pod.now).isEmpty)
        #expect(pod.ready() == ["launch web 0"])
    }

    @Test func initContainersRunOneAfterTheOtherThenAllApps() {
        var pod = TestPod(["c1", "c2", "web", "log"])
        #expect(pod.ready() == ["launch c1 0"])
        #expect(pod.started("c1") == [])
        #expect(pod.exit("c1", 0) == ["launch c2 0"])
        pod.started("c2")
        #expect(pod.life.phase == .pending)
        #expect(pod.exit("c2", 0) == ["launch web 0", "launch log 0"])
        pod.started("web")
        #expect(pod.life.phase == .pending)
        pod.started("log")
        #expect(pod.life.phase == .running)
    }

    @Test func aStartedSidecarLetsTheNextGoOn() {
        var pod = TestPod(["s1", "c1", "s2", "web"])
        #expect(pod.ready() == ["launch s1 0"])
        #expect(pod.started("s1") == ["launch c1 0"])
        pod.started("c1")
        #expect(pod.exit("c1", 0) == ["launch s2 0"])
        #expect(pod.started("s2") == ["launch web 0"])
    }

    @Test func aSidecarThatDiesLaterDoesNotHoldUpTheSequence() {
        var pod = TestPod(["s1", "c1", "web"])
        _ = pod.ready()
        pod.started("s1")
        pod.started("c1")
        #expect(pod.exit("s1", 1) == ["launch s1 1"])
        #expect(pod.exit("c1", 0) == ["launch web 0"])
    }

    @Test func aSidecarThatDiesAtOnceIsTriedAgainBeforeTheNext() {
        var pod = TestPod(["s1", "web"], .never)
        _ = pod.ready()
        #expect(pod.failStart("s1") == ["launch s1 1"])
        #expect(pod.failStart("s1") == [])
        #expect(pod.wait(10) == ["launch s1 2"])
        #expect(pod.started("s1") == ["launch web 0"])
    }

    @Test(arguments: [PodPlan.RestartPolicy.always, .onFailure])
    func aFailedInitContainerIsTriedAgain(_ policy: PodPlan.RestartPolicy) {
        var pod = TestPod(["c1", "web"], policy)
        _ = pod.ready()
        pod.started("c1")
        #expect(pod.exit("c1", 1) == ["launch c1 1"])
        pod.started("c1")
        #expect(pod.exit("c1", 1) == [])
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["launch c1 2"])
        pod.started("c1")
        #expect(pod.exit("c1", 0) == ["launch web 0"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func aFailedInitContainerEndsAPodThatIsNeverRestarted() {
        var pod = TestPod(["s1", "s2", "c1", "web"], .never)
        _ = pod.ready()
        pod.started("s1")
        pod.started("s2")
        pod.started("c1")
        #expect(pod.exit("c1", 7) == ["term s2 0"])
        #expect(pod.life.phase == .pending)
        #expect(pod.exit("s2", 143) == ["term s1 0"])
        #expect(pod.exit("s1", 0) == ["teardown"])
        #expect(pod.life.phase == .failed)
        #expect(pod.life.exitCode == 7)
        #expect(pod.life.isFinished)
    }

    @Test func anInitContainerThatCannotStartHasFailedWith128() {
        var pod = TestPod(["c1", "web"], .never)
        _ = pod.ready()
        #expect(pod.failStart("c1") == ["teardown"])
        #expect(pod.life.exitCode == 128)
        #expect(pod.status.statusWord == "Init:StartError")
    }

    @Test func aSandboxThatCannotBeMadeFailsThePod() {
        var pod = TestPod(["c1", "web"])
        #expect(pod.send(.sandboxFailed(reason: "FailedMount", message: "no /data")) == ["teardown"])
        #expect(pod.life.phase == .failed)
        #expect(pod.life.exitCode == 1)
        #expect(pod.status.reason == "FailedMount")
        #expect(pod.send(.sandboxReady) == [])
    }

    @Test func eventsOfAnEarlierAttemptChangeNothing() {
        var pod = TestPod(["web"])
        pod.run()
        pod.exit("web", 1)
        let before = pod.life
        for event: Event in [
            .started(container: 0, attempt: 0, pid: 1), .started(container: 5, attempt: 0, pid: 1),
            .exited(container: 0, attempt: 0, exitCode: 0, signal: 0, oomKilled: false, message: ""),
            .failedToStart(container: 0, attempt: 0, failure: .init(.exec, errno: 2)), .sandboxReady,
            .sandboxFailed(reason: "", message: ""),
        ] {
            #expect(pod.life.handle(event, at: pod.now).isEmpty)
        }
        #expect(pod.life == before)
    }
}
