import PodPlan

/// `status` of the Pod object, as Kubernetes has it.
public struct PodStatus: Sendable, Equatable {
    public struct Condition: Sendable, Equatable {
        public var type: String
        public var isTrue: Bool
        public var lastTransitionTime: Moment
        /// Empty: none.
        public var reason = ""
        public var message = ""
    }

    public enum ContainerState: Sendable, Equatable {
        case waiting(reason: String, message: String)
        case running(startedAt: Moment)
        case terminated(Terminated)
    }

    public struct Terminated: Sendable, Equatable {
        public var exitCode: Int32
        /// 0: none.
        public var signal: Int32
        public var reason: String
        public var message: String
        public var startedAt: Moment
        public var finishedAt: Moment
        public var containerID: String
    }

    public struct ContainerStatus: Sendable, Equatable {
        public var name: String
        public var image: String
        public var state: ContainerState
        public var lastState: Terminated?
        public var ready: Bool
        public var started: Bool
        public var restartCount: UInt32
        /// `swiftlet://<pod uid>/<container>/<attempt>`; empty before the first launch.
        public var containerID: String
        public var isSidecar: Bool
        public var volumeMounts: [VolumeMountStatus] = []
        public var resources: ContainerResources
        /// Whom the first process runs as (KEP-3619); nil before the first launch.
        public var user: LinuxContainerUser?
    }

    public struct LinuxContainerUser: Sendable, Equatable {
        public var uid: UInt32
        public var gid: UInt32
        public var supplementalGroups: [UInt32]
    }

    public var phase: PodPhase
    /// Empty: none.
    public var reason = ""
    public var message = ""
    public var startTime: Moment?
    public var conditions: [Condition]
    public var initContainerStatuses: [ContainerStatus]
    public var containerStatuses: [ContainerStatus]
    public var podIPs: [String]
    public var hostIPs: [String]
    public var qosClass: PodResources.QOSClass
    /// The user has asked for the end (`metadata.deletionTimestamp`).
    public var isTerminating: Bool

    /// - Parameter plan: The one that the lifecycle was made from.
    public init(_ lifecycle: PodLifecycle, plan: PodPlan, podIPs: [String] = [], hostIPs: [String] = []) {
        phase = lifecycle.phase
        if case .finished(.sandboxFailed(let reason, let message)) = lifecycle.course {
            (self.reason, self.message) = (reason, message)
        } else if let failure = lifecycle.failure, phase == .failed {
            (reason, message) = (failure.reason, failure.message)
        }
        startTime = lifecycle.conditions.startTime
        self.podIPs = podIPs
        self.hostIPs = hostIPs
        qosClass = plan.resources.qosClass
        if case .ending(let ending) = lifecycle.course, ending.cause == .requested {
            isTerminating = true
        } else {
            isTerminating = false
        }
        let hasInit = lifecycle.containers.contains { $0.kind != .app }
        // As in a pod that the kubelet has not admitted, there are no container statuses where nothing was ever launched.
        let wasAdmitted = reason.isEmpty || lifecycle.containers.contains { $0.launches > 0 }
        let statuses = zip(lifecycle.containers, plan.containers).map { life, container in
            ContainerStatus(
                life, container, plan: plan, hasInit: hasInit, isRestartingAll: lifecycle.course == .restarting)
        }
        let count = lifecycle.containers.count { $0.kind != .app }
        initContainerStatuses = wasAdmitted ? Array(statuses.prefix(count)) : []
        containerStatuses = wasAdmitted ? Array(statuses.dropFirst(count)) : []
        conditions = []
        conditions = makeConditions(lifecycle.conditions)
        if let disruption = Self.disruption(lifecycle) { conditions.append(disruption) }
        applyReadinessGates(plan.readinessGates, since: lifecycle.conditions.startTime)
        if lifecycle.mayRestartAllContainers { conditions.append(restartCondition(lifecycle.conditions)) }
    }

    private func makeConditions(_ values: Conditions) -> [Condition] {
        let start = values.startTime ?? Moment(boot: 0, wall: 0)
        func condition(_ type: String, _ value: Conditions.Value) -> Condition {
            .init(type: type, isTrue: value.isTrue, lastTransitionTime: value.since)
        }
        var initialized = condition("Initialized", values.initialized)
        if phase == .succeeded {
            initialized.reason = "PodCompleted"
        } else if !initialized.isTrue {
            initialized.reason = "ContainersNotInitialized"
            initialized.message = Self.list("incomplete", initContainerStatuses.filter { !$0.isDone })
        }
        var containersReady = condition("ContainersReady", values.ready)
        if !values.ready.isTrue {
            switch phase {
            case .succeeded: containersReady.reason = "PodCompleted"
            case .failed: containersReady.reason = "PodFailed"
            case .pending, .running:
                containersReady.reason = "ContainersNotReady"
                let sidecars = initContainerStatuses.filter(\.isSidecar)
                containersReady.message = Self.list("unready", (sidecars + containerStatuses).filter { !$0.ready })
            }
        }
        var ready = containersReady
        ready.type = "Ready"
        return [
            condition("PodReadyToStartContainers", values.readyToStartContainers), initialized, ready, containersReady,
            Condition(type: "PodScheduled", isTrue: true, lastTransitionTime: start),
        ]
    }

    /// GeneratePodReadyCondition of `pkg/kubelet/status/generate.go`; nobody here gives the conditions that are asked for.
    private mutating func applyReadinessGates(_ gates: [String], since start: Moment?) {
        guard !gates.isEmpty, let index = conditions.firstIndex(where: { $0.type == "Ready" && $0.isTrue }) else {
            return
        }
        conditions[index].isTrue = false
        conditions[index].lastTransitionTime = start ?? conditions[index].lastTransitionTime
        conditions[index].reason = "ReadinessGatesNotReady"
        conditions[index].message = gates.map {
            "corresponding condition of pod readiness gate \"\($0)\" does not exist."
        }.joined(separator: ", ")
    }

    /// GenerateAllContainersRestartingCondition of `pkg/kubelet/status/generate.go`.
    private func restartCondition(_ values: Conditions) -> Condition {
        let value = values.allContainersRestarting
        var condition = Condition(
            type: "AllContainersRestarting", isTrue: value.isTrue, lastTransitionTime: value.since)
        switch phase {
        case .succeeded: condition.reason = "PodCompleted"
        case .failed: condition.reason = "PodFailed"
        case .pending, .running:
            guard value.isTrue else { break }
            condition.reason = "RestartAllContainersStarted"
            condition.message = "container exited with restart policy rule"
        }
        return condition
    }

    private static func list(_ what: String, _ statuses: [ContainerStatus]) -> String {
        "containers with \(what) status: [\(statuses.map(\.name).joined(separator: " "))]"
    }
}

extension PodStatus.ContainerStatus {
    init(
        _ life: ContainerLife, _ container: ContainerPlan, plan: PodPlan, hasInit: Bool, isRestartingAll: Bool
    ) {
        func identifier(_ attempt: UInt32) -> String { "swiftlet://\(plan.uid)/\(container.name)/\(attempt)" }
        func terminated(_ termination: Termination?) -> PodStatus.Terminated? {
            termination.map {
                .init(
                    exitCode: $0.exitCode, signal: $0.signal, reason: $0.reason.name, message: $0.message,
                    startedAt: $0.startedAt, finishedAt: $0.finishedAt, containerID: identifier($0.attempt))
            }
        }
        name = container.name
        image = container.image
        restartCount = life.attempt
        containerID = life.launches == 0 ? "" : identifier(life.attempt)
        isSidecar = life.kind == .sidecar
        volumeMounts = container.mounts.filter { !$0.options.isDevice }.map { VolumeMountStatus($0, plan: plan) }
        if life.launches > 0 {
            user = .init(uid: container.uid, gid: container.gid, supplementalGroups: container.groups)
        }
        resources = container.resources
        let waiting = PodStatus.ContainerState.waiting(
            reason: hasInit ? "PodInitializing" : "ContainerCreating", message: "")
        let isReset = isRestartingAll && life.launches > 0
        switch life.state {
        case .waiting where isReset, .backOff where isReset, .ended where isReset:
            let reason = Termination.Reason.restartingAllContainers.name
            (state, lastState) = (.waiting(reason: reason, message: ""), terminated(life.last))
        case .waiting:
            (state, lastState) = (waiting, terminated(life.last))
        case .running(let process) where process.postStart != .returned:
            let reason =
                process.postStart == .failed ? "PostStartHookError" : hasInit ? "PodInitializing" : "ContainerCreating"
            (state, lastState) = (.waiting(reason: reason, message: ""), terminated(life.last))
        case .running(let process):
            (state, lastState) = (.running(startedAt: process.startedAt), terminated(life.last))
        case .backOff(_, let delay) where delay > 0:
            let reason = "CrashLoopBackOff"
            // The time is that of the Go type, as in the kubelet's words: 10s, 1m20s, 5m0s.
            let message =
                "back-off \(Self.duration(delay)) restarting failed container=\(container.name) "
                + "pod=\(plan.name)_\(plan.namespace)(\(plan.uid))"
            (state, lastState) = (.waiting(reason: reason, message: message), terminated(life.last))
        case .launching, .backOff, .ended:
            // Until the next attempt runs, the kubelet shows the one before.
            state = terminated(life.last).map { .terminated($0) } ?? waiting
            lastState = terminated(life.previous)
        }
        started = life.isStarted
        ready =
            switch life.kind {
            case .initContainer: life.state == .ended && life.last?.exitCode == 0
            case .sidecar, .app: life.isReady
            }
    }

    /// Whether what waits for it may go on.
    fileprivate var isDone: Bool { isSidecar ? started : ready }

    private static func duration(_ nanoseconds: Int64) -> String {
        let seconds = (nanoseconds + second - 1) / second
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}
