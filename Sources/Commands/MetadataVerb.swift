import ArgumentParser
import ObjectStore
import PodAPI

/// What `label` and `annotate` have in common.
struct MetadataOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Objects (TYPE NAME, TYPE/NAME, or types with -l or --all), then KEY=VALUE to set and KEY- to remove.",
            valueName: "resource|change"))
    var arguments: [String]

    @Flag(help: "Change what has another value already.")
    var overwrite = false

    @Flag(help: "Show what there is, after the changes if there are any.")
    var list = false

    @Option(
        help: ArgumentHelp("Only if the object is still at this resourceVersion.", valueName: "version"))
    var resourceVersion: String?

    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var global: GlobalOptions

    init() {}

    func run(_ field: MetadataChange.Field) throws {
        let (resources, texts) = MetadataChange.split(arguments)
        let change = try MetadataChange(field, texts)
        if resources.isEmpty {
            throw CommandError(
                "error: one or more resources must be specified as <resource> <name> or <resource>/<name>")
        }
        if change.isEmpty && !list { throw CommandError("error: at least one \(field.noun) update is required") }
        let named = try ResourceArguments(resources)
        if resourceVersion != nil, named.items.count != 1 {
            throw CommandError("error: --resource-version may only be used with a single resource")
        }
        let host = try Host.open(global)
        let (found, missing) = try selection.resolve(named, in: host)
        var failures = CommandFailures(missing)
        if found.isEmpty && missing.isEmpty { throw CommandError("error: no resources found") }
        var changed: [JSONValue] = []
        for (kind, object) in found {
            do throws(CommandError) {
                var object = object
                if !change.isEmpty {
                    object = try apply(change, to: object, kind, host, &changed)
                }
                if list { show(object, kind, field, isOneOfSeveral: found.count > 1) }
            } catch {
                failures.add(error)
            }
        }
        try host.carryOut(changed)
        try failures.end()
    }

    private func apply(
        _ change: MetadataChange, to object: JSONValue, _ kind: ResourceKind, _ host: Host, _ changed: inout [JSONValue]
    ) throws(CommandError) -> JSONValue {
        let result = try host.change(kind, object, isDryRun: dryRun.isOn) { (stored) throws(CommandError) in
            var new = try change.apply(to: stored, overwrites: overwrite)
            if let resourceVersion { new[path: "metadata", "resourceVersion"] = .string(resourceVersion) }
            return new
        }
        for key in change.missing(in: result.old) where change.field == .labels {
            Output.line("label \"\(TerminalText.escaped(key))\" not found.")
        }
        if result.isDifferent && !dryRun.isOn { changed.append(result.new) }
        if !list {
            let name = TerminalText.escaped(ObjectKey(object).name)
            let outcome = change.outcome(isDifferent: result.isDifferent)
            Output.line("\(kind.qualifiedSingular)/\(name) \(outcome)\(dryRun.suffix)")
        }
        return result.new
    }

    private func show(_ object: JSONValue, _ kind: ResourceKind, _ field: MetadataChange.Field, isOneOfSeveral: Bool) {
        var indent = ""
        if isOneOfSeveral {
            let name = TerminalText.escaped(ObjectKey(object).name)
            Output.line("Listing \(field.rawValue) for \(kind.kind).\(kind.group)/\(name):")
            indent = " "
        }
        let map = object[path: "metadata", field.rawValue]?.dictionary ?? [:]
        for (key, value) in map.sorted(by: { $0.key < $1.key }) {
            Output.line("\(indent)\(TerminalText.escaped(key))=\(TerminalText.escaped(value))")
        }
    }
}

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Set or remove labels of objects.",
        discussion: """
            swiftlet label pod web tier=front
            swiftlet label pod web tier=back --overwrite
            swiftlet label pods --all tier-

            Files of the downward API in running pods that show labels change with them.
            """)

    @OptionGroup var options: MetadataOptions

    func run() throws { try options.run(.labels) }
}

struct AnnotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate", abstract: "Set or remove annotations of objects.",
        discussion: """
            swiftlet annotate pod web note='first try'
            swiftlet annotate pod web note-

            Files of the downward API in running pods that show annotations change with them.
            """)

    @OptionGroup var options: MetadataOptions

    func run() throws { try options.run(.annotations) }
}
