import PodAPI

/// What `get pods` tells of a pod in a line, by the rules of printPod in `pkg/printers/internalversion/printers.go`.
public struct PodSummary: Sendable, Equatable {
    public private(set) var ready = 0
    /// Containers and sidecars.
    public private(set) var total: Int
    /// The word in the column STATUS.
    public private(set) var status: String
    public private(set) var restarts: Int64 = 0
    /// When the last attempt that was restarted ended, in nanoseconds since 1970.
    public private(set) var lastRestart: Int64?

    public init(_ pod: JSONValue) {
        let status = pod["status"] ?? .null
        let phase = status["phase"]?.string ?? ""
        let spec = pod["spec"] ?? .null
        let podReason = status["reason"]?.string ?? ""
        let conditions = status["conditions"]?.items ?? []
        func isTrue(_ type: String) -> Bool {
            conditions.contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
        }
        var word = podReason.isEmpty ? phase : podReason
        if conditions.contains(where: {
            $0["type"]?.string == "PodScheduled" && $0["reason"]?.string == "SchedulingGated"
        }) {
            word = "SchedulingGated"
        }
        let initContainers = spec["initContainers"]?.items ?? []
        var sidecars: Set<String> = []
        for container in initContainers where container["restartPolicy"]?.string == "Always" {
            sidecars.insert(container["name"]?.string ?? "")
        }
        total = (spec["containers"]?.items.count ?? 0) + sidecars.count

        var sidecarRestarts: Int64 = 0
        var lastSidecarRestart: Int64?
        var isInitializing = false
        for (index, container) in (status["initContainerStatuses"]?.items ?? []).enumerated() {
            let count = container["restartCount"]?.integer ?? 0
            let isSidecar = sidecars.contains(container["name"]?.string ?? "")
            let end = Self.lastEnd(container)
            restarts += count
            lastRestart = Self.later(lastRestart, end)
            if isSidecar {
                sidecarRestarts += count
                lastSidecarRestart = Self.later(lastSidecarRestart, end)
            }
            let state = container["state"] ?? .null
            if let terminated = state["terminated"] {
                if (terminated["exitCode"]?.integer ?? 0) == 0 { continue }
            }
            if isSidecar, container["started"]?.bool == true {
                if container["ready"]?.bool == true { ready += 1 }
                continue
            }
            isInitializing = true
            if let terminated = state["terminated"] {
                word = "Init:" + Self.word(terminated)
            } else if let reason = state[path: "waiting", "reason"]?.string, !reason.isEmpty,
                reason != "PodInitializing"
            {
                word = "Init:" + reason
            } else {
                word = "Init:\(index)/\(initContainers.count)"
            }
            break
        }

        if !isInitializing || isTrue("Initialized") {
            restarts = sidecarRestarts
            lastRestart = lastSidecarRestart
            var hasRunning = false
            for container in (status["containerStatuses"]?.items ?? []).reversed() {
                restarts += container["restartCount"]?.integer ?? 0
                lastRestart = Self.later(lastRestart, Self.lastEnd(container))
                let state = container["state"] ?? .null
                if let reason = state[path: "waiting", "reason"]?.string, !reason.isEmpty {
                    word = reason
                } else if let terminated = state["terminated"] {
                    word = Self.word(terminated)
                } else if container["ready"]?.bool == true, state["running"] != nil {
                    hasRunning = true
                    ready += 1
                }
            }
            if word == "Completed", hasRunning { word = isTrue("Ready") ? "Running" : "NotReady" }
        }
        if pod[path: "metadata", "deletionTimestamp"]?.string != nil {
            if podReason == "NodeLost" {
                word = "Unknown"
            } else if phase != "Succeeded", phase != "Failed" {
                word = "Terminating"
            }
        }
        self.status = word
    }

    /// `2 (30s ago)`; the time where it is known.
    public func restartsText(now: Int64) -> String {
        guard restarts != 0, let lastRestart else { return "\(restarts)" }
        return "\(restarts) (\(Words.age(nanoseconds: now - lastRestart)) ago)"
    }

    private static func word(_ terminated: JSONValue) -> String {
        if let reason = terminated["reason"]?.string, !reason.isEmpty { return reason }
        if let signal = terminated["signal"]?.integer, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(terminated["exitCode"]?.integer ?? 0)"
    }

    private static func lastEnd(_ container: JSONValue) -> Int64? {
        Words.nanoseconds(container[path: "lastState", "terminated", "finishedAt"])
    }

    private static func later(_ one: Int64?, _ other: Int64?) -> Int64? {
        guard let one, let other else { return one ?? other }
        return max(one, other)
    }
}
