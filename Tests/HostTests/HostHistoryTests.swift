import Foundation
import Glibc
import PodAPI
import PodPlan
import Testing

extension HostTests {
    /// Random histories of pods that are kept: started, deleted, started again after any of their processes was killed, against
    /// what has to hold whatever happens. `SWIFTLET_SEED` repeats one; `SWIFTLET_SECONDS` makes it longer.
    @Suite struct HostHistoryTests {
        @Test func whateverIsKilledThePodsAreAsTheyShouldBe() throws {
            let environment = ProcessInfo.processInfo.environment
            let seed = environment["SWIFTLET_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)
            let seconds = environment["SWIFTLET_SECONDS"].flatMap { Double($0) } ?? 12
            try withWorld(sweeping: true) { world in
                var history = HostHistory(world, seed: seed)
                do {
                    try history.run(seconds: seconds)
                } catch {
                    Issue.record("seed \(seed): \(error)\n\(history.steps.suffix(40).joined(separator: "\n"))")
                }
                print("histories: \(history.steps.count) steps, seed \(seed)")
                try? history.end()
            }
        }
    }
}

/// A few pods, what is done to them, and what must hold.
struct HostHistory {
    private enum Victim: CaseIterable { case supervisor, keeper, container, both }

    private let world: World
    private var random: SplitMix
    private var pods: [Int: KeptPod] = [:]
    private(set) var steps: [String] = []

    init(_ world: World, seed: UInt64) {
        self.world = world
        random = SplitMix(seed: seed)
    }

    mutating func run(seconds: Double) throws {
        let end = monotonicSeconds() + seconds
        while monotonicSeconds() < end { try step() }
        try startThoseThatShouldRun()
        for number in pods.keys { try checkLogs(number) }
    }

    /// Deletes what there is.
    mutating func end() throws {
        for pod in pods.values { try pod.remove() }
        pods = [:]
    }

    private mutating func step() throws {
        let number = Int.random(in: 0..<3, using: &random)
        guard let pod = pods[number] else {
            steps.append("start \(number)")
            let script = "trap 'exit 0' TERM; i=0; while :; do echo $((i += 1)); sleep 0.005; done"
            let new = try KeptPod(
                world, HostTests.always(script, name: "h\(number)"))
            try new.start()
            pods[number] = new
            return
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            steps.append("delete \(number)")
            try startThoseThatShouldRun()
            try checkLogs(number)
            try pod.remove()
            pods[number] = nil
        case 1...2:
            steps.append("the next command")
            try startThoseThatShouldRun()
        case 3:
            steps.append("wait")
            usleep(UInt32.random(in: 0...200_000, using: &random))
        default:
            let victim = Victim.allCases.randomElement(using: &random) ?? .both
            steps.append("kill \(victim) of \(number)")
            for pid in processes(of: pod, victim) { kill(pid, SIGKILL) }
            if Bool.random(using: &random) { usleep(UInt32.random(in: 0...100_000, using: &random)) }
        }
        try checkNumbers()
    }

    private func processes(of pod: KeptPod, _ victim: Victim) -> [pid_t] {
        let own = HostProcess.all().filter { $0.state != "Z" && $0.holdsFile(below: pod.plan.paths.run) }
        let keepers = own.filter { $0.name == "swiftlet-keeper" }.map(\.pid)
        let supervisors = own.filter { $0.name == "swiftlet-superv" }.map(\.pid)
        switch victim {
        case .supervisor: return supervisors
        case .keeper: return keepers
        case .both: return supervisors + keepers
        case .container:
            return HostProcess.all().filter { keepers.contains($0.parent) && !$0.name.hasPrefix("swiftlet") }.map(\.pid)
        }
    }

    // MARK: What has to hold

    /// Never two supervisors of a pod, nor two keepers.
    private func checkNumbers() throws {
        for (number, pod) in pods {
            for victim in [Victim.supervisor, .keeper] {
                let found = processes(of: pod, victim)
                // A keeper that its supervisor has forked has the supervisor's name for a moment.
                if found.count <= 1 { continue }
                usleep(50_000)
                let again = Set(processes(of: pod, victim)).intersection(found)
                if again.count > 1 { throw Expired(description: "pod \(number) has \(again.count) of \(victim)") }
            }
        }
    }

    /// As a command does that finds nobody at work for a pod that should run; then all of them run.
    private mutating func startThoseThatShouldRun() throws {
        for (number, pod) in pods {
            try eventually("pod \(number) runs after the next command", within: 15) {
                if processes(of: pod, .keeper).isEmpty && processes(of: pod, .supervisor).isEmpty { try pod.start() }
                let state = pod.status[path: "status", "containerStatuses"]?.items.first?["state"]
                // One that was killed itself waits, as Kubernetes has it.
                if state?[path: "waiting", "reason"]?.string == "CrashLoopBackOff" { return true }
                return !processes(of: pod, .container).isEmpty && pod.phase == "Running"
            }
        }
    }

    /// Each attempt's lines are numbered from 1 on: none is lost, none doubled.
    private func checkLogs(_ number: Int) throws {
        guard let pod = pods[number] else { return }
        let folder = "\(pod.plan.paths.logs)/a"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".log") {
            let lines = text(at: "\(folder)/\(name)").split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
            if let wrong = zip(lines, 1...).first(where: { $0 != "\($1)" }) {
                throw Expired(description: "pod \(number), \(name): line \(wrong.1) is \(wrong.0)")
            }
        }
    }
}

extension HostTests {
    static func always(_ script: String, name: String) -> String {
        pod(container("a", script), policy: "Always", name: name, spec: "terminationGracePeriodSeconds: 1")
    }
}
