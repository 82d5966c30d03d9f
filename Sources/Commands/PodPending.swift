import PodAPI
import PodManifest
import PodPlanner

/// Why a stored pod has not been started, as its `status` and an event tell it. Pure.
struct PodPending: Equatable {
    /// That of the event: `FailedScheduling`, `FailedMount`, `CreateContainerConfigError` …
    var reason: String
    var message: String

    init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }

    /// What keeps it from being placed counts first.
    init(_ errors: [PlanError]) {
        let first = errors.first { $0.reason == .failedScheduling } ?? errors.first
        reason = first?.reason.rawValue ?? ""
        message = first?.message ?? ""
        if first?.reason == .failedScheduling { message = "0/1 nodes are available: \(message)." }
    }

    var line: String { "\(reason): \(message)" }

    private var isUnplaced: Bool { ["FailedScheduling", "SchedulingGated", "Elsewhere"].contains(reason) }

    var event: EventObject? {
        switch reason {
        case "Elsewhere", "SchedulingGated": nil
        case "FailedScheduling":
            EventObject(component: "default-scheduler", reason: reason, message: message, isWarning: true)
        case "FailedMount":
            EventObject(component: "kubelet", reason: reason, message: message, isWarning: true)
        default: EventObject(component: "kubelet", reason: "Failed", message: "Error: \(message)", isWarning: true)
        }
    }

    func status(of pod: JSONValue, at now: Int64) -> JSONValue {
        var condition = Self.condition("PodScheduled", isUnplaced ? "False" : "True", pod, now)
        if isUnplaced {
            condition["reason"] = .string(reason == "SchedulingGated" ? reason : "Unschedulable")
            condition["message"] = .string(message)
            if reason == "Elsewhere" { condition = Self.condition("PodScheduled", "True", pod, now) }
            return Self.status(pod, [condition])
        }
        var conditions = [condition, Self.condition("Initialized", "True", pod, now)]
        for type in ["ContainersReady", "Ready"] {
            var unready = Self.condition(type, "False", pod, now)
            unready["reason"] = .string("ContainersNotReady")
            unready["message"] = .string("\(reason): \(message)")
            conditions.append(unready)
        }
        var status = Self.status(pod, conditions)
        let state = reason == "FailedMount" ? "ContainerCreating" : reason
        status["containerStatuses"] = .array(
            (pod[path: "spec", "containers"]?.items ?? []).map { container in
                var waiting = JSONValue(["reason": state])
                if state == reason { waiting["message"] = .string(message) }
                return .object([
                    .init("image", container["image"] ?? .string("")), .init("imageID", .string("")),
                    .init("lastState", .object([])), .init("name", container["name"] ?? .null),
                    .init("ready", .bool(false)), .init("restartCount", .integer(0)), .init("started", .bool(false)),
                    .init("state", .object([.init("waiting", waiting)])),
                ])
            })
        return status
    }

    /// Of a pod that is about to be started.
    static func scheduled(_ pod: JSONValue, at now: Int64) -> JSONValue {
        status(pod, [condition("PodScheduled", "True", pod, now)])
    }

    /// Of a pod that will never run.
    static func rejected(_ pod: JSONValue, reason: String, message: String) -> JSONValue {
        var status = status(pod, [])
        status["conditions"] = nil
        status["phase"] = .string("Failed")
        status["reason"] = .string(reason)
        status["message"] = .string(message)
        return status
    }

    private static func status(_ pod: JSONValue, _ conditions: [JSONValue]) -> JSONValue {
        var status = JSONValue.object([.init("conditions", .array(conditions)), .init("phase", .string("Pending"))])
        if case .pod(let pod)? = StoredObject(pod).object {
            status["qosClass"] = .string(pod.spec.qosClass.rawValue)
        }
        return status
    }

    /// The time of its last change stays.
    private static func condition(_ type: String, _ value: String, _ pod: JSONValue, _ now: Int64) -> JSONValue {
        let old = (pod[path: "status", "conditions"]?.items ?? []).first { $0["type"]?.string == type }
        let time = old?["status"]?.string == value ? old?["lastTransitionTime"] : nil
        return .object([
            .init("lastProbeTime", .null), .init("lastTransitionTime", time ?? .string(Timestamp.text(now))),
            .init("status", .string(value)), .init("type", .string(type)),
        ])
    }
}
