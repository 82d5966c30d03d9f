import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct ResumeTests {
    private func resume(_ pod: inout TestPod, _ observed: [PodLifecycle.Observation]) -> [String] {
        let actions = pod.life.resume(observed: observed, at: pod.now)
        return pod.take(actions)
    }

    @Test func aLaunchThatNobodyHeardOfIsAskedForAgain() {
        var pod = TestPod(["web"])
        _ = pod.ready()
        #expect(resume(&pod, []) == ["launch web 0"])
        #expect(resume(&pod, [.init(container: 0, attempt: 0, state: .launching)]) == [])
    }

    @Test func whatHappenedMeanwhileIsTakenIn() {
        var pod = TestPod(["c1", "web"])
        _ = pod.ready()
        let at = pod.now
        pod.pass(3_000_000_000)
        let exited = PodLifecycle.Observation(
            container: 0, attempt: 0, state: .exited(code: 0, signal: 0, at: at))
        #expect(resume(&pod, [exited]) == ["launch web 0"])
        #expect(pod.status.initContainerStatuses[0].ready)
    }

    @Test func whatIsKnownOfAnEarlierAttemptDoesNotCount() {
        var pod = TestPod(["web"])
        pod.run()
        #expect(pod.exit("web", 1) == ["launch web 1"])
        let old = PodLifecycle.Observation(container: 0, attempt: 0, state: .exited(code: 1, signal: 0, at: pod.now))
        #expect(resume(&pod, [old]) == ["launch web 1"])
        #expect(pod.life.containers[0].last?.attempt == 0)
        #expect(pod.life.containers[0].previous == nil)
    }

    @Test func theBackOffCountsFromTheExit() {
        var pod = TestPod(["web"])
        pod.run()
        pod.exit("web", 1)
        pod.started("web")
        let at = pod.now
        pod.pass(4_000_000_000)
        let exited = PodLifecycle.Observation(container: 0, attempt: 1, state: .exited(code: 1, signal: 0, at: at))
        #expect(resume(&pod, [exited]) == [])
        #expect(pod.wait(5.9) == [])
        #expect(pod.wait(0.1) == ["launch web 2"])
    }

    @Test func aSignalThatMayBeLostIsSentAgain() {
        var pod = TestPod(["web"])
        pod.run()
        pod.send(.stop(grace: nil))
        let running = PodLifecycle.Observation(
            container: 0, attempt: 0, state: .running(pid: 100, startedAt: pod.now))
        #expect(resume(&pod, [running]) == ["term web 0"])
        pod.pass(40_000_000_000)
        // Nobody knows whether the first one was sent.
        #expect(resume(&pod, [running]) == ["term web 0"])
        #expect(pod.wait(1.9) == [])
        #expect(pod.wait(0.1) == ["kill web 0"])
        #expect(resume(&pod, [running]) == ["kill web 0"])
    }

    @Test func anUnheardOfLaunchIsDroppedByAStop() {
        var pod = TestPod(["web"])
        _ = pod.ready()
        pod.send(.stop(grace: nil))
        #expect(resume(&pod, []) == ["teardown"])
        #expect(pod.life.exitCode == 0)
    }

    @Test func aRunningContainerThatIsGoneIsRestarted() {
        var pod = TestPod(["web"])
        pod.run()
        #expect(resume(&pod, []) == ["launch web 1"])
        #expect(pod.life.containers[0].last?.reason == .containerStatusUnknown)
    }

    @Test func theFirstFailureIsFoundByTime() {
        var pod = TestPod(["a", "b"], .never)
        pod.run()
        let early = pod.now
        pod.pass(1)
        let late = pod.now
        #expect(
            resume(
                &pod,
                [
                    .init(container: 0, attempt: 0, state: .exited(code: 5, signal: 0, at: late)),
                    .init(container: 1, attempt: 0, state: .exited(code: 6, signal: 0, at: early)),
                ]) == ["teardown"])
        #expect(pod.life.exitCode == 6)
        #expect(resume(&pod, []) == ["teardown"])
    }

    @Test func damagedBytesAreRefused() {
        var encoder = Encoder()
        var pod = TestPod(["c1", "s1", "web"])
        pod.run()
        encoder.encode(pod.life)
        for count in 0..<encoder.bytes.count {
            var decoder = Decoder(Array(encoder.bytes.prefix(count)))
            #expect(throws: CodecError.self) { try PodLifecycle(from: &decoder) }
        }
    }
}
