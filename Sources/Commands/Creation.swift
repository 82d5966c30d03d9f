import ArgumentParser
import Merging
import ObjectStore
import PodAPI
import PodManifest

/// `create` and `replace`: manifests as they are, all in one transaction.
struct Creation {
    let set: ManifestSet
    let options: PlanningOptions
    /// `--save-config`
    let savesConfiguration: Bool
    let dryRun: DryRun
    /// The objects are there, and what is not in the manifest goes.
    let replaces: Bool

    /// The objects as they were stored, in the order of the manifests.
    func run(_ host: Host) throws -> [JSONValue] {
        var objects = [JSONValue](repeating: .null, count: set.items.count)
        var errors: [Diagnostic] = []
        var refusal: CommandError?
        let store = try host.store()
        do throws(ObjectStoreError) {
            try store.write { (transaction) throws(ObjectStoreError) in
                let writer = ObjectWriter(transaction)
                // Pods come last: what they refer to is there by then.
                let order = set.items.indices.sorted { left, right in
                    let isPod = [left, right].map { set.items[$0].key.kind == "Pod" }
                    return isPod[0] == isPod[1] ? left < right : isPod[1]
                }
                for index in order {
                    let item = set.items[index]
                    let old = try transaction.find(item.key)
                    if let problem = obstacle(item, old) {
                        refusal = refusal ?? problem
                        continue
                    }
                    var json = savesConfiguration ? LastApplied.recording(item.json) : item.json
                    if item.key.kind == "Pod" { options.record(in: &json) }
                    let result: Result<JSONValue, ObjectWriter.Invalid>
                    if let old {
                        result = try replace(old, by: json, item, writer)
                    } else {
                        result = try writer.create(json)
                    }
                    switch result {
                    case .success(let object): objects[index] = object
                    case .failure(let invalid):
                        errors += invalid.errors.map { set.diagnostic(describe($0, item), in: item) }
                    }
                }
                if refusal != nil || !errors.isEmpty || dryRun != .none { throw .abandoned("") }
            }
        } catch {
            if error != .abandoned("") { throw CommandError(error) }
        }
        if let refusal { throw refusal }
        for error in errors { Output.error("\(error)") }
        if !errors.isEmpty { throw ExitCode(1) }
        return objects
    }

    private func obstacle(_ item: ManifestSet.Item, _ old: JSONValue?) -> CommandError? {
        let name = "\(item.kind.resource) \"\(TerminalText.escaped(item.key.name))\""
        let file = TerminalText.escaped(item.source.file)
        if replaces {
            guard let old else { return .server("NotFound", "error when replacing \"\(file)\": \(name) not found") }
            if old.isBeingDeleted {
                return .server("Conflict", "error when replacing \"\(file)\": \(name) is being deleted")
            }
            if let version = item.resourceVersion, version != old[path: "metadata", "resourceVersion"]?.string {
                return CommandError(.conflict(item.key))
            }
            return nil
        }
        guard let old else { return nil }
        let deletion = old.isBeingDeleted ? "object is being deleted: " : ""
        return .server("AlreadyExists", "error when creating \"\(file)\": \(deletion)\(name) already exists")
    }

    private func describe(_ error: FieldError, _ item: ManifestSet.Item) -> FieldError {
        guard replaces else { return error }
        var error = error
        error.message += "; --force deletes \(item.kind.qualifiedSingular)/\(item.key.name) and creates it anew"
        return error
    }

    private func replace(
        _ old: JSONValue, by json: JSONValue, _ item: ManifestSet.Item, _ writer: ObjectWriter
    ) throws(ObjectStoreError) -> Result<JSONValue, ObjectWriter.Invalid> {
        var new = json
        if item.key.kind == "Pod" {
            if options == PlanningOptions() { PlanningOptions(old).record(in: &new) }
            // What the scheduler and admission have filled in.
            for field in ["nodeName", "priority", "priorityClassName", "overhead", "preemptionPolicy"]
            where new[path: "spec", field] == nil { new[path: "spec", field] = old[path: "spec", field] }
        }
        if item.key.kind == "PersistentVolumeClaim", new[path: "spec", "volumeName"] == nil {
            new[path: "spec", "volumeName"] = old[path: "spec", "volumeName"]
        }
        if item.key.kind == "PersistentVolume", new[path: "spec", "claimRef"] == nil {
            new[path: "spec", "claimRef"] = old[path: "spec", "claimRef"]
        }
        new[path: "metadata", "finalizers"] = old[path: "metadata", "finalizers"]
        new[path: "metadata", "ownerReferences"] = old[path: "metadata", "ownerReferences"]
        for (key, value) in old[path: "metadata", "annotations"]?.dictionary ?? [:]
        where key.hasPrefix("pv.kubernetes.io/") { new[path: "metadata", "annotations", key] = .string(value) }
        return try writer.update(new, from: old)
    }
}
