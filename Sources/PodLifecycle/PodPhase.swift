/// `status.phase`.
public enum PodPhase: String, Sendable, CaseIterable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"

    /// Never left again.
    public var isTerminal: Bool { self == .succeeded || self == .failed }
}
