import Linux
import PodAPI
import Printing

/// Objects with their changes, until the reader goes or the user ends it.
extension GetCommand {
    func follow(_ host: Host, _ output: ObjectOutput) throws {
        let (found, missing, kinds, _) = try selection.objects(host, fields: fields())
        guard kinds.count == 1, let kind = kinds.first else {
            throw CommandError("error: you may only specify a single resource type", code: 2)
        }
        if let error = missing.first {
            if ignoreNotFound { return }
            throw error
        }
        var printer = TablePrinter(tableOptions(kind, isWide: output.isWide, withKind: false))
        var documents = 0
        func show(_ event: ObjectEvent, _ object: JSONValue) throws(CommandError) {
            let object = ObjectOutput.presentable(object)
            if output.isTable {
                let table = Table(kind: kind.kind, objects: [object], now: Clock.wall)
                return Output.text(printer.text(of: table, event: outputWatchEvents ? event.rawValue : nil))
            }
            let shown =
                outputWatchEvents
                ? JSONValue.object([.init("object", object), .init("type", .string(event.rawValue))]) : object
            if case .yaml = output, documents > 0 { Output.text("---\n") }
            documents += 1
            Output.text(try output.text(of: [shown], isSingle: true, hidesHeaders: noHeaders || documents > 1))
        }
        var known: [String: JSONValue] = [:]
        for (_, object) in found { known[Self.key(object)] = object }
        if !watchOnly {
            if output.isTable {
                let table = Table(kind: kind.kind, objects: found.map(\.object), now: Clock.wall)
                Output.text(printer.text(of: table, event: outputWatchEvents ? ObjectEvent.added.rawValue : nil))
            } else {
                for (_, object) in found { try show(.added, object) }
            }
        }
        let follower = try ObjectFollower(host)
        while follower.wait() {
            let current = try selection.objects(host, fields: fields()).found.map(\.object)
            var left = known
            for object in current {
                let key = Self.key(object)
                let before = left.removeValue(forKey: key)
                if before == object { continue }
                known[key] = object
                try show(before == nil ? .added : .modified, object)
            }
            for (key, object) in left.sorted(by: { $0.key < $1.key }) {
                known[key] = nil
                try show(.deleted, object)
            }
        }
    }

    enum ObjectEvent: String {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// One of the same name that was made later is another object.
    private static func key(_ object: JSONValue) -> String {
        let metadata = object["metadata"] ?? .null
        return ["namespace", "name", "uid"].map { metadata[$0]?.string ?? "" }.joined(separator: "/")
    }
}
