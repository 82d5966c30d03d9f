/// Which of the host's namespaces a pod shares, and which its containers share with each other.
public struct PodNamespaces: Sendable, Equatable {
    public var hostPID = false
    public var hostIPC = false
    /// The containers see each other's processes.
    public var shareProcessNamespace = false
    /// False: the pod has users of its own (KEP-127).
    public var hostUsers = true

    public init() {}
}

/// How the groups of a container's first process come about (KEP-3619).
public enum SupplementalGroupsPolicy: String, Sendable, CaseIterable {
    /// Those of the pod, and those that `/etc/group` of the root gives the user.
    case merge = "Merge"
    /// Those of the pod alone.
    case strict = "Strict"
}

/// What a container sees of `/proc` (KEP-4265).
public enum ProcMount: String, Sendable, CaseIterable {
    /// Masked and read-only in the usual places.
    case masked = "Default"
    case unmasked = "Unmasked"
}
