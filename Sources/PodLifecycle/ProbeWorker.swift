import PodPlan

/// One probe of one running container: when it is due, and what its results come to (`doProbe` of pkg/kubelet/prober/worker.go).
/// It lives as long as `PodLifecycle.probes` asks for it; a new attempt of the container gets a new one.
public struct ProbeWorker: Sendable, Equatable {
    /// What one execution of the probe has said.
    public enum Result: Sendable, Equatable {
        case success, failure
        /// The probe could not be carried out; that says nothing of the container.
        case errored
    }

    /// The kubelet's first probe comes somewhere within a period of the start, by its ticker; here it is this, in which most
    /// programs have begun to listen. Nanoseconds.
    static let leastDelay = second

    private let plan: ProbePlan
    private let kind: ProbeKind
    /// When the probe is to be carried out, boot clock; nil while it is, and after a verdict that ends the container.
    public private(set) var due: Int64?
    private var startedAt: Int64 = 0
    private var last = Result.errored
    private var run: Int32 = 0
    /// The verdict that counts.
    private var verdict: Bool

    /// - Parameters:
    ///   - startedAt: when the container started, boot clock.
    ///   - isReady: what the readiness probe has said so far; the others begin with their initial results.
    public init(kind: ProbeKind, plan: ProbePlan, startedAt: Int64, isReady: Bool, now: Int64) {
        self.plan = plan
        self.kind = kind
        due = max(startedAt + max(Int64(plan.initialDelay) * second, Self.leastDelay), now)
        verdict =
            switch kind {
            case .startup: false
            case .liveness: true
            case .readiness: isReady
            }
    }

    /// The probe is carried out from now on.
    public mutating func begin(at now: Int64) {
        startedAt = now
        due = nil
    }

    /// Returns the new verdict, where there is one: the result, once it has come so often in a row as its threshold asks.
    public mutating func finish(_ result: Result, at now: Int64) -> Bool? {
        due = max(startedAt + Int64(plan.period) * second, now)
        if result == .errored { return nil }
        run = result == last ? (run == .max ? run : run + 1) : 1
        last = result
        let threshold = result == .success ? plan.successThreshold : plan.failureThreshold
        if run < threshold { return nil }
        let isSuccess = result == .success
        if kind != .readiness && !isSuccess {
            // The container is to end. Nothing more is asked of it.
            due = nil
        } else if isSuccess == verdict {
            return nil
        }
        verdict = isSuccess
        return isSuccess
    }
}
