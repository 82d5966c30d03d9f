import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct ReviveTests {
    private func revive(
        _ pod: inout TestPod, isSameBoot: Bool = true, _ observed: [PodLifecycle.Observation] = []
    ) -> [String] {
        let saved = SavedLifecycle(bootID: "b", savedAt: pod.now, lifecycle: pod.life)
        guard let copy = SavedLifecycle(sealed: saved.sealed) else { return ["damaged"] }
        pod.life = copy.lifecycle
        return pod.take(
            pod.life.revive(savedAt: copy.savedAt, isSameBoot: isSameBoot, observed: observed, at: pod.now))
    }

    @Test func whatRanIsLostAndRunsAgainAtOnce() {
        var pod = TestPod(["c1", "s1", "web"])
        pod.run()
        for attempt in 1...4 {
            #expect(revive(&pod) == ["sandbox"])
            #expect(pod.ready() == ["launch c1 \(attempt)"])
            pod.started("c1")
            #expect(pod.exit("c1", 0) == ["launch s1 \(attempt)"])
            #expect(pod.started("s1") == ["launch web \(attempt)"])
            pod.started("web")
        }
        #expect(pod.status.containerStatuses[0].lastState?.exitCode == 137)
    }

    @Test func aPodWithoutASandboxGetsOne() {
        var pod = TestPod(["web"])
        #expect(revive(&pod) == ["sandbox"])
        #expect(pod.ready() == ["launch web 0"])
    }

    @Test func anEndThatTheKeeperSawCounts() {
        var pod = TestPod(["web"], .never)
        pod.run()
        let end = PodLifecycle.Observation(container: 0, attempt: 0, state: .exited(code: 5, signal: 0, at: pod.now))
        #expect(revive(&pod, [end]) == ["teardown"])
        #expect(pod.life.exitCode == 5)
    }

    @Test func aBackOffGoesOnUnderAnotherBootClock() {
        var pod = TestPod(["web"])
        pod.run()
        #expect(pod.exit("web", 1) == ["launch web 1"])
        pod.started("web")
        pod.exit("web", 1)
        let saved = SavedLifecycle(bootID: "b", savedAt: pod.now, lifecycle: pod.life)
        pod.life = saved.lifecycle
        pod.now = Moment(boot: 5_000_000_000, wall: pod.now.wall + 4_000_000_000)
        _ = pod.take(
            pod.life.revive(savedAt: saved.savedAt, isSameBoot: false, observed: [], at: pod.now))
        #expect(pod.last == ["sandbox"])
        #expect(pod.ready() == [])
        #expect(pod.wait(5.9) == [])
        #expect(pod.wait(0.2) == ["launch web 2"])
    }

    @Test func whatIsDamagedIsNotRead() {
        var pod = TestPod(["web"])
        pod.run()
        let bytes = SavedLifecycle(bootID: "b", savedAt: pod.now, lifecycle: pod.life).sealed
        for count in 0..<bytes.count { #expect(SavedLifecycle(sealed: Array(bytes.prefix(count))) == nil) }
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 4
            #expect(SavedLifecycle(sealed: flipped) == nil)
        }
    }

    @Test func aRestartOnRequestIsNoFailure() {
        var pod = TestPod(["c1", "web", "b"], .never)
        pod.run()
        #expect(pod.send(.restart(container: 1)) == ["term web 0"])
        #expect(pod.send(.restart(container: 1)) == [])
        #expect(pod.exit("web", 143) == ["launch web 1"])
        pod.started("web")
        #expect(pod.status.containerStatuses[0].restartCount == 1)
        #expect(pod.exit("web", 0) == [])
        #expect(pod.send(.restart(container: 1)) == ["launch web 2"])
        pod.started("web")
        #expect(pod.send(.restart(container: 0)) == [])
        pod.exit("web", 0)
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .succeeded)
        #expect(pod.life.exitCode == 0)
    }

    @Test func eventsAreCountedAndBounded() {
        var events = PodEvents()
        let now = Moment(boot: 0, wall: 1_790_000_000_000_000_000)
        events.record("BackOff", "a \"b\"\n\u{1}ü", isWarning: true, fieldPath: "spec.containers{a}", at: now)
        for index in 0..<300 {
            events.record("Unhealthy", "\(index)", at: now)
            events.record("BackOff", "a \"b\"\n\u{1}ü", isWarning: true, fieldPath: "spec.containers{a}", at: now)
        }
        #expect(events.list.count == PodEvents.limit)
        #expect(events.list.first { $0.reason == "BackOff" }?.count == 301)
        #expect(events.list.last?.message == "299")
        #expect(PodEvents(text: events.text).list == events.list)
        #expect(PodEvents(text: "{}\nx\n{\"type\":\"Normal\"}\n" + events.text.prefix(500)).list.count < 10)
    }
}
