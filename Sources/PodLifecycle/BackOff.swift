/// The pause before a container is started again: none, then 10, 20, 40, 80, 160 and from then on 300 seconds, each counted
/// from the exit; forgotten after a run of ten minutes (`kubelet.go`: `backOffPeriod`, `MaxContainerBackOff`, and twice that
/// in `flowcontrol.Backoff`).
struct BackOff: Sendable, Equatable {
    static let maximum: Int64 = 300 * second
    static let cleanRun: Int64 = 2 * maximum

    /// How many restarts there were since the start, or since the last clean run; no more than it takes to reach the maximum.
    private(set) var restarts: UInt8 = 0

    init() {}

    init(restarts: UInt8) {
        self.restarts = min(restarts, 6)
    }

    /// The pause after a run of `ran` nanoseconds, in nanoseconds.
    mutating func next(ran: Int64) -> Int64 {
        if ran >= Self.cleanRun { restarts = 0 }
        defer { restarts = min(restarts + 1, 6) }
        return restarts == 0 ? 0 : min(10 * second << Int64(restarts - 1), Self.maximum)
    }
}

/// In nanoseconds.
let second: Int64 = 1_000_000_000
