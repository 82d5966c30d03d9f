/// What the pod as a whole may have of the host.
public struct PodResources: Sendable, Equatable, BinaryCodable {
    public enum QOSClass: UInt8, Sendable {
        case bestEffort, burstable, guaranteed
    }

    public var qosClass = QOSClass.bestEffort
    /// Of the cgroup that all containers are in; nil: neither the pod nor any container has limits by cgroup.
    public var limits: CgroupLimits?
    public var storage = StorageLimits()

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(qosClass)
        encoder.encode(limits)
        encoder.encode(storage)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        qosClass = try decoder.decode()
        limits = try decoder.decode()
        storage = try decoder.decode()
    }
}

/// What one container may have of the host.
public struct ContainerResources: Sendable, Equatable, BinaryCodable {
    /// An amount as the API writes it.
    public struct Amount: Sendable, Equatable, BinaryCodable {
        public var name: String
        public var quantity: String

        public init(name: String, quantity: String) {
            self.name = name
            self.quantity = quantity
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(name)
            encoder.encode(quantity)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            name = try decoder.decode()
            quantity = try decoder.decode()
        }
    }

    /// Of its cgroup; nil where the pod has none either.
    public var limits: CgroupLimits?
    /// -1000 to 1000 (proc_pid_oom_score_adj(5)).
    public var oomScoreAdjust: Int32 = 1000
    /// It could undo the `nodev` of its mounts, so a device cgroup says which devices it may open.
    public var restrictsDevices = false
    /// For the status, in the order of their names.
    public var requested: [Amount] = []
    public var limited: [Amount] = []
    /// Resources with which the container can be given another amount only by a restart (`resizePolicy`).
    public var restartsOnResize: [String] = []

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(limits)
        encoder.encode(oomScoreAdjust)
        encoder.encode(restrictsDevices)
        encoder.encode(requested)
        encoder.encode(limited)
        encoder.encode(restartsOnResize)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        limits = try decoder.decode()
        oomScoreAdjust = try decoder.decode()
        restrictsDevices = try decoder.decode()
        requested = try decoder.decode()
        limited = try decoder.decode()
        restartsOnResize = try decoder.decode()
    }
}
