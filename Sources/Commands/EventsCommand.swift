import ArgumentParser
import Linux
import PodAPI
import Printing

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what has happened, in the order of its time.")

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("for"), help: ArgumentHelp("Only what is about this object: pod/web.", valueName: "resource"))
    var target: String?

    @Option(help: ArgumentHelp("Only events of these types: Normal, Warning; divided by commas.", valueName: "types"))
    var types: [String] = []

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "In all namespaces.")
    var allNamespaces = false

    @Flag(name: .shortAndLong, help: "Go on, and show what happens.")
    var watch = false

    @Flag(help: "Leave the titles of the columns out.")
    var noHeaders = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("yaml, json, name, jsonpath=….", valueName: "format"))
    var output: String?

    func run() throws {
        let output = try ObjectOutput(output)
        let wanted = try wantedTypes()
        let about = try subject()
        let host = try Host.open(global)
        func selected() throws(CommandError) -> [JSONValue] {
            try host.objects(.event, namespace: allNamespaces ? nil : host.namespace).filter { event in
                let object = event["involvedObject"] ?? .null
                return (wanted.isEmpty || wanted.contains(event["type"]?.string ?? ""))
                    && (about.map { $0.kind.kind == object["kind"]?.string && $0.name == object["name"]?.string }
                        ?? true)
            }
        }
        let events = EventTable.ordered(try selected())
        if !output.isTable {
            return Output.text(try output.text(of: events.map(ObjectOutput.presentable), isSingle: false))
        }
        var table = EventTable(showsNamespace: allNamespaces, hidesHeaders: noHeaders)
        Output.text(table.text(of: events, now: Clock.wall))
        if events.isEmpty, !watch {
            Output.error(
                allNamespaces
                    ? "No events found." : "No events found in \(TerminalText.escaped(host.namespace)) namespace.")
        }
        if watch { try follow(host, events, &table, selected) }
    }

    private func wantedTypes() throws(CommandError) -> [String] {
        var wanted: [String] = []
        for type in types.flatMap({ $0.split(separator: ",").map { $0.lowercased() } }) {
            guard let known = ["Normal", "Warning"].first(where: { $0.lowercased() == type }) else {
                throw CommandError("error: valid --types are Normal or Warning", code: 2)
            }
            wanted.append(known)
        }
        return wanted
    }

    private func subject() throws(CommandError) -> ResourceArguments.Item? {
        guard let target else { return nil }
        guard let item = try ResourceArguments([target]).items.first else {
            throw CommandError("error: --for must be in resource/name form", code: 2)
        }
        return item
    }

    private func follow(
        _ host: Host, _ events: [JSONValue], _ table: inout EventTable,
        _ selected: () throws(CommandError) -> [JSONValue]
    ) throws {
        var known = events
        let follower = try ObjectFollower(host)
        while follower.wait() {
            let current = EventTable.ordered(try selected())
            Output.text(table.text(of: current.filter { !known.contains($0) }, now: Clock.wall))
            known = current
        }
    }
}
