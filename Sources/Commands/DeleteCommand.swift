import ArgumentParser
import Linux
import ObjectStore
import PodAPI

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete objects; pods are stopped gracefully first.",
        discussion: """
            By file, by name, by selector, or all of a kind: delete -f pod.yaml; delete pod web; delete pod/web cm/web; \
            delete pods -l app=web; delete pods --all. It returns when all of a pod is gone, unless --wait=false is given.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: ManifestFlags

    @Argument(help: ArgumentHelp("Kinds and names: pod web, pods,cm, pod/web.", valueName: "object"))
    var objects: [String] = []

    @Flag(help: "All objects of the kinds in the namespace.")
    var all = false

    @Flag(name: [.customShort("A"), .long], help: "In all namespaces.")
    var allNamespaces = false

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Those with these labels.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("Those with these fields, such as status.phase=Failed.", valueName: "selector"))
    var fieldSelector: String?

    @Option(
        help: ArgumentHelp("Seconds that a pod has to end; -1: its own; 0 only with --force.", valueName: "seconds"))
    var gracePeriod: Int64 = -1

    @Flag(help: "As --grace-period=1.")
    var now = false

    @Flag(help: "With --grace-period=0: kill at once.")
    var force = false

    @Flag(help: "An object that is not there is no error.")
    var ignoreNotFound = false

    @Option(help: ArgumentHelp("Whether to wait until all has gone.", valueName: "true|false"))
    var wait = "true"

    @Option(help: ArgumentHelp("How long to wait, such as 30s or 2m; 0: for ever.", valueName: "time"))
    var timeout: String = "0"

    @Option(name: .shortAndLong, help: "Print the names alone.")
    var output: ObjectFormat?

    @Option(help: ArgumentHelp("Say what would be done, and do nothing.", valueName: "none|client|server"))
    var dryRun = DryRun.none

    @Option(help: .hidden)
    var cascade: String?

    func validate() throws {
        if output != nil, output != .name {
            throw ValidationError("unexpected -o output mode: \(output?.rawValue ?? ""). We only support '-o name'")
        }
        guard ["true", "false"].contains(wait) else { throw ValidationError("--wait takes true or false") }
        if now, gracePeriod != -1 { throw ValidationError("--now and --grace-period cannot be specified together") }
        if gracePeriod == 0, !force {
            throw ValidationError(
                "--grace-period=0 kills at once, and goes with --force alone: use --now for one second")
        }
    }

    func run() throws {
        let host = try Host.open(global, settles: false)
        let (found, missing) = try select(host)
        let deadline = try Deadline(timeout)
        let isImmediate = force && gracePeriod <= 0
        if isImmediate, dryRun == .none {
            Output.error(
                "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated."
            )
        }
        var marked = found.map(\.object)
        if dryRun == .none {
            let deletion = Deletion(host, grace: now ? 1 : gracePeriod, isImmediate: isImmediate)
            marked = try deletion.mark(marked)
        }
        for object in marked { say(object, isImmediate: isImmediate) }
        for error in missing { Output.error(error.line) }
        if dryRun == .none {
            if wait == "true" {
                try Deletion.wait(for: marked, host, deadline, isImmediate: isImmediate)
            }
            try Reconciler.afterChange(host, [])
        }
        if found.isEmpty, all || selector != nil || fieldSelector != nil { Output.line("No resources found") }
        if !missing.isEmpty { throw ExitCode(1) }
    }

    private func say(_ object: JSONValue, isImmediate: Bool) {
        guard let kind = ResourceKind(kind: object["kind"]?.string ?? "") else { return }
        if output == .name { return Output.line("\(kind.qualifiedSingular)/\(object.name)") }
        let operation = isImmediate ? "force deleted" : "deleted"
        Output.line("\(kind.qualifiedSingular) \"\(object.name)\" \(operation)\(dryRun.suffix)")
    }

    private func select(
        _ host: Host
    ) throws -> (found: [(kind: ResourceKind, object: JSONValue)], missing: [CommandError]) {
        if !files.paths.isEmpty {
            if !objects.isEmpty || all || selector != nil {
                throw CommandError(
                    "error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
                    code: 2)
            }
            var found: [(kind: ResourceKind, object: JSONValue)] = []
            var missing: [CommandError] = []
            for item in try ManifestSet(files, namespace: global.namespace, validates: false).items {
                let stored = try host.read { (snapshot) throws(ObjectStoreError) in try snapshot.find(item.key) }
                if let stored {
                    found.append((item.kind, stored))
                } else if !ignoreNotFound {
                    missing.append(.notFound(item.kind, item.key.name))
                }
            }
            return (found, missing)
        }
        let arguments = try ResourceArguments(objects)
        for kind in arguments.kinds where kind.isReadOnly && kind != .event {
            throw CommandError("error: \(kind.plural) are not stored here, and cannot be deleted")
        }
        if arguments.items.isEmpty, !all, selector == nil, fieldSelector == nil {
            throw CommandError("error: resource(s) were provided, but no name was specified")
        }
        if !arguments.items.isEmpty, all {
            throw CommandError("error: name cannot be provided when a selector is specified")
        }
        var result = try host.resolve(
            arguments, namespace: allNamespaces ? nil : host.namespace,
            labels: try selector.map { (text) throws(CommandError) in try LabelSelector.parsed(text) } ?? .everything,
            fields: try fieldSelector.map { (text) throws(CommandError) in try FieldSelector.parsed(text) }
                ?? .everything)
        // Pods of `run` belong to their command.
        for (kind, object) in result.found where kind == .pod && object.isUnstored(host) {
            throw CommandError(
                "error: pod/\(object.name) is one of a `swiftlet run` that is going on: stop that command")
        }
        if ignoreNotFound || all { result.missing = [] }
        return result
    }
}
