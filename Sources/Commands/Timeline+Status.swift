import PodAPI
import PodPlan
import Printing

extension Timeline {
    /// Of a pod that runs or has ended, as far as its status and events tell: each container's last attempt and the one before,
    /// and when the first began, in whole seconds. Times are on the wall clock here.
    init(_ pod: JSONValue, events: [JSONValue] = []) {
        let spec = pod["spec"] ?? .null
        let status = pod["status"] ?? .null
        var containers: [Container] = []
        for (list, statuses) in [("initContainers", "initContainerStatuses"), ("containers", "containerStatuses")] {
            for container in spec[list]?.items ?? [] {
                let name = container["name"]?.string ?? ""
                let kind: ContainerPlan.Kind =
                    list == "containers"
                    ? .app : container["restartPolicy"]?.string == "Always" ? .sidecar : .initContainer
                let own = status[statuses]?.items.first { $0["name"]?.string == name }
                containers.append(
                    Container(
                        name: name, kind: kind,
                        attempts: Self.attempts(own ?? .null, begin: Self.begin(of: name, list, events))))
            }
        }
        let attempts = containers.flatMap(\.attempts)
        var times = attempts.map(\.created) + attempts.compactMap(\.ended)
        times += [Words.nanoseconds(status["startTime"])].compactMap { $0 }
        let begin = times.min()
        self.init(containers: containers, begin: begin, end: times.max().map { max($0, (begin ?? $0) + 1_000_000_000) })
    }

    /// When the first attempt was started.
    private static func begin(of name: String, _ list: String, _ events: [JSONValue]) -> Int64? {
        let place = "spec.\(list){\(name)}"
        return events.filter {
            $0["reason"]?.string == "Started" && $0[path: "involvedObject", "fieldPath"]?.string == place
        }.compactMap { Words.nanoseconds($0["firstTimestamp"]) }.min()
    }

    private static func attempts(_ status: JSONValue, begin: Int64?) -> [Attempt] {
        let count = UInt32(clamping: status["restartCount"]?.integer ?? 0)
        var attempts: [Attempt] = []
        func add(_ state: JSONValue?, _ number: UInt32) {
            if let running = state?["running"], let start = Words.nanoseconds(running["startedAt"]) {
                attempts.append(Attempt(number: number, created: start, started: start))
            } else if let end = state?["terminated"], let finish = Words.nanoseconds(end["finishedAt"]) {
                let start = Words.nanoseconds(end["startedAt"]) ?? finish
                let how = End.exited(
                    code: Int32(clamping: end["exitCode"]?.integer ?? 0),
                    signal: Int32(clamping: end["signal"]?.integer ?? 0),
                    reason: end["reason"]?.string ?? "")
                attempts.append(Attempt(number: number, created: start, started: start, ended: finish, end: how))
            }
        }
        let isWaiting = status[path: "state", "waiting"] != nil
        add(status["lastState"], isWaiting || count == 0 ? count : count - 1)
        add(status["state"], count)
        if let begin, let known = attempts.first, known.number > 0, begin < known.created {
            // Nobody knows any more when it ended.
            attempts.insert(Attempt(number: 0, created: begin, started: begin, ended: begin), at: 0)
        }
        return attempts
    }

    /// Whether a container still runs, so that its bar goes on to this moment.
    var isRunning: Bool { containers.contains { $0.attempts.last.map { $0.ended == nil } ?? false } }
}
