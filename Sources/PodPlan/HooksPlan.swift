public enum HookKind: UInt8, Sendable, CaseIterable {
    case postStart, preStop

    /// As Kubernetes writes it in events: `PostStartHook failed`.
    public var name: String { self == .postStart ? "PostStart" : "PreStop" }
}

/// What happens at a container's start and before its end.
public struct HooksPlan: Sendable, Equatable, BinaryCodable {
    public var postStart: HandlerPlan?
    public var preStop: HandlerPlan?
    /// The number of the signal that asks the container to end.
    public var stopSignal: Int32 = 15

    public init() {}

    public subscript(_ kind: HookKind) -> HandlerPlan? {
        switch kind {
        case .postStart: postStart
        case .preStop: preStop
        }
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(postStart)
        encoder.encode(preStop)
        encoder.encode(stopSignal)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        postStart = try decoder.decode()
        preStop = try decoder.decode()
        stopSignal = try decoder.decode()
    }
}
