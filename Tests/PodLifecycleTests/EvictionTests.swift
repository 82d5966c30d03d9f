import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct EvictionTests {
    @Test func allAreKilledAtOnceAndThePodHasFailed() throws {
        var pod = TestPod(["s1", "a", "b"], .always)
        pod.run()
        #expect(pod.send(.evicted(message: "too much")) == ["kill s1 0", "kill a 0", "kill b 0"])
        // It comes back after a crash of the supervisor.
        pod.life = try PodLifecycle(packet: pod.life.packet)
        #expect(pod.send(.evicted(message: "again")) == [])
        pod.exit("a", 137)
        pod.exit("s1", 137)
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 1)
        #expect(pod.status.reason == "Evicted" && pod.status.message == "too much")
        let target = pod.status.conditions.first { $0.type == "DisruptionTarget" }
        #expect(target?.isTrue == true && target?.reason == "TerminationByKubelet" && target?.message == "too much")
    }

    @Test func aPodThatIsEndingAnywayIsLeftAlone() {
        var pod = TestPod(["a"], .always)
        pod.run()
        #expect(pod.send(.stop(grace: 5)) == ["term a 0"])
        #expect(pod.send(.evicted(message: "too much")) == [])
        #expect(pod.exit("a", 0) == ["teardown"])
        #expect(pod.status.reason == "" && !pod.status.conditions.contains { $0.type == "DisruptionTarget" })
    }
}
