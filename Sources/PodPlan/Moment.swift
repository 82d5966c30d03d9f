/// An instant on two clocks, both in nanoseconds: `boot` (CLOCK_BOOTTIME) is what timers and rules use, `wall`
/// (CLOCK_REALTIME) is for display alone, since it jumps.
public struct Moment: Sendable, Hashable, BinaryCodable {
    public var boot: Int64
    public var wall: Int64

    public init(boot: Int64, wall: Int64) {
        self.boot = boot
        self.wall = wall
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(boot)
        encoder.encode(wall)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        boot = try decoder.decode()
        wall = try decoder.decode()
    }
}
