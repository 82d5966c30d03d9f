import ArgumentParser
import Glibc
import Linux
import Merging
import ObjectStore
import PodAPI
import PodManifest

/// `apply`: what manifests make of stored objects, all of them in one transaction.
struct Applying {
    struct Outcome {
        var object: JSONValue
        var kind: ResourceKind
        /// `created`, `configured`, `unchanged`, `pruned`
        var operation: String
    }

    struct Pruning {
        var labels: LabelSelector
        var namespace: String?
    }

    let set: ManifestSet
    let options: PlanningOptions
    let dryRun: DryRun
    let force: Bool
    let pruning: Pruning?
    let deadline: Deadline

    /// What stands in the way of a transaction.
    private enum Obstacle {
        /// These are being deleted: they are waited for.
        case deletions([JSONValue])
        /// These cannot change in place, and are to be deleted.
        case replacements([JSONValue])
        case errors([Diagnostic])
    }

    func run(_ host: Host, grace: Int64) throws -> [Outcome] {
        var told: Set<String> = []
        let store = try host.store()
        while true {
            var obstacle: Obstacle?
            var results: [Outcome] = []
            do throws(ObjectStoreError) {
                try store.write { (transaction) throws(ObjectStoreError) in
                    (results, obstacle) = try attempt(transaction)
                    if obstacle != nil { throw .abandoned("") }
                    if dryRun != .none { throw .abandoned("") }
                }
                return results
            } catch .abandoned("") {
                guard let obstacle else { return results }
                try overcome(obstacle, host, grace: grace, told: &told)
            } catch {
                throw CommandError(error)
            }
        }
    }

    private func overcome(_ obstacle: Obstacle, _ host: Host, grace: Int64, told: inout Set<String>) throws {
        switch obstacle {
        case .errors(let errors):
            for error in errors { Output.error("\(error)") }
            throw ExitCode(1)
        case .deletions(let objects):
            if dryRun != .none {
                throw CommandError("error: \(Self.words(objects[0])) is being deleted")
            }
            for object in objects where told.insert(object.uid ?? "").inserted {
                Output.error("\(Self.words(object)) is being deleted: waiting for its end")
            }
            try Deletion.wait(for: objects, host, deadline)
        case .replacements(let objects):
            let deletion = Deletion(host, grace: grace, isImmediate: false)
            try deletion.mark(objects)
            try Deletion.wait(for: objects, host, deadline)
        }
    }

    static func words(_ object: JSONValue) -> String {
        "\(ResourceKind(kind: object["kind"]?.string ?? "")?.qualifiedSingular ?? "")/\(object.name)"
    }

    // MARK: One transaction

    private func attempt(_ transaction: ObjectTransaction) throws(ObjectStoreError) -> ([Outcome], Obstacle?) {
        let writer = ObjectWriter(transaction)
        var results = [Outcome?](repeating: nil, count: set.items.count)
        var errors: [Diagnostic] = []
        var deletions: [JSONValue] = []
        var replacements: [JSONValue] = []
        // Pods come last: what they refer to is there by then.
        let order = set.items.indices.sorted { left, right in
            let isPod = [left, right].map { set.items[$0].key.kind == "Pod" }
            return isPod[0] == isPod[1] ? left < right : isPod[1]
        }
        for index in order {
            let item = set.items[index]
            let old = try transaction.find(item.key)
            if let old, old.isBeingDeleted {
                deletions.append(old)
                continue
            }
            switch try apply(item, to: old, writer) {
            case .success(let result): results[index] = result
            case .failure(let invalid):
                if let old, force, dryRun == .none {
                    replacements.append(old)
                    continue
                }
                errors += invalid.errors.map { describe($0, item, isChange: old != nil) }
            }
        }
        if !errors.isEmpty { return ([], .errors(errors)) }
        if !deletions.isEmpty { return ([], .deletions(deletions)) }
        if !replacements.isEmpty { return ([], .replacements(replacements)) }
        var outcomes = results.compactMap(\.self)
        if let pruning { outcomes += try prune(pruning, transaction) }
        return (outcomes, nil)
    }

    private func describe(_ error: FieldError, _ item: ManifestSet.Item, isChange: Bool) -> Diagnostic {
        var error = error
        if isChange {
            error.message += "; --force deletes \(item.kind.qualifiedSingular)/\(item.key.name) and creates it anew"
        }
        return set.diagnostic(error, in: item)
    }

    private func apply(
        _ item: ManifestSet.Item, to old: JSONValue?, _ writer: ObjectWriter
    ) throws(ObjectStoreError) -> Result<Outcome, ObjectWriter.Invalid> {
        let (merged, isRecorded) = try Self.merged(item, old, options)
        guard let old else {
            return try writer.create(merged).map { Outcome(object: $0, kind: item.kind, operation: "created") }
        }
        if let version = item.resourceVersion, version != old[path: "metadata", "resourceVersion"]?.string {
            throw .conflict(item.key)
        }
        if !isRecorded {
            Output.error(
                "Warning: resource \(item.kind.resource)/\(item.key.name) is missing the \(LastApplied.annotation) "
                    + "annotation which is required by swiftlet apply. The missing annotation will be patched automatically."
            )
        }
        if merged.isEquivalent(to: old) {
            return .success(Outcome(object: old, kind: item.kind, operation: "unchanged"))
        }
        if item.key.kind == "Pod", PlanningOptions(merged) != PlanningOptions(old) {
            let error = FieldError(
                FieldPath("metadata", "name"),
                "the pod was planned with other --rootfs, --image-map, --pod-max-pids or --node, which cannot change")
            return .failure(ObjectWriter.Invalid(errors: [error]))
        }
        return try writer.update(merged, from: old).map {
            Outcome(object: $0, kind: item.kind, operation: "configured")
        }
    }

    /// What the manifest makes of the stored object; `isRecorded`: it has been applied before.
    static func merged(
        _ item: ManifestSet.Item, _ old: JSONValue?, _ options: PlanningOptions
    ) throws(ObjectStoreError) -> (object: JSONValue, isRecorded: Bool) {
        let modified = LastApplied.recording(item.json)
        guard let old else {
            var new = modified
            if item.key.kind == "Pod" { options.record(in: &new) }
            return (ObjectDefaults.complete(new), false)
        }
        var original: JSONValue?
        do throws(PatchError) { original = try LastApplied.read(from: old) } catch {
            throw .invalid(item.key, problem: error.description)
        }
        var merged = ThreeWayMerge.merge(
            original: original, modified: modified, current: withoutFilledRequests(old, original))
        if item.key.kind == "Pod", options != PlanningOptions() { options.record(in: &merged) }
        return (ObjectWriter.complete(merged, from: old), original != nil)
    }

    /// Requests that were filled in from limits go with the limits that they come from: they were in no manifest.
    private static func withoutFilledRequests(_ old: JSONValue, _ original: JSONValue?) -> JSONValue {
        guard let original, old["kind"]?.string == "Pod" else { return old }
        var result = old
        for list in ["initContainers", "containers"] {
            guard case .array(var containers)? = result[path: "spec", list] else { continue }
            for index in containers.indices {
                let name = containers[index]["name"]
                let written = original[path: "spec", list]?.items.first { $0["name"] == name }?["resources"]
                for limit in containers[index][path: "resources", "limits"]?.members ?? []
                where written?[path: "requests", limit.key] == nil
                    && containers[index][path: "resources", "requests", limit.key] == limit.value
                {
                    containers[index][path: "resources", "requests", limit.key] = nil
                }
            }
            result[path: "spec", list] = .array(containers)
        }
        return result
    }

    // MARK: Pruning

    private static let prunedKinds: [ResourceKind] = [
        .pod, .service, .configMap, .secret, .persistentVolumeClaim, .persistentVolume,
    ]

    private func prune(
        _ pruning: Pruning, _ transaction: ObjectTransaction
    ) throws(ObjectStoreError) -> [Outcome] {
        let kept = Set(set.items.map(\.key))
        let namespaces = Set(
            set.items.filter(\.kind.isNamespaced).map(\.key.namespace) + [pruning.namespace].compactMap(\.self))
        var results: [Outcome] = []
        for kind in Self.prunedKinds {
            for object in try transaction.list(kind.kind) {
                let key = ObjectKey(object)
                guard !kept.contains(key), !object.isBeingDeleted,
                    !kind.isNamespaced || namespaces.contains(key.namespace),
                    object[path: "metadata", "annotations", LastApplied.annotation] != nil,
                    pruning.labels.matches(object[path: "metadata", "labels"]?.dictionary ?? [:])
                else { continue }
                try Deletion.delete(object, grace: -1, in: transaction)
                results.append(Outcome(object: object, kind: kind, operation: "pruned"))
            }
        }
        return results
    }
}
