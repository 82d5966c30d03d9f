import PodPlan

@testable import PodLifecycle

typealias Action = PodLifecycle.Action
typealias Event = PodLifecycle.Event

/// A pod whose containers are named in the test, driven by hand: `c` an init container, `s` a sidecar, everything else an app.
struct TestPod {
    var life: PodLifecycle
    let names: [String]
    let kinds: [ContainerPlan.Kind]
    var now = Moment(boot: 1_000_000_000_000, wall: 1_790_000_000_000_000_000)
    /// Everything but reports, in words: `launch web 0`, `term web 0`, `kill web 0`, `sandbox`, `teardown`.
    var last: [String] = []
    var reports: [PodReport] = []

    init(
        _ names: [String], _ policy: PodPlan.RestartPolicy = .always, grace: Int64 = 30, deadline: Int64 = 0,
        restart: [String: RestartPlan] = [:], checks: [String: ContainerChecks] = [:]
    ) {
        self.names = names
        kinds = names.map { $0.hasPrefix("c") ? .initContainer : $0.hasPrefix("s") ? .sidecar : .app }
        life = PodLifecycle(
            containers: zip(names, kinds).map {
                .init(name: $0, kind: $1, restart: restart[$0] ?? RestartPlan(), checks: checks[$0] ?? .init())
            },
            restartPolicy: policy, gracePeriod: grace, activeDeadline: deadline)
    }

    mutating func ready() -> [String] { send(.sandboxReady) }

    @discardableResult
    mutating func send(_ event: Event) -> [String] {
        take(life.handle(event, at: now))
    }

    @discardableResult
    mutating func take(_ actions: [Action]) -> [String] {
        last = []
        for action in actions {
            switch action {
            case .makeSandbox: last.append("sandbox")
            case .launch(let container, let attempt): last.append("launch \(names[container]) \(attempt)")
            case .signal(let container, let attempt, let signal):
                let word = signal == 9 ? "kill" : signal == 15 ? "term" : "signal \(signal)"
                last.append("\(word) \(names[container]) \(attempt)")
            case .runHook(let container, let attempt, let hook):
                last.append("\(hook) \(names[container]) \(attempt)")
            case .keep: break
            case .teardown: last.append("teardown")
            case .report(let report): reports.append(report)
            }
        }
        return last
    }

    private func index(_ name: String) -> Int { names.firstIndex(of: name) ?? -1 }

    func attempt(_ name: String) -> UInt32 { life.containers[index(name)].attempt }

    @discardableResult
    mutating func started(_ name: String) -> [String] {
        send(.started(container: index(name), attempt: attempt(name), pid: 100))
    }

    @discardableResult
    mutating func exit(_ name: String, _ code: Int32, oom: Bool = false) -> [String] {
        let signal = code > 128 ? code - 128 : 0
        return send(
            .exited(
                container: index(name), attempt: attempt(name), exitCode: code, signal: signal, oomKilled: oom,
                message: ""))
    }

    /// A hook returns.
    @discardableResult
    mutating func hook(_ hook: HookKind, _ name: String, _ failure: String? = nil) -> [String] {
        send(.hookReturned(container: index(name), attempt: attempt(name), hook: hook, failure: failure))
    }

    @discardableResult
    mutating func probe(_ probe: ProbeKind, _ name: String, _ isSuccess: Bool) -> [String] {
        send(.probed(container: index(name), attempt: attempt(name), probe: probe, isSuccess: isSuccess))
    }

    func probes(_ name: String) -> [ProbeKind] { life.probes(index(name)) }

    @discardableResult
    mutating func failStart(_ name: String) -> [String] {
        let failure = LaunchFailure(.exec, errno: 2, path: "/nginx")
        return send(.failedToStart(container: index(name), attempt: attempt(name), failure: failure))
    }

    /// Seconds go by, and the clock ticks where it is due.
    @discardableResult
    mutating func wait(_ seconds: Double) -> [String] {
        let until = now.boot + Int64(seconds * 1e9)
        var all: [String] = []
        while let deadline = life.deadline, deadline <= until {
            pass(max(0, deadline - now.boot))
            all += send(.tick)
        }
        pass(until - now.boot)
        return all
    }

    /// Nanoseconds go by and nobody looks.
    mutating func pass(_ nanoseconds: Int64) {
        now.boot += nanoseconds
        now.wall += nanoseconds
    }

    /// Sandbox and all containers up, each as its turn comes.
    mutating func run() {
        send(.sandboxReady)
        for (name, kind) in zip(names, kinds) {
            started(name)
            if kind == .initContainer { exit(name, 0) }
        }
    }

    var plan: PodPlan {
        var plan = PodPlan()
        (plan.uid, plan.namespace, plan.name) = ("11-22", "default", "demo")
        plan.containers = zip(names, kinds).map { name, kind in
            var container = ContainerPlan()
            (container.name, container.kind, container.image) = (name, kind, "host:/")
            return container
        }
        return plan
    }

    var status: PodStatus { PodStatus(life, plan: plan) }
}
