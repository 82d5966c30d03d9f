import Glibc
import Linux
import PodPlan

/// A pod of the store that was just started: from now on it needs nobody. Whoever wants to hear how the start goes may listen,
/// for as long as they like.
final class DetachedPod {
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// Somebody else has the pod's lock: it is being started, or runs.
        case alreadyRuns
        /// A Kubernetes event reason, and why.
        case refused(reason: String, message: String)

        var description: String {
            switch self {
            case .alreadyRuns: "the pod runs already"
            case .refused(_, let message): message
            }
        }
    }

    private let process: SupervisorProcess

    /// Descriptor for poll(2): readable when `receive` has something.
    var raw: Int32 { process.raw }

    /// Writes `<state>/pods/<uid>/plan`, which says that the pod is to run, and starts a supervisor; returns when that one has
    /// the pod's lock. A pod that has run before goes on: its containers count as lost, and its restart policy decides.
    ///
    /// - Parameter plan: With `isKept`.
    /// - Throws: `Failure`, or SystemError. The plan stays in the state directory.
    static func start(_ plan: PodPlan, executable: SupervisorExecutable) throws -> DetachedPod {
        try write(plan)
        let process = try SupervisorProcess(executable: executable)
        try process.start(plan, lifecycle: lifecycle(of: plan))
        return try DetachedPod(process, plan)
    }

    private init(_ process: SupervisorProcess, _ plan: PodPlan) throws {
        self.process = process
        // The supervisor is busy meanwhile.
        if plan.hasHostRoot { process.tell(HostSecrets.find()) }
        while let report = try process.receive() {
            switch report {
            case .claimed: return
            case .sandboxFailed(let reason, let message):
                process.awaitEnd()
                throw reason == PodReport.alreadyRuns
                    ? Failure.alreadyRuns : Failure.refused(reason: reason, message: message)
            default: continue
            }
        }
        process.awaitEnd()
        throw Failure.refused(reason: "FailedCreatePodSandBox", message: "the pod's supervisor was killed")
    }

    /// The next report; nil: supervisor and keeper have both gone. Blocks.
    func receive() throws -> PodReport? { try process.receive() }

    /// Collects the exit status of a supervisor that has ended; for who lives longer than it.
    func reap() { process.awaitEnd() }

    /// Of a pod that has run before: what it goes on from, empty where nobody knows.
    private static func lifecycle(of plan: PodPlan) -> [UInt8]? {
        if let saved = try? StateDirectory.read(plan.paths.state + "/lifecycle") { return saved }
        // Logs are there from the first launch on, the state a moment later.
        for path in [plan.paths.state + "/status.json", plan.paths.logs] where access(path, F_OK) == 0 { return [] }
        return nil
    }

    /// The intent record. While it comes into being nobody sweeps.
    static func write(_ plan: PodPlan) throws(SystemError) {
        let pods = parent(plan.paths.state)
        for path in [parent(pods), pods] { try makeDirectory(path) }
        let runRoot = parent(parent(plan.paths.run))
        try makeDirectory(runRoot)
        let gate = try PodLock.gate(runRoot, exclusive: false)
        try makeDirectory(plan.paths.state)
        let directory = try StateDirectory(plan.paths.state)
        try directory.replace("plan", plan.sealed)
        try directory.sync()
        try StateDirectory(pods).sync()
        _ = consume gate
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
    }

    static func makeDirectory(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path != parent(path) else { throw SystemError(errno: errno, call: "mkdir", path: path) }
        try makeDirectory(parent(path))
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemError(errno: errno, call: "mkdir", path: path) }
    }
}
