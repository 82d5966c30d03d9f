import CLinux
import Glibc
import Linux
import ObjectStore
import PodAPI
import PodManifest
import PodPlan
import PodPlanner

/// Makes what runs on this host what the store says: every verb that opens the store runs it first, and those that change
/// objects afterwards again, so there is no need for a daemon. Whatever a command was killed in the middle of, the next one
/// finishes. A pod is never started twice: its lock decides.
struct Reconciler {
    /// What has been done, for `boot`.
    struct Report {
        var started: [JSONValue] = []
        var waiting: [PodStarter.Waiting] = []
        var deleted: [JSONValue] = []
        var problems: [String] = []
    }

    let host: Host
    var report = Report()
    private var roots: Roots { host.roots }
    private var supervisor: SupervisorExecutable?

    init(_ host: Host) {
        self.host = host
    }

    /// Before a verb looks at the objects: where all is well this costs a few system calls for each pod.
    /// Nobody waits for another command that is at it.
    static func settle(_ host: Host) throws(CommandError) {
        if try isSettled(host) || HostCheck.obstacle() != nil { return }
        var reconciler = Reconciler(host)
        try reconciler.run(waits: false)
        for problem in reconciler.report.problems { Output.error("swiftlet: \(problem)") }
    }

    private static func isSettled(_ host: Host) throws(CommandError) -> Bool {
        guard let mark = ReconcileMark.read(host.roots.run), mark.isSettled else { return false }
        let version = try host.read { (snapshot) throws(ObjectStoreError) in try snapshot.resourceVersion() }
        return version == mark.resourceVersion
            && PodLock.held(mark.running, run: host.roots.run).count == mark.running.count
    }

    /// A look at everything.
    mutating func run(waits: Bool = true) throws(CommandError) {
        guard let lock = try lock(waits: waits) else { return }
        defer { _ = lock.raw }
        // Twice at most: what was carried out may make room for what waits.
        for _ in 0..<2 {
            let before = report.deleted.count
            try once()
            if report.deleted.count == before { break }
        }
    }

    private func lock(waits: Bool) throws(CommandError) -> OwnedFD? {
        do throws(SystemError) {
            try DetachedPod.makeDirectory(roots.run)
            let path = roots.run + "/reconcile"
            let file = OwnedFD(try check(swl_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), "open", path))
            while true {
                let code = swl_flock(file.raw, LOCK_EX | (waits ? 0 : LOCK_NB))
                if code == 0 { return file }
                if code == -EWOULDBLOCK { return nil }
                if code != -EINTR { throw SystemError(errno: -code, call: "flock", path: path) }
            }
        } catch {
            throw CommandError("\(error)")
        }
    }

    // MARK: One look

    private struct Look {
        var version: Int64 = 0
        var running: [JSONValue] = []
        var ended = 0
        var deleting: [JSONValue] = []
        /// Killed, or of before the host's last start: they go on with the plan that they had.
        var lost: [JSONValue] = []
        var starts: [PodStarter.Start] = []
        var waiting: [PodStarter.Waiting] = []
        /// Plans of pods whose objects have changed.
        var updates: [PodPlan] = []
    }

    private mutating func once() throws(CommandError) {
        let mark = ReconcileMark.read(roots.run)
        let (roots, now) = (roots, Int64(time(nil)))
        let look = try host.write { (transaction) throws(ObjectStoreError) in
            try Self.look(transaction, roots, mark, now)
        }
        let problems = report.problems.count
        try carryOut(look)
        report.waiting = look.waiting
        let running = look.running + report.started
        let isSettled = look.waiting.isEmpty && look.deleting.isEmpty && problems == report.problems.count
        ReconcileMark(
            resourceVersion: problems == report.problems.count ? look.version : mark?.resourceVersion ?? 0,
            running: Set(running.compactMap(\.uid)).sorted(), isSettled: isSettled
        ).write(roots.run)
    }

    private static func look(
        _ transaction: ObjectTransaction, _ roots: Roots, _ mark: ReconcileMark?, _ now: Int64
    ) throws(ObjectStoreError) -> Look {
        var look = Look()
        let pods = try transaction.list("Pod")
        let held = PodLock.held(pods.compactMap(\.uid), run: roots.run)
        var pending: [JSONValue] = []
        for pod in pods {
            guard let uid = pod.uid else { continue }
            let state = PodRecord(roots, uid)
            if pod[path: "metadata", "deletionTimestamp"] != nil {
                look.deleting.append(pod)
            } else if held.contains(uid) {
                look.running.append(pod)
            } else if state.hasEnded || pod.hasEnded {
                look.ended += 1
            } else if state.hasRun {
                look.lost.append(pod)
            } else {
                pending.append(pod)
            }
        }
        let version = try transaction.resourceVersion()
        try ProtectedClaims.release(in: transaction, pods: pods)
        if !pending.isEmpty || version != mark?.resourceVersion {
            var starter = try PodStarter(roots, in: transaction, now: now)
            pending.sort { ($0.created, $0.name) < ($1.created, $1.name) }
            try starter.decide(pending, beside: look.running + look.lost)
            (look.starts, look.waiting) = (starter.starts, starter.waiting)
            look.updates = try changedPlans(
                of: look.running + look.lost, since: mark?.resourceVersion, &starter, transaction, roots)
        }
        look.version = try transaction.resourceVersion()
        return look
    }

    /// nil for `since`: nobody knows what has been carried out, so all are looked at.
    private static func changedPlans(
        of pods: [JSONValue], since version: Int64?, _ starter: inout PodStarter, _ transaction: ObjectTransaction,
        _ roots: Roots
    ) throws(ObjectStoreError) -> [PodPlan] {
        if pods.isEmpty { return [] }
        let changed = try ChangedObjects(since: version, transaction)
        var plans: [PodPlan] = []
        for json in pods where changed.concerns(json) {
            guard case .pod(let pod)? = StoredObject(json).object, let old = PodRecord(roots, pod.metadata.uid).plan,
                case .plan(var plan) = starter.plan(json, pod)
            else { continue }
            // Where it is known to others, and its own secrets, stay as they were.
            plan.placement = old.placement
            if plan != old { plans.append(plan) }
        }
        return plans
    }

    // MARK: Carrying out

    private mutating func carryOut(_ look: Look) throws(CommandError) {
        for pod in look.deleting { try delete(pod) }
        for plan in look.updates { update(plan) }
        if !look.lost.isEmpty { try executable().sweep(state: roots.state, run: roots.run) }
        for pod in look.lost {
            guard let plan = pod.uid.flatMap({ PodRecord(roots, $0).plan }) else {
                report.problems.append("pod/\(pod.name): its plan is damaged; delete it and apply it again")
                continue
            }
            try start(pod, plan)
        }
        for start in look.starts { try self.start(start.pod, start.plan) }
    }

    private mutating func executable() throws(CommandError) -> SupervisorExecutable {
        if let supervisor { return supervisor }
        let found = try SupervisorExecutable.find()
        supervisor = found
        return found
    }

    private mutating func start(_ pod: JSONValue, _ plan: PodPlan) throws(CommandError) {
        let executable = try executable()
        do {
            _ = try DetachedPod.start(plan, executable: executable)
            report.started.append(pod)
        } catch DetachedPod.Failure.alreadyRuns {
            report.started.append(pod)
        } catch {
            report.problems.append("pod/\(pod.name): \(error)")
        }
    }

    /// Plan first: whoever starts the pod again has the new files too.
    private mutating func update(_ plan: PodPlan) {
        guard let old = PodRecord(roots, plan.uid).plan else { return }
        do {
            try DetachedPod.write(plan)
            let update = LiveUpdate.update(from: old, to: plan)
            if update.isEmpty || !PodLock.isHeld(plan.uid, run: roots.run) { return }
            let file = try MemoryFile.make(update.packet)
            _ = try ControlClient.ask(.update, [file.raw], uid: plan.uid, run: roots.run)
        } catch ControlClient.Failure.notRunning {
            return
        } catch {
            report.problems.append("pod/\(plan.name): \(error)")
        }
    }

    /// A pod whose end was asked for: it is told so, or what it has left goes.
    private mutating func delete(_ pod: JSONValue) throws(CommandError) {
        guard let uid = pod.uid else { return }
        if PodLock.isHeld(uid, run: roots.run) {
            let end = pod[path: "metadata", "deletionTimestamp"]?.string.flatMap(Timestamp.seconds) ?? 0
            let grace = max(0, end - Int64(time(nil)))
            _ = try? ControlClient.ask(.stop(grace: grace), uid: uid, run: roots.run)
            return
        }
        try PodRemoval(host, pod, executable()).run()
        report.deleted.append(pod)
    }
}

extension JSONValue {
    /// `metadata.uid`
    var uid: String? { self[path: "metadata", "uid"]?.string }
    /// `metadata.name`
    var name: String { self[path: "metadata", "name"]?.string ?? "" }
    fileprivate var created: String { self[path: "metadata", "creationTimestamp"]?.string ?? "" }
    /// A pod that was turned away; of one that ran, `status.json` tells.
    fileprivate var hasEnded: Bool { ["Failed", "Succeeded"].contains(self[path: "status", "phase"]?.string) }
}
