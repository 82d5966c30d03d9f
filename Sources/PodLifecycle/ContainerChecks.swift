import PodPlan

/// What the life of a container depends on beside its process: which hooks and probes it has, and what they change.
public struct ContainerChecks: Sendable, Equatable, BinaryCodable {
    public var hasPostStart = false
    public var hasPreStop = false
    public var hasStartup = false
    public var hasLiveness = false
    public var hasReadiness = false
    /// Seconds; nil: the pod's. What the container has to end in where this probe has failed.
    public var startupGrace: Int64?
    public var livenessGrace: Int64?
    public var stopSignal: Int32 = 15

    public init() {}

    public init(_ plan: ContainerPlan) {
        hasPostStart = plan.hooks.postStart != nil
        hasPreStop = plan.hooks.preStop != nil
        hasStartup = plan.probes.startup != nil
        hasLiveness = plan.probes.liveness != nil
        hasReadiness = plan.probes.readiness != nil
        startupGrace = plan.probes.startup?.terminationGracePeriod
        livenessGrace = plan.probes.liveness?.terminationGracePeriod
        stopSignal = plan.hooks.stopSignal
    }

    /// Whether the container may run without being ready.
    var delaysReadiness: Bool { hasPostStart || hasStartup || hasReadiness }

    public func encode(to encoder: inout Encoder) {
        for flag in [hasPostStart, hasPreStop, hasStartup, hasLiveness, hasReadiness] { encoder.encode(flag) }
        encoder.encode(startupGrace ?? -1)
        encoder.encode(livenessGrace ?? -1)
        encoder.encode(stopSignal)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        hasPostStart = try decoder.decode()
        hasPreStop = try decoder.decode()
        hasStartup = try decoder.decode()
        hasLiveness = try decoder.decode()
        hasReadiness = try decoder.decode()
        let startup = try decoder.decode(Int64.self)
        let liveness = try decoder.decode(Int64.self)
        startupGrace = startup < 0 ? nil : startup
        livenessGrace = liveness < 0 ? nil : liveness
        stopSignal = try decoder.decode()
    }
}
