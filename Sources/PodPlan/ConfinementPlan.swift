/// What a Linux security module is to enforce on a container.
public struct ConfinementPlan: Sendable, Equatable, BinaryCodable {
    /// The name of a profile that is loaded; empty: none.
    public var appArmorProfile = ""

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(appArmorProfile)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        appArmorProfile = try decoder.decode()
    }
}
