public import PodAPI

/// Why a pod cannot be planned: one thing that is wrong, with its place in the pod.
public struct PlanError: Error, Sendable, Hashable {
    /// The reason that Kubernetes shows for the same fault, as an event or as a container's waiting state.
    public enum Reason: String, Sendable {
        /// A ConfigMap, Secret, key, field or user that a container asks for is not there or not allowed.
        case createContainerConfigError = "CreateContainerConfigError"
        /// What the container runtime would be told is not there: a seccomp profile, say.
        case createContainerError = "CreateContainerError"
        /// A volume's data is not there.
        case failedMount = "FailedMount"
        /// A claim is missing or not bound.
        case failedScheduling = "FailedScheduling"
        /// The pod's names or addresses cannot be made.
        case failedCreatePodSandBox = "FailedCreatePodSandBox"
        /// The image cannot become a root file system.
        case errImageNeverPull = "ErrImageNeverPull"
        case invalidImageName = "InvalidImageName"
        /// The host cannot enforce an AppArmor profile (the kubelet's reason).
        case appArmor = "AppArmor"
        /// Nothing that Kubernetes has a word for: the plan is refused.
        case refused = "Refused"
    }

    public var path: FieldPath
    public var reason: Reason
    /// Lower case, without a full stop; says what to do where it can.
    public var message: String

    public init(_ path: FieldPath, _ reason: Reason, _ message: String) {
        self.path = path
        self.reason = reason
        self.message = message
    }
}

/// All that is wrong with a pod, in the order of the manifest.
public struct PlanErrors: Error, Sendable, Equatable {
    public var errors: [PlanError]

    public init(_ errors: [PlanError]) {
        self.errors = errors
    }
}

/// Something that was accepted, but does less than it says.
public struct PlanNote: Sendable, Hashable {
    public var path: FieldPath
    public var message: String

    public init(_ path: FieldPath, _ message: String) {
        self.path = path
        self.message = message
    }
}
