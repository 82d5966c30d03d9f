import ArgumentParser
import Linux
import PodAPI
import Printing

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show objects.",
        discussion: """
            The columns are kubectl's. Without a name all objects of a kind are shown; the kinds are in api-resources.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: Selection

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "wide, yaml, json, name, jsonpath=…, jsonpath-file=…, custom-columns=…, custom-columns-file=….",
            valueName: "format"))
    var output: String?

    @Flag(name: .shortAndLong, help: "Go on, and show each change.")
    var watch = false

    @Flag(help: "Show changes only.")
    var watchOnly = false

    @Flag(help: "With --watch: say whether an object was added, modified or deleted.")
    var outputWatchEvents = false

    @Option(help: ArgumentHelp("Only objects with these fields: status.phase=Running.", valueName: "fields"))
    var fieldSelector: String?

    @Option(help: ArgumentHelp("In the order of a field: .metadata.creationTimestamp.", valueName: "path"))
    var sortBy: String?

    @Flag(help: "Show all labels in the last column.")
    var showLabels = false

    @Option(
        name: [.customShort("L"), .customLong("label-columns")],
        help: ArgumentHelp("Labels that get columns of their own, divided by commas.", valueName: "labels"))
    var labelColumns: [String] = []

    @Flag(help: "Leave the titles of the columns out.")
    var noHeaders = false

    @Flag(help: "Show the kind before each name.")
    var showKind = false

    @Flag(help: "It is no error if what was named is not there.")
    var ignoreNotFound = false

    func run() throws {
        let output = try ObjectOutput(output)
        if case .columns = output, showLabels {
            throw CommandError("error: --show-labels option cannot be used with \(self.output ?? "") printer", code: 2)
        }
        let isWatching = watch || watchOnly
        if outputWatchEvents, !isWatching {
            throw CommandError(
                "error: --output-watch-events option can only be used with --watch or --watch-only", code: 2)
        }
        let host = try Host.open(global)
        if isWatching { return try follow(host, output) }
        let (found, notFound, kinds, isSingle) = try selection.objects(host, fields: fields())
        let missing = ignoreNotFound ? [] : notFound
        if output.isTable {
            try printTables(host, found, kinds, isWide: output.isWide, hasErrors: !missing.isEmpty)
        } else {
            var objects = found.map { ObjectOutput.presentable($0.object) }
            if sortBy != nil { objects = try sorted(objects) }
            if !(isSingle && objects.isEmpty) {
                Output.text(try output.text(of: objects, isSingle: isSingle, hidesHeaders: noHeaders))
            }
        }
        for error in missing { Output.error(error.line) }
        if !missing.isEmpty { throw ExitCode(1) }
    }

    func fields() throws(CommandError) -> FieldSelector {
        guard let fieldSelector else { return .everything }
        do throws(SelectorError) {
            return try FieldSelector(parsing: fieldSelector)
        } catch {
            throw CommandError("error: \(error)")
        }
    }

    private func sorted(_ objects: [JSONValue]) throws(CommandError) -> [JSONValue] {
        guard let sortBy else { return objects }
        do throws(JSONPathError) {
            return try ObjectOrder(sortBy).sorted(objects)
        } catch {
            throw CommandError("error: \(error)")
        }
    }

    func tableOptions(_ kind: ResourceKind, isWide: Bool, withKind: Bool) -> TableOptions {
        var options = TableOptions()
        options.isWide = isWide
        options.hidesHeaders = noHeaders
        options.showsLabels = showLabels
        options.labelColumns = labelColumns.flatMap { $0.split(separator: ",").map(String.init) }
        options.showsNamespace = selection.allNamespaces && kind.isNamespaced
        options.kindPrefix = withKind || showKind ? kind.qualifiedSingular : nil
        return options
    }

    private func printTables(
        _ host: Host, _ found: [(kind: ResourceKind, object: JSONValue)], _ kinds: [ResourceKind], isWide: Bool,
        hasErrors: Bool
    ) throws(CommandError) {
        var text = ""
        let now = Clock.wall
        // As with kubectl, objects of one kind that were not named one after the other are in tables of their own.
        var groups: [(kind: ResourceKind, objects: [JSONValue])] = []
        for (kind, object) in found {
            if groups.last?.kind == kind {
                groups[groups.count - 1].objects.append(object)
            } else {
                groups.append((kind, [object]))
            }
        }
        for group in groups {
            var printer = TablePrinter(tableOptions(group.kind, isWide: isWide, withKind: kinds.count > 1))
            if !text.isEmpty, !noHeaders { text += "\n" }
            text += printer.text(
                of: Table(kind: group.kind.kind, objects: try sorted(group.objects), now: now))
        }
        Output.text(text)
        if text.isEmpty, !ignoreNotFound, !hasErrors {
            let isNamespaced = kinds.allSatisfy(\.isNamespaced) && !selection.allNamespaces
            Output.error(
                isNamespaced
                    ? "No resources found in \(TerminalText.escaped(host.namespace)) namespace." : "No resources found")
        }
    }
}
