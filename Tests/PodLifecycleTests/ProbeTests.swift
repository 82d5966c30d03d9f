import PodPlan
import Testing

@testable import PodLifecycle

@Suite struct ProbeTests {
    private func checks(_ change: (inout ContainerChecks) -> Void) -> ContainerChecks {
        var checks = ContainerChecks()
        change(&checks)
        return checks
    }

    private var all: ContainerChecks {
        checks {
            $0.hasStartup = true
            $0.hasLiveness = true
            $0.hasReadiness = true
        }
    }

    private var liveness: ContainerChecks { checks { $0.hasLiveness = true } }

    @Test func startupHoldsTheOthersOff() {
        var pod = TestPod(["web"], checks: ["web": all])
        _ = pod.ready()
        #expect(pod.probes("web") == [])
        pod.started("web")
        #expect(pod.probes("web") == [.startup])
        #expect(!pod.status.containerStatuses[0].started && !pod.status.containerStatuses[0].ready)
        pod.probe(.startup, "web", true)
        #expect(pod.probes("web") == [.liveness, .readiness])
        #expect(pod.status.containerStatuses[0].started && !pod.status.containerStatuses[0].ready)
        pod.probe(.readiness, "web", true)
        #expect(pod.status.containerStatuses[0].ready)
        #expect(pod.status.conditions.first { $0.type == "Ready" }?.isTrue == true)
        pod.probe(.readiness, "web", false)
        #expect(pod.status.conditions.first { $0.type == "ContainersReady" }?.isTrue == false)
        #expect(
            pod.status.conditions.first { $0.type == "Ready" }?.message
                == "containers with unready status: [web]")
        #expect(
            pod.reports.compactMap { if case .ready(let ready, _) = $0 { Int(ready) } else { nil } } == [1, 0])
        // A container that is not ready is not ended for it.
        #expect(pod.life.containers[0].isRunning && pod.last == [])
    }

    @Test func aLivenessFailureEndsTheContainerAndItIsRestarted() {
        var pod = TestPod(["web", "b"], grace: 30, checks: ["web": liveness])
        pod.run()
        #expect(pod.probe(.liveness, "web", false) == ["term web 0"])
        #expect(pod.probes("web") == [])
        #expect(
            pod.reports.contains(
                .event(
                    container: 0, reason: "Killing",
                    message: "Container web failed liveness probe, will be restarted")))
        #expect(pod.wait(29.9) == [])
        #expect(pod.wait(0.1) == ["kill web 0"])
        #expect(pod.exit("web", 137) == ["launch web 1"])
        pod.started("web")
        #expect(pod.probes("web") == [.liveness])
        #expect(pod.status.containerStatuses[0].restartCount == 1)
    }

    @Test func underNeverTheContainerHasEndedWithItsCode() {
        var pod = TestPod(["web"], .never, checks: ["web": liveness])
        pod.run()
        pod.probe(.liveness, "web", false)
        #expect(
            pod.reports.contains(
                .event(container: 0, reason: "Killing", message: "Container web failed liveness probe")))
        #expect(pod.exit("web", 143) == ["teardown"])
        #expect(pod.life.exitCode == 143)
        #expect(pod.life.phase == .failed)
    }

    @Test(arguments: [ProbeKind.startup, .liveness])
    func theProbesOwnGracePeriodCounts(_ kind: ProbeKind) {
        let checks = checks {
            $0.hasStartup = kind == .startup
            $0.hasLiveness = true
            $0.startupGrace = 5
            $0.livenessGrace = kind == .liveness ? 5 : 90
        }
        var pod = TestPod(["web"], grace: 60, checks: ["web": checks])
        pod.run()
        #expect(pod.probe(kind, "web", false) == ["term web 0"])
        #expect(pod.wait(4.9) == [])
        #expect(pod.wait(0.1) == ["kill web 0"])
    }

    @Test func preStopRunsBeforeALivenessKillToo() {
        let checks = checks {
            $0.hasLiveness = true
            $0.hasPreStop = true
            $0.livenessGrace = 8
        }
        var pod = TestPod(["web"], checks: ["web": checks])
        pod.run()
        #expect(pod.probe(.liveness, "web", false) == ["preStop web 0"])
        #expect(pod.hook(.preStop, "web") == ["term web 0"])
        // The pod's stop leaves what is under way its own, shorter time.
        #expect(pod.send(.stop(grace: 20)) == [])
        #expect(pod.wait(7.9) == [])
        #expect(pod.wait(0.1) == ["kill web 0"])
    }

    @Test func duringTheEndOnlyReadinessGoesOn() {
        var pod = TestPod(["s1", "web"], checks: ["web": all, "s1": all])
        _ = pod.ready()
        pod.started("s1")
        pod.probe(.startup, "s1", true)
        pod.started("web")
        pod.send(.stop(grace: nil))
        #expect(pod.probes("web") == [])
        #expect(pod.probes("s1") == [.readiness])
        #expect(pod.probe(.liveness, "s1", false) == [])
        pod.exit("web", 0)
        #expect(pod.probes("s1") == [.readiness])
        pod.exit("s1", 0)
        #expect(pod.probes("s1") == [])
    }

    @Test func verdictsOfAnEarlierAttemptChangeNothing() {
        var pod = TestPod(["web"], checks: ["web": liveness])
        pod.run()
        pod.exit("web", 1)
        pod.started("web")
        let before = pod.life
        #expect(pod.send(.probed(container: 0, attempt: 0, probe: .liveness, isSuccess: false)) == [])
        #expect(pod.life == before)
    }

    @Test func aPodWithoutProbesHasNothingToTell() {
        var pod = TestPod(["web"])
        pod.run()
        #expect(!pod.reports.contains { if case .ready = $0 { true } else { false } })
        #expect(pod.life.deadline == nil)
    }

    // MARK: The worker

    private func worker(_ kind: ProbeKind, _ change: (inout ProbePlan) -> Void = { _ in }) -> ProbeWorker {
        var plan = ProbePlan(.sleep(seconds: 0))
        change(&plan)
        return ProbeWorker(kind: kind, plan: plan, startedAt: 100 * second, isReady: false, now: 100 * second)
    }

    @Test func theFirstProbeComesAfterTheInitialDelayThenEachPeriod() {
        var worker = worker(.readiness) {
            $0.initialDelay = 7
            $0.period = 4
        }
        #expect(worker.due == 107 * second)
        worker.begin(at: 107 * second)
        #expect(worker.due == nil)
        #expect(worker.finish(.success, at: 108 * second) == true)
        #expect(worker.due == 111 * second)
        worker.begin(at: 111 * second)
        // One that took longer than a period is followed by the next at once.
        #expect(worker.finish(.success, at: 117 * second) == nil)
        #expect(worker.due == 117 * second)
    }

    struct Row: Sendable {
        var kind: ProbeKind
        var success: Int32 = 1
        var failure: Int32 = 3
        var results: String
        /// `+` and `-` where a verdict comes, `.` where not.
        var verdicts: String
    }

    @Test(arguments: [
        // Initial results: liveness Success, readiness Failure, startup Unknown.
        Row(kind: .liveness, results: "++--+---", verdicts: ".......-"),
        Row(kind: .liveness, failure: 1, results: "+-", verdicts: ".-"),
        Row(kind: .startup, failure: 2, results: "-+", verdicts: ".+"),
        Row(kind: .startup, failure: 2, results: "--", verdicts: ".-"),
        Row(kind: .readiness, results: "---+--+---+", verdicts: "...+.....-+"),
        Row(kind: .readiness, success: 3, failure: 1, results: "++-+++-", verdicts: ".....+-"),
        // What could not be carried out counts for nothing, and interrupts nothing.
        Row(kind: .liveness, results: "-?-?-", verdicts: "....-"),
    ])
    func thresholdsCountEqualResultsInARow(_ row: Row) {
        var worker = worker(row.kind) {
            $0.successThreshold = row.success
            $0.failureThreshold = row.failure
        }
        var verdicts = ""
        for (step, result) in row.results.enumerated() {
            let now = (101 + Int64(step) * 10) * second
            #expect(worker.due == now)
            worker.begin(at: now)
            switch worker.finish(result == "+" ? .success : result == "-" ? .failure : .errored, at: now) {
            case true?: verdicts += "+"
            case false?: verdicts += "-"
            case nil: verdicts += "."
            }
        }
        #expect(verdicts == row.verdicts)
        if row.kind != .readiness && verdicts.hasSuffix("-") { #expect(worker.due == nil) }
    }
}
