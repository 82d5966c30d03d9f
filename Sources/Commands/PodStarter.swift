import ObjectStore
import PodAPI
import PodManifest
import PodPlan
import PodPlanner
import Storage

/// Which pods of the store can start now, and why others cannot. It binds claims and gives pods their node; what it finds is
/// written in the same transaction.
struct PodStarter {
    struct Start {
        var pod: JSONValue
        var plan: PodPlan
    }

    /// A pod that cannot start as things are.
    struct Waiting {
        var pod: JSONValue
        /// `FailedScheduling: 0/1 nodes are available: …`
        var line: String
    }

    private(set) var starts: [Start] = []
    private(set) var waiting: [Waiting] = []
    private(set) var objects: StoredObjects
    private(set) var bindings: Bindings

    private let roots: Roots
    private let transaction: ObjectTransaction
    private let now: Int64
    private var makings: [(options: PlanningOptions, making: PlannerMaking)] = []
    private var placements: [(node: String?, host: HostFacts, placement: Placement)] = []

    init(_ roots: Roots, in transaction: ObjectTransaction, now: Int64) throws(ObjectStoreError) {
        self.roots = roots
        self.transaction = transaction
        self.now = now
        var host = HostFacts.gather(roots)
        let placement = Placement(roots, file: nil, host: &host)
        placements = [(nil, host, placement)]
        bindings = try ClaimBinding.bind(
            in: transaction, binder: Binder(nodeName: host.nodeName, nodeLabels: host.nodeLabels), now: now)
        objects = try StoredObjects(transaction)
    }

    // MARK: Planning

    private mutating func index(ofNode node: String?) -> Int {
        if let index = placements.firstIndex(where: { $0.node == node }) { return index }
        var host = HostFacts.gather(roots)
        let placement = Placement(roots, file: node, host: &host)
        placements.append((node, host, placement))
        return placements.count - 1
    }

    private mutating func making(_ options: PlanningOptions) -> PlannerMaking {
        if let known = makings.first(where: { $0.options == options }) { return known.making }
        var host = placements[index(ofNode: options.node)].host
        host.podPidsLimit = options.podMaxPids ?? 0
        let making = PlannerMaking(options, roots, host, SysctlAllowList())
        makings.append((options, making))
        return making
    }

    enum Planned {
        case plan(PodPlan)
        case errors([PlanError])
    }

    /// The plan of a stored pod, with the objects as they are.
    mutating func plan(_ json: JSONValue, _ pod: Pod) -> Planned {
        let making = making(PlanningOptions(json))
        if !making.errors.isEmpty {
            return .errors(making.errors.map { PlanError(FieldPath(), .invalidImageName, $0.description) })
        }
        do throws(PlanErrors) {
            let planned = try making.planner.plan(
                pod: pod, configMaps: objects.configMaps, secrets: objects.secrets, services: objects.services,
                bindings: bindings, uid: pod.metadata.uid)
            var plan = planned.plan
            plan.isKept = true
            let place = ScheduledPod(pod)
            if !place.isPlain {
                var encoder = Encoder()
                place.encode(to: &encoder)
                plan.placement = encoder.bytes
            }
            return .plan(plan)
        } catch {
            return .errors(error.errors)
        }
    }

    // MARK: Deciding

    /// - Parameters:
    ///   - pending: Those that are to start, in the order in which they get their places.
    ///   - others: The pods beside them, which run or have run.
    mutating func decide(_ pending: [JSONValue], beside others: [JSONValue]) throws(ObjectStoreError) {
        var candidates: [(json: JSONValue, pod: Pod)] = []
        for json in pending {
            guard case .pod(let pod)? = StoredObject(json).object else {
                try wait(json, PodPending(reason: "Invalid", message: "the stored object is damaged: delete it"))
                continue
            }
            candidates.append((json, pod))
        }
        let conflicts = exclusiveConflicts(candidates.map(\.pod), beside: others)
        for (json, pod) in candidates {
            switch plan(json, pod) {
            case .errors(let errors): try wait(json, PodPending(errors))
            case .plan(let plan):
                if let conflict = conflicts[pod.metadata.uid] {
                    try wait(json, PodPending(reason: "FailedScheduling", message: conflict))
                    continue
                }
                try place(json, pod, plan)
            }
        }
    }

    private func exclusiveConflicts(_ pods: [Pod], beside others: [JSONValue]) -> [String: String] {
        guard bindings.claims.contains(where: { $0.claim.accessModes == [.readWriteOncePod] }) else { return [:] }
        var all = others.compactMap { json -> Pod? in
            if case .pod(let pod)? = StoredObject(json).object { pod } else { nil }
        }
        all += pods
        var conflicts: [String: String] = [:]
        for (index, error) in bindings.exclusiveClaimConflicts(among: all) {
            conflicts[all[index].metadata.uid] = "0/1 nodes are available: 1 \(error.message)."
        }
        return conflicts
    }

    private mutating func place(_ json: JSONValue, _ pod: Pod, _ plan: PodPlan) throws(ObjectStoreError) {
        let index = index(ofNode: PlanningOptions(json).node)
        let placed = starts.compactMap { start -> Pod? in
            if case .pod(let pod)? = StoredObject(start.pod).object { pod } else { nil }
        }
        switch placements[index].placement.schedule([pod], beside: placed)[0] {
        case .scheduled: try start(json, plan, on: placements[index].host.nodeName)
        case .pending(let reason, let message):
            try wait(
                json, PodPending(reason: reason == "Unschedulable" ? "FailedScheduling" : reason, message: message))
        case .elsewhere(let node):
            try wait(
                json, PodPending(reason: "Elsewhere", message: "nodeName is \"\(node)\", and this node leaves it alone")
            )
        case .rejected(let reason, let message):
            var failed = json
            failed["status"] = PodPending.rejected(json, reason: reason, message: message)
            failed = try transaction.update(failed)
            let event = EventObject(component: "kubelet", reason: reason, message: message, isWarning: true)
            try event.record(about: failed, in: transaction, at: now)
            waiting.append(Waiting(pod: failed, line: "\(reason): \(message)"))
        }
    }

    private mutating func start(_ json: JSONValue, _ plan: PodPlan, on node: String) throws(ObjectStoreError) {
        var json = json
        let isNew = json[path: "spec", "nodeName"] == nil
        json[path: "spec", "nodeName"] = .string(node)
        json["status"] = PodPending.scheduled(json, at: now)
        json = try transaction.update(json.inOrderOfKeys)
        if isNew {
            let key = ObjectKey(json)
            let event = EventObject(
                component: "default-scheduler", reason: "Scheduled",
                message: "Successfully assigned \(key.namespace)/\(key.name) to \(node)")
            try event.record(about: json, in: transaction, at: now)
        }
        starts.append(Start(pod: json, plan: plan))
    }

    private mutating func wait(_ json: JSONValue, _ pending: PodPending) throws(ObjectStoreError) {
        var json = json
        let status = pending.status(of: json, at: now)
        if json["status"].map({ !$0.isEquivalent(to: status) }) ?? true {
            json["status"] = status
            json = try transaction.update(json.inOrderOfKeys)
            if let event = pending.event { try event.record(about: json, in: transaction, at: now) }
        }
        waiting.append(Waiting(pod: json, line: pending.line))
    }
}
