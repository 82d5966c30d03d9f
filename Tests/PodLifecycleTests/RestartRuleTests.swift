import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct RestartRuleTests {
    private static func rule(
        _ action: RestartPlan.Rule.Action, _ values: [Int32], _ comparison: RestartPlan.Rule.Operator = .in
    ) -> RestartPlan.Rule {
        .init(action, comparison, values)
    }

    private static let resetOn88 = RestartPlan(policy: .never, rules: [rule(.restartAllContainers, [88])])

    struct Case: Sendable, CustomTestStringConvertible {
        var pod: PodPlan.RestartPolicy
        var plan: RestartPlan
        var code: Int32
        var decision: RestartPlan.Decision
        var testDescription: String { "\(pod) \(plan) \(code)" }
    }

    @Test(arguments: [
        Case(pod: .always, plan: .init(), code: 0, decision: .restart),
        Case(pod: .always, plan: .init(policy: .never), code: 1, decision: .end),
        Case(pod: .never, plan: .init(policy: .always), code: 0, decision: .restart),
        Case(pod: .never, plan: .init(policy: .onFailure), code: 0, decision: .end),
        Case(pod: .never, plan: .init(policy: .onFailure), code: 3, decision: .restart),
        Case(pod: .always, plan: .init(policy: .never, rules: [rule(.restart, [3, 4])]), code: 4, decision: .restart),
        Case(pod: .always, plan: .init(policy: .never, rules: [rule(.restart, [3, 4])]), code: 5, decision: .end),
        Case(
            pod: .always, plan: .init(policy: .never, rules: [rule(.restart, [3], .notIn)]), code: 3, decision: .end),
        Case(
            pod: .always, plan: .init(policy: .never, rules: [rule(.restart, [3], .notIn)]), code: 0, decision: .restart
        ),
        Case(
            pod: .never,
            plan: .init(policy: .never, rules: [rule(.restart, [3]), rule(.restartAllContainers, [], .notIn)]), code: 3,
            decision: .restart),
        Case(
            pod: .never,
            plan: .init(policy: .never, rules: [rule(.restart, [3]), rule(.restartAllContainers, [], .notIn)]), code: 0,
            decision: .restartAllContainers),
    ])
    func theFirstRuleThatMatchesDecides(_ test: Case) {
        #expect(test.plan.decision(exitCode: test.code, pod: test.pod) == test.decision)
    }

    // MARK: One container

    @Test func aContainersOwnPolicyComesBeforeThePods() {
        var pod = TestPod(["a", "b"], .never, restart: ["a": .init(policy: .always), "b": .init(policy: .onFailure)])
        pod.run()
        #expect(pod.exit("a", 0) == ["launch a 1"])
        #expect(pod.exit("b", 2) == ["launch b 1"])
        pod.started("b")
        #expect(pod.exit("b", 0) == [])
        pod.started("a")
        #expect(pod.life.phase == .running && pod.life.exitCode == 0)
    }

    @Test func neverOnAContainerEndsItInAPodThatRestarts() {
        var pod = TestPod(["a", "b"], .always, restart: ["a": .init(policy: .never), "b": .init(policy: .never)])
        pod.run()
        #expect(pod.exit("a", 3) == [])
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 3)
    }

    @Test func aRuleRestartsWithTheUsualBackOff() {
        var pod = TestPod(["a"], .never, restart: ["a": .init(policy: .never, rules: [Self.rule(.restart, [42])])])
        pod.run()
        #expect(pod.exit("a", 42) == ["launch a 1"])
        pod.started("a")
        #expect(pod.exit("a", 42) == [])
        #expect(pod.wait(9.9) == [])
        #expect(pod.wait(0.1) == ["launch a 2"])
        pod.started("a")
        #expect(pod.exit("a", 1) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 1)
    }

    @Test func anInitContainerRetriesByItsRulesAndIsDoneOnceItSucceeds() {
        let rules = RestartPlan(policy: .never, rules: [Self.rule(.restart, [0, 42])])
        var pod = TestPod(["c1", "a"], .never, restart: ["c1": rules])
        _ = pod.ready()
        pod.started("c1")
        #expect(pod.exit("c1", 42) == ["launch c1 1"])
        pod.started("c1")
        #expect(pod.exit("c1", 0) == ["launch a 0"])
    }

    @Test func anInitContainerWithNeverFailsAPodThatRestarts() {
        var pod = TestPod(["c1", "a"], .always, restart: ["c1": .init(policy: .never)])
        _ = pod.ready()
        pod.started("c1")
        #expect(pod.exit("c1", 7) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 7)
    }

    @Test func anInitContainerThatFailedForGoodIsNotRunInANewSandbox() {
        var pod = TestPod(["c1", "a"], .always, restart: ["c1": .init(policy: .never)])
        _ = pod.ready()
        pod.started("c1")
        #expect(pod.send(.sandboxLost) == ["teardown"])
        #expect(pod.life.phase == .failed && pod.life.exitCode == 137)
    }

    // MARK: All containers

    @Test func allContainersStartAnewInOrder() {
        var pod = TestPod(["c1", "s1", "a", "b"], .never, restart: ["b": Self.resetOn88])
        pod.run()
        #expect(pod.exit("a", 0) == [])
        #expect(pod.exit("b", 88) == ["kill s1 0"])
        #expect(pod.life.phase == .running)
        let condition = pod.status.conditions.last
        #expect(condition?.type == "AllContainersRestarting" && condition?.isTrue == true)
        #expect(condition?.reason == "RestartAllContainersStarted")
        #expect(condition?.message == "container exited with restart policy rule")
        #expect(pod.status.statusWord == "RestartingAllContainers")
        #expect(pod.exit("s1", 137) == ["launch c1 1"])
        #expect(pod.status.conditions.last?.isTrue == false)
        #expect(pod.status.conditions.contains { $0.type == "Initialized" && $0.isTrue })
        pod.started("c1")
        #expect(pod.exit("c1", 0) == ["launch s1 1"])
        #expect(pod.started("s1") == ["launch a 1", "launch b 1"])
        pod.started("b")
        #expect(pod.status.initContainerStatuses.map(\.restartCount) == [1, 1])
        #expect(pod.status.containerStatuses.map(\.restartCount) == [1, 1])
        #expect(pod.status.initContainerStatuses[1].lastState?.reason == "RestartingAllContainers")
        #expect(pod.status.containerStatuses[1].lastState?.exitCode == 88)
    }

    @Test func aSidecarsRuleRestartsAll() {
        let plan = RestartPlan(policy: .always, rules: Self.resetOn88.rules)
        var pod = TestPod(["c1", "s1", "a"], .never, restart: ["s1": plan])
        pod.run()
        #expect(pod.exit("s1", 1) == ["launch s1 1"])
        pod.started("s1")
        #expect(pod.exit("s1", 88) == ["kill a 0"])
        #expect(pod.exit("a", 137) == ["launch c1 1"])
        pod.started("c1")
        // What is left of its back-off.
        #expect(pod.exit("c1", 0) == [])
        #expect(pod.wait(10) == ["launch s1 2"])
        #expect(pod.started("s1") == ["launch a 1"])
    }

    /// Else those that are killed with a code that they have a rule for would restart all again.
    @Test func aContainerThatIsKilledForItDoesNotBringItAboutAgain() {
        let plan = RestartPlan(policy: .never, rules: [Self.rule(.restartAllContainers, [0], .notIn)])
        var pod = TestPod(["a", "b"], .never, restart: ["a": plan, "b": plan])
        pod.run()
        #expect(pod.exit("a", 1) == ["kill b 0"])
        #expect(pod.exit("b", 137) == ["launch a 1", "launch b 1"])
    }

    @Test func aContainerThatIsBeingLaunchedIsKilledOnceItRuns() {
        var pod = TestPod(["a", "b"], .never, restart: ["a": Self.resetOn88])
        _ = pod.ready()
        pod.started("a")
        #expect(pod.exit("a", 88) == [])
        #expect(pod.started("b") == ["kill b 0"])
        #expect(pod.exit("b", 137) == ["launch a 1", "launch b 1"])
    }

    @Test func aFailureBeforeItIsForgotten() {
        var pod = TestPod(["a", "b"], .never, restart: ["b": Self.resetOn88])
        pod.run()
        pod.exit("a", 5)
        #expect(pod.exit("b", 88) == ["launch a 1", "launch b 1"])
        pod.started("a")
        pod.started("b")
        pod.exit("a", 0)
        #expect(pod.exit("b", 0) == ["teardown"])
        #expect(pod.life.phase == .succeeded && pod.life.exitCode == 0)
    }

    @Test func theUserMayStopItInBetween() {
        var pod = TestPod(["c1", "a", "b"], .never, restart: ["b": Self.resetOn88])
        pod.run()
        #expect(pod.exit("b", 88) == ["kill a 0"])
        #expect(pod.send(.stop(grace: nil)) == [])
        #expect(pod.exit("a", 137) == ["teardown"])
    }

    @Test func aNewSupervisorGoesOnWithIt() throws {
        var pod = TestPod(["c1", "a", "b"], .never, restart: ["b": Self.resetOn88])
        pod.run()
        pod.exit("b", 88)
        pod.life = try PodLifecycle(packet: pod.life.packet)
        let observed = PodLifecycle.Observation(
            container: 1, attempt: 0, state: .running(pid: 100, startedAt: pod.now))
        #expect(pod.take(pod.life.resume(observed: [observed], at: pod.now)) == ["kill a 0"])
        #expect(pod.exit("a", 137) == ["launch c1 1"])
    }

    @Test func aPodWithoutTheRuleHasNoSuchCondition() {
        var pod = TestPod(["a"], restart: ["a": .init(policy: .never, rules: [Self.rule(.restart, [1])])])
        pod.run()
        #expect(!pod.status.conditions.contains { $0.type == "AllContainersRestarting" })
    }
}
