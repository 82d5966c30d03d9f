import PodAPI

/// One container of one pod, and which of its attempts is to be read: the rules of kubectl (`logsforobject.go`) and of the kubelet
/// (`validateContainerLogStatus` in `kubelet_pods.go`).
struct LogSource {
    /// The pod as it was when it was found.
    let pod: JSONValue
    let container: String

    var podName: String { pod[path: "metadata", "name"]?.string ?? "" }
    var namespace: String { pod[path: "metadata", "namespace"]?.string ?? "default" }
    var uid: String { pod[path: "metadata", "uid"]?.string ?? "" }

    /// Below the directory of all logs.
    var directory: String { "\(namespace)_\(podName)_\(uid)" }

    // MARK: Which container

    static let defaultAnnotation = "kubectl.kubernetes.io/default-container"

    /// - Parameters:
    ///   - name: As the user gave it; empty: the pod's default.
    ///   - note: What kubectl says on standard error.
    static func one(_ pod: JSONValue, _ name: String, note: (String) -> Void) throws(CommandError) -> LogSource {
        let podName = pod[path: "metadata", "name"]?.string ?? ""
        var name = name
        if name.isEmpty, let wanted = pod[path: "metadata", "annotations"]?[defaultAnnotation]?.string, !wanted.isEmpty
        {
            if names(pod).contains(where: { $0.name == wanted }) {
                name = wanted
            } else {
                note("Default container name \"\(wanted)\" not found in pod \(podName)")
            }
        }
        if name.isEmpty {
            guard let first = names(pod).first, first.kind.isEmpty else {
                throw CommandError("error: pod \(podName) has no containers")
            }
            name = first.name
            if names(pod).count > 1 { note("Defaulted container \"\(name)\" out of: \(list(pod))") }
        }
        guard names(pod).contains(where: { $0.name == name }) else {
            throw CommandError(
                "error: container \(TerminalText.escaped(name)) is not valid for pod \(podName) out of: \(list(pod))")
        }
        return LogSource(pod: pod, container: name)
    }

    /// Init containers, containers, ephemeral containers.
    static func all(_ pod: JSONValue) -> [LogSource] {
        ["initContainers", "containers", "ephemeralContainers"].flatMap { list in
            pod[path: "spec", list]?.items.compactMap { $0["name"]?.string } ?? []
        }.map { LogSource(pod: pod, container: $0) }
    }

    /// In kubectl's order.
    private static func names(_ pod: JSONValue) -> [(name: String, kind: String)] {
        [("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)")].flatMap { list, kind in
            (pod[path: "spec", list]?.items ?? []).compactMap { $0["name"]?.string }.map { ($0, kind) }
        }
    }

    private static func list(_ pod: JSONValue) -> String {
        names(pod).map { TerminalText.escaped($0.name + $0.kind) }.joined(separator: ", ")
    }

    // MARK: Which attempt

    /// The number in its log files' names.
    /// - Parameter pod: As it is now.
    func attempt(_ pod: JSONValue, previous: Bool) throws(CommandError) -> UInt32 {
        guard let status = status(pod) else {
            // Not one of its containers has been looked at yet.
            throw .server(
                "BadRequest", "container \"\(container)\" in pod \"\(podName)\" is waiting to start: ContainerCreating")
        }
        let last = Self.attempt(status[path: "lastState", "terminated", "containerID"])
        if previous {
            guard let last else {
                throw .server(
                    "BadRequest", "previous terminated container \"\(container)\" in pod \"\(podName)\" not found")
            }
            return last
        }
        let state = status["state"]
        if state?["running"] != nil, let current = Self.attempt(status["containerID"]) { return current }
        if let terminated = state?["terminated"] {
            if let current = Self.attempt(terminated["containerID"]) ?? last { return current }
            throw .server("BadRequest", "container \"\(container)\" in pod \"\(podName)\" is terminated")
        }
        // One whose postStart hook runs is waiting, and has written something all the same.
        if let current = Self.attempt(status["containerID"]), current != last { return current }
        if let last { return last }
        let reason = state?[path: "waiting", "reason"]?.string
        throw .server(
            "BadRequest",
            "container \"\(container)\" in pod \"\(podName)\" is waiting to start"
                + (reason.map { ": \($0)" } ?? " - no logs yet"))
    }

    /// Whether this attempt, or the pod, has ended for good.
    func hasEnded(_ pod: JSONValue, attempt: UInt32) -> Bool {
        if ["Succeeded", "Failed"].contains(pod[path: "status", "phase"]?.string ?? "") { return true }
        guard let status = status(pod) else { return false }
        if let last = Self.attempt(status[path: "lastState", "terminated", "containerID"]), last >= attempt {
            return true
        }
        if let end = Self.attempt(status[path: "state", "terminated", "containerID"]), end >= attempt { return true }
        return Self.attempt(status["containerID"]).map { $0 > attempt } ?? false
    }

    private func status(_ pod: JSONValue) -> JSONValue? {
        for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
            if let found = pod[path: "status", list]?.items.first(where: { $0["name"]?.string == container }) {
                return found
            }
        }
        return nil
    }

    /// Of `swiftlet://<uid>/<container>/<attempt>`.
    private static func attempt(_ identifier: JSONValue?) -> UInt32? {
        identifier?.string?.split(separator: "/").last.flatMap { UInt32($0) }
    }
}
