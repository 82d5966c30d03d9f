import ObjectStore
import PodAPI

/// Changes of one object at a time, as `label`, `annotate`, `patch` and `edit` make them.
extension Host {
    struct Change {
        var kind: ResourceKind
        var old: JSONValue
        var new: JSONValue
        /// False: it was like this before.
        var isDifferent: Bool
    }

    /// Replaces an object by what `change` makes of it as it is in the store. The same checks as for any change.
    /// - Parameters:
    ///   - uid: Of the object that was looked at; another one of the same name is a conflict.
    ///   - isDryRun: It is checked, and nothing is stored.
    func change(
        _ kind: ResourceKind, _ object: JSONValue, isDryRun: Bool = false,
        by change: (JSONValue) throws(CommandError) -> JSONValue
    ) throws(CommandError) -> Change {
        let key = ObjectKey(object)
        if kind.isReadOnly {
            throw .server("MethodNotAllowed", "the server does not allow this method on the requested resource")
        }
        let uid = object[path: "metadata", "uid"]?.string
        var failure: CommandError?
        var result: Change?
        do throws(CommandError) {
            try write { (transaction) throws(ObjectStoreError) in
                guard let old = try transaction.find(key) else { throw ObjectStoreError.notFound(key) }
                guard old[path: "metadata", "uid"]?.string == uid else { throw ObjectStoreError.conflict(key) }
                do throws(CommandError) {
                    var new = try change(old)
                    try Self.check(old, &new)
                    let stored = try Self.update(transaction, new)
                    result = Change(kind: kind, old: old, new: stored, isDifferent: stored != old)
                } catch {
                    failure = error
                }
                if failure != nil || isDryRun { throw ObjectStoreError.abandoned("") }
            }
        } catch {
            if let failure { throw failure }
            if result == nil || !isDryRun {
                if kind == .pod, case .some = try find(kind, key.name, namespace: key.namespace) {
                    throw CommandError(
                        "error: pod \"\(TerminalText.escaped(key.name))\" belongs to a running `swiftlet run`: change its "
                            + "manifest, and see run --watch")
                }
                throw error
            }
        }
        guard let result else { throw .notFound(kind, key.name) }
        return result
    }

    private static func update(_ transaction: ObjectTransaction, _ new: JSONValue) throws(CommandError) -> JSONValue {
        do throws(ObjectStoreError) { return try transaction.update(new) } catch { throw CommandError(error) }
    }

    /// What every change has to be: of the same object, valid, and of nothing that may not change.
    private static func check(_ old: JSONValue, _ new: inout JSONValue) throws(CommandError) {
        let key = ObjectKey(old)
        for (field, path) in [
            ("apiVersion", ["apiVersion"]), ("kind", ["kind"]), ("metadata.name", ["metadata", "name"]),
            ("metadata.namespace", ["metadata", "namespace"]),
        ]
        where old[path: path[...]] != new[path: path[...]] {
            throw CommandError(.invalid(key, problem: "\(field): field is immutable"))
        }
        new = ObjectDefaults.complete(new)
        new["status"] = old["status"]
        let errors = ObjectWriter.errors(from: old, to: new)
        if errors.isEmpty { return }
        let lines = errors.map { "\($0.path): \($0.message)" }
        throw CommandError(
            .invalid(key, problem: lines.count == 1 ? lines[0] : "[\(lines.joined(separator: ", "))]"))
    }
}

extension Host {
    /// After objects have been changed: the pods that they concern take it over.
    func carryOut(_ changed: [JSONValue]) throws(CommandError) { try Reconciler.afterChange(self, changed) }
}
