import PodPlan

extension PodStatus {
    /// The object `status`, in JSON, on one line.
    public var json: String { value.text }

    var value: JSON {
        var members = [JSON.Member("phase", .string(phase.rawValue))]
        members.append("reason", reason)
        members.append("message", message)
        members.append(.init("conditions", .array(conditions.map(\.value))))
        if let startTime { members.append("startTime", startTime.timestamp) }
        members.append("hostIP", hostIPs.first ?? "")
        if !hostIPs.isEmpty { members.append(.init("hostIPs", Self.addresses(hostIPs))) }
        members.append("podIP", podIPs.first ?? "")
        if !podIPs.isEmpty { members.append(.init("podIPs", Self.addresses(podIPs))) }
        members.append("qosClass", qosClass.name)
        if !initContainerStatuses.isEmpty {
            members.append(.init("initContainerStatuses", .array(initContainerStatuses.map(\.value))))
        }
        members.append(.init("containerStatuses", .array(containerStatuses.map(\.value))))
        return .object(members)
    }

    private static func addresses(_ list: [String]) -> JSON {
        .array(list.map { .object([.init("ip", .string($0))]) })
    }

    private func isTrue(_ type: String) -> Bool {
        conditions.contains { $0.type == type && $0.isTrue }
    }

    /// The word in the STATUS column of `kubectl get pods` (printPod in pkg/printers/internalversion/printers.go).
    public var statusWord: String {
        var word = reason.isEmpty ? phase.rawValue : reason
        let pending = initContainerStatuses.firstIndex { status in
            if case .terminated(let end) = status.state, end.exitCode == 0 { return false }
            return !(status.isSidecar && status.started)
        }
        if let pending {
            switch initContainerStatuses[pending].state {
            case .terminated(let end): word = "Init:\(end.reason)"
            case .waiting(let reason, _) where reason != "PodInitializing": word = "Init:\(reason)"
            case .waiting, .running: word = "Init:\(pending)/\(initContainerStatuses.count)"
            }
        }
        if pending == nil || isTrue("Initialized") {
            var hasRunning = false
            for status in containerStatuses.reversed() {
                switch status.state {
                case .waiting(let reason, _): word = reason
                case .terminated(let end): word = end.reason
                case .running: hasRunning = true
                }
            }
            if word == "Completed" && hasRunning { word = isTrue("Ready") ? "Running" : "NotReady" }
        }
        return isTerminating && !phase.isTerminal ? "Terminating" : word
    }
}

extension PodStatus.Condition {
    fileprivate var value: JSON {
        var members = [
            JSON.Member("type", .string(type)), JSON.Member("status", .string(isTrue ? "True" : "False")),
            JSON.Member("lastTransitionTime", .string(lastTransitionTime.timestamp)),
        ]
        members.append("reason", reason)
        members.append("message", message)
        return .object(members)
    }
}

extension PodStatus.ContainerStatus {
    fileprivate var value: JSON {
        var members = [
            JSON.Member("name", .string(name)), JSON.Member("image", .string(image)),
            JSON.Member("imageID", .string("")),
            JSON.Member("state", state.value),
            JSON.Member("lastState", lastState.map { PodStatus.ContainerState.terminated($0).value } ?? .object([])),
            JSON.Member("ready", .bool(ready)), JSON.Member("started", .bool(started)),
            JSON.Member("restartCount", .number(Int64(restartCount))),
        ]
        members.append("containerID", containerID)
        if !volumeMounts.isEmpty {
            members.append(.init("volumeMounts", .array(volumeMounts.map(\.value))))
        }
        if let user { members.append(.init("user", .object([.init("linux", user.value)]))) }
        members += resources.members
        return .object(members)
    }
}

extension PodStatus.LinuxContainerUser {
    fileprivate var value: JSON {
        .object([
            .init("uid", .number(Int64(uid))), .init("gid", .number(Int64(gid))),
            .init("supplementalGroups", .array(supplementalGroups.map { .number(Int64($0)) })),
        ])
    }
}

extension PodStatus.ContainerState {
    fileprivate var value: JSON {
        switch self {
        case .waiting(let reason, let message):
            var members = [JSON.Member("reason", .string(reason))]
            members.append("message", message)
            return .object([.init("waiting", .object(members))])
        case .running(let startedAt):
            return .object([.init("running", .object([.init("startedAt", .string(startedAt.timestamp))]))])
        case .terminated(let end):
            var members = [JSON.Member("exitCode", .number(Int64(end.exitCode)))]
            if end.signal != 0 { members.append(.init("signal", .number(Int64(end.signal)))) }
            members.append("reason", end.reason)
            members.append("message", end.message)
            members.append("startedAt", end.startedAt.timestamp)
            members.append("finishedAt", end.finishedAt.timestamp)
            members.append("containerID", end.containerID)
            return .object([.init("terminated", .object(members))])
        }
    }
}

extension [JSON.Member] {
    /// Left out where there is no text, as by `omitempty`.
    fileprivate mutating func append(_ key: String, _ text: String) {
        if !text.isEmpty { append(JSON.Member(key, .string(text))) }
    }
}
