import Foundation
import Glibc

/// One system call of one kind of process, and what goes wrong there.
struct FaultPoint: CustomStringConvertible, Equatable {
    /// As `fault-injector` has them.
    enum Role: String, CaseIterable { case command, supervisor, keeper, container, sweeper }

    enum Fault: String, CaseIterable {
        case kill, cut
        case noSpace = "ENOSPC"
        case noMemory = "ENOMEM"
        case tooManyFiles = "EMFILE"
        case inputOutput = "EIO"
        case interrupted = "EINTR"
    }

    var role: Role
    var fault: Fault
    /// From 1.
    var number: Int
    var scenario: FaultScenario

    /// What to set `SWIFTLET_SWEEP` to, to see it again.
    var description: String { "\(scenario.name) \(role) \(fault.rawValue) \(number)" }

    init(_ scenario: FaultScenario, _ role: Role, _ fault: Fault, _ number: Int) {
        (self.scenario, self.role, self.fault, self.number) = (scenario, role, fault, number)
    }

    /// From its description.
    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 4, let scenario = FaultScenario.all.first(where: { $0.name == words[0] }),
            let role = Role(rawValue: words[1]), let fault = Fault(rawValue: words[2]), let number = Int(words[3])
        else { return nil }
        self.init(scenario, role, fault, number)
    }
}

/// What is done while something goes wrong, from a pod's start to its end.
struct FaultScenario: Equatable {
    var name: String
    var manifest: String

    static let all = [plain, rich, users]

    /// The pod that is nearly every pod.
    static let plain = FaultScenario(
        name: "plain",
        manifest: documents(
            configMap("c", "{k: v}"),
            pod(
                container(
                    "a", "echo up; \(idle)",
                    "volumeMounts: [{name: w, mountPath: /w}, {name: m, mountPath: /new/m}, {name: c, mountPath: /c}]"),
                container("b", "exit 0"), initContainers: [container("i", "true"), sidecar("s", idle)],
                spec: """
                    terminationGracePeriodSeconds: 1
                    volumes: [{name: w, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}, {name: c, configMap: {name: c}}]
                    """)))

    /// Limits, hooks, a probe, and containers that see each other.
    static let rich = FaultScenario(
        name: "rich",
        manifest: pod(
            container(
                "a", "echo up; \(idle)",
                """
                resources: {limits: {memory: 64Mi, cpu: 1}}, lifecycle: {preStop: {exec: {command: ["true"]}}}, \
                livenessProbe: {exec: {command: ["true"]}, periodSeconds: 1}
                """),
            spec: "terminationGracePeriodSeconds: 1\nshareProcessNamespace: true"))

    /// A user namespace of the pod's own.
    static let users = FaultScenario(
        name: "users",
        manifest: pod(
            container("a", "echo up; \(idle)", "volumeMounts: [{name: w, mountPath: /w}]"),
            spec: "terminationGracePeriodSeconds: 1\nhostUsers: false\nvolumes: [{name: w, emptyDir: {}}]"))
}

/// What came of a point.
struct FaultOutcome {
    /// The call that went wrong; nil: there is none of this number.
    var hit: String?
    /// How often the role makes such calls; where there was no hit.
    var count = 0
    var code: Int32 = 0
    /// What must not be.
    var problems: [String] = []
    var stderr = ""
}

extension World {
    static var injector: String {
        URL(fileURLWithPath: binary).deletingLastPathComponent().appendingPathComponent("fault-injector").path
    }

    /// Runs the scenario's pod until it is up, stops it, and lets the call go wrong on the way; then runs the next command, and
    /// compares what is there with `before`.
    func run(_ point: FaultPoint, before: Census) throws -> FaultOutcome {
        var outcome = FaultOutcome()
        let path = try write("sweep-\(point.scenario.name).yaml", point.scenario.manifest)
        let report = files + "/sweep-report"
        unlink(report)
        let run = try program(
            [
                World.injector, report, point.role.rawValue, point.fault.rawValue, "\(point.number)", World.binary,
                "run", path,
            ],
            environment: ["SWIFTLET_ROOT=\(root)"])
        defer { forget(run) }
        let end = monotonicSeconds() + 20
        var isStopping = false
        // The tracer goes when the last process has gone that the command has started.
        while !text(at: report).contains("\nend ") {
            if !isStopping && run.stdout.contains("up\n") {
                isStopping = true
                run.interrupt()
            }
            if monotonicSeconds() > end {
                let left = HostProcess.all().filter { $0.isOfThisBuild }.map { "\($0.pid) \($0.name) \($0.state)" }
                outcome.problems.append("hangs: \(left)")
                for line in text(at: report).split(separator: "\n") where line.hasPrefix("tracer ") {
                    // All that it traces goes with it.
                    if let tracer = pid_t(line.dropFirst(7)) { kill(tracer, SIGKILL) }
                }
                break
            }
            usleep(2000)
        }
        let result = try run.wait(2)
        (outcome.code, outcome.stderr) = (result.code, result.stderr)
        for line in text(at: report).split(separator: "\n") {
            if line.hasPrefix("hit ") { outcome.hit = String(line.dropFirst(4)) }
            if line.hasPrefix("end ") { outcome.count = Int(line.dropFirst(4)) ?? 0 }
            if line.hasPrefix("error ") { outcome.problems.append(String(line)) }
        }
        let isKilled = point.role == .command || point.fault == .cut
        if result.code != 0 && result.stderr.isEmpty && !isKilled { outcome.problems.append("ends without a word") }
        let next = try self.run(pod(container("next", "true")))
        if next.code != 0 { outcome.problems.append("the next command: \(next)") }
        outcome.problems += strays() + Census.differences(self, since: before, within: 2)
        return outcome
    }
}
