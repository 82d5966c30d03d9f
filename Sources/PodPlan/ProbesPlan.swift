public enum ProbeKind: UInt8, Sendable, CaseIterable {
    case startup, liveness, readiness

    /// As events have it: `Liveness probe failed: …`.
    public var name: String {
        switch self {
        case .startup: "Startup"
        case .liveness: "Liveness"
        case .readiness: "Readiness"
        }
    }
}

/// A container's probes.
public struct ProbesPlan: Sendable, Equatable, BinaryCodable {
    public var startup: ProbePlan?
    public var liveness: ProbePlan?
    public var readiness: ProbePlan?

    public init() {}

    public subscript(_ kind: ProbeKind) -> ProbePlan? {
        switch kind {
        case .startup: startup
        case .liveness: liveness
        case .readiness: readiness
        }
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(startup)
        encoder.encode(liveness)
        encoder.encode(readiness)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        startup = try decoder.decode()
        liveness = try decoder.decode()
        readiness = try decoder.decode()
    }
}

/// One probe. Times in seconds.
public struct ProbePlan: Sendable, Equatable, BinaryCodable {
    public var handler: HandlerPlan
    public var initialDelay: Int32 = 0
    public var timeout: Int32 = 1
    public var period: Int32 = 10
    public var successThreshold: Int32 = 1
    public var failureThreshold: Int32 = 3
    /// nil: the pod's.
    public var terminationGracePeriod: Int64?

    public init(_ handler: HandlerPlan) {
        self.handler = handler
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(handler)
        for value in [initialDelay, timeout, period, successThreshold, failureThreshold] { encoder.encode(value) }
        encoder.encode(terminationGracePeriod ?? -1)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        handler = try decoder.decode()
        initialDelay = try decoder.decode()
        timeout = try decoder.decode()
        period = try decoder.decode()
        successThreshold = try decoder.decode()
        failureThreshold = try decoder.decode()
        let grace = try decoder.decode(Int64.self)
        terminationGracePeriod = grace < 0 ? nil : grace
    }
}
