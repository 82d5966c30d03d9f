import Glibc
import Linux
import ObjectStore
import PodAPI
import PodPlan

/// The deletion of objects, and of what runs of them.
struct Deletion {
    private let host: Host
    /// Seconds; negative: each pod's own.
    private let grace: Int64
    /// `--force --grace-period=0`
    private let isImmediate: Bool

    init(_ host: Host, grace: Int64, isImmediate: Bool) {
        self.host = host
        self.grace = grace
        self.isImmediate = isImmediate
    }

    /// Marks objects as being deleted, all at once; those that nothing holds are gone with it. Those that have gone meanwhile
    /// are left out of the result.
    @discardableResult
    func mark(_ objects: [JSONValue]) throws(CommandError) -> [JSONValue] {
        let grace = isImmediate ? 0 : grace
        return try host.write { (transaction) throws(ObjectStoreError) in
            var marked: [JSONValue] = []
            for object in objects {
                guard let stored = try transaction.find(ObjectKey(object)), stored.uid == object.uid else { continue }
                try Self.delete(stored, grace: grace, in: transaction)
                marked.append(stored)
            }
            return marked
        }
    }

    /// A pod stays until what runs of it has ended, which the reconciler sees to: its object says that it is to end, so that no
    /// crash can leave it running.
    static func delete(_ object: JSONValue, grace: Int64, in transaction: ObjectTransaction) throws(ObjectStoreError) {
        let key = ObjectKey(object)
        guard key.kind == "Pod" else {
            _ = try transaction.delete(key, uid: object.uid)
            return
        }
        let own = object[path: "spec", "terminationGracePeriodSeconds"]?.integer ?? 30
        // Without a period it would be gone at once.
        _ = try transaction.delete(key, gracePeriod: max(1, grace < 0 ? own : grace), uid: object.uid)
    }

    /// Ends the pods among the objects, and waits until all have gone; throws where the time is over first.
    static func wait(for objects: [JSONValue], _ host: Host, _ deadline: Deadline, isImmediate: Bool = false) throws {
        let run = host.roots.run
        for object in objects where object["kind"]?.string == "Pod" {
            guard let uid = object.uid, PodLock.isHeld(uid, run: run) else { continue }
            _ = try? ControlClient.ask(.stop(grace: isImmediate ? 0 : try grace(object, host)), uid: uid, run: run)
        }
        var pause: UInt32 = 1000
        while true {
            let left = try host.read { (snapshot) throws(ObjectStoreError) in
                var left: [JSONValue] = []
                for object in objects {
                    if let stored = try snapshot.find(ObjectKey(object)), stored.uid == object.uid {
                        left.append(stored)
                    }
                }
                return left
            }
            if left.isEmpty { return }
            let pods = left.filter { $0["kind"]?.string == "Pod" }.compactMap(\.uid)
            if PodLock.held(pods, run: run).count < pods.count || pods.count < left.count {
                var reconciler = Reconciler(host)
                try reconciler.run()
                for problem in reconciler.report.problems { Output.error("swiftlet: \(problem)") }
                if !reconciler.report.deleted.isEmpty { continue }
            }
            if deadline.isOver {
                throw CommandError("error: timed out waiting for the condition on \(resource(left[0]))/\(left[0].name)")
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
    }

    private static func resource(_ object: JSONValue) -> String {
        ResourceKind(kind: object["kind"]?.string ?? "")?.resource ?? ""
    }

    /// Seconds that are left of its grace period.
    private static func grace(_ object: JSONValue, _ host: Host) throws(CommandError) -> Int64 {
        let stored = try host.read { (snapshot) throws(ObjectStoreError) in try snapshot.find(ObjectKey(object)) }
        let end = stored?[path: "metadata", "deletionTimestamp"]?.string.flatMap(Timestamp.seconds)
        return end.map { max(0, $0 - Int64(time(nil))) } ?? 0
    }
}
