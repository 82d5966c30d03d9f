import ArgumentParser
import Linux
import PodAPI
import Printing

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show an object with all that belongs to it.",
        discussion: "Where there is no object of the name, all are shown whose names begin with it.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: Selection

    @Flag(inversion: .prefixedNo, help: "Show the object's events.")
    var showEvents = true

    func run() throws {
        let host = try Host.open(global)
        let selected = try selection.objects(host)
        var (found, missing) = (selected.found, selected.missing)
        if selected.isSingle, found.isEmpty, let item = try? ResourceArguments(selection.resources).items.first {
            let similar = try host.objects(item.kind, namespace: host.namespace).filter {
                $0[path: "metadata", "name"]?.string?.hasPrefix(item.name) == true
            }
            found = similar.map { (item.kind, $0) }
            if !found.isEmpty { missing = [] }
        }
        let now = Clock.wall
        for (index, item) in found.enumerated() {
            let context = Description.Context(
                events: showEvents ? try host.events(about: item.object) : nil, pods: try Self.pods(host, for: item),
                now: now)
            let text = Description.text(of: ObjectOutput.presentable(item.object), context)
            Output.text((index > 0 ? "\n\n" : "") + text)
        }
        if found.isEmpty, missing.isEmpty {
            let isNamespaced = selected.kinds.allSatisfy(\.isNamespaced) && !selection.allNamespaces
            Output.error(
                isNamespaced
                    ? "No resources found in \(TerminalText.escaped(host.namespace)) namespace." : "No resources found")
        }
        for error in missing { Output.error(error.line) }
        if !missing.isEmpty { throw ExitCode(1) }
    }

    private static func pods(
        _ host: Host, for item: (kind: ResourceKind, object: JSONValue)
    ) throws(CommandError) -> [JSONValue] {
        switch item.kind {
        case .node: return try host.objects(.pod, namespace: nil)
        case .service, .persistentVolumeClaim:
            return try host.objects(.pod, namespace: item.object[path: "metadata", "namespace"]?.string)
        default: return []
        }
    }
}
