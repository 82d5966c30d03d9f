import ArgumentParser
import Glibc
import Merging
import ObjectStore
import PodAPI
import PodManifest

struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Create or change objects as manifests say, and start their pods.",
        discussion: """
            Objects that are new are stored, and their pods started; the command returns then, and the pods need nobody. Of \
            objects that are there, what has changed in the manifest since the last apply changes, and nothing else; a change \
            that a running pod cannot follow is refused, and says which field it is. All files are checked before anything is \
            done, and the objects of one command are stored together or not at all.

            Changed ConfigMaps, Secrets, labels and annotations reach the files of running pods at once.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: ManifestFlags
    @OptionGroup var planning: PlanningFlags

    @Option(help: ArgumentHelp("Say what would be done, and do nothing.", valueName: "none|client|server"))
    var dryRun = DryRun.none

    @Option(name: .shortAndLong, help: "Print the objects, or their names.")
    var output: ObjectFormat?

    @Flag(help: "Delete and create anew what cannot be changed in place.")
    var force = false

    @Flag(help: "Delete objects that were applied once and are in the manifests no more; with -l or --all.")
    var prune = false

    @Flag(help: "With --prune: whatever their labels.")
    var all = false

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("Apply, and prune, only objects with these labels.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("With --force: seconds that a pod has to end; -1: its own.", valueName: "seconds"))
    var gracePeriod: Int64 = -1

    @Option(
        help: ArgumentHelp(
            "How long to wait for what is being deleted, such as 30s or 2m; 0: for ever.", valueName: "time"))
    var timeout: String = "0"

    @Flag(inversion: .prefixedNo, help: .hidden)
    var wait = true

    @Flag(help: "Accepted: changes are merged by the one store that there is in either way.")
    var serverSide = false

    @Flag(help: .hidden)
    var forceConflicts = false

    @Option(help: .hidden)
    var fieldManager: String?

    @Option(help: .hidden)
    var cascade: String?

    @Option(help: ArgumentHelp("Fields are always checked strictly.", valueName: "strict|warn|ignore"))
    var validate: String?

    mutating func run() throws {
        if prune, !all, selector == nil {
            throw CommandError(
                "error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the "
                    + "--all flag. If you did not mean to prune all resources, specify a label selector", code: 2)
        }
        if dryRun == .none, let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        let labels = try selector.map { (text) throws(CommandError) in try LabelSelector.parsed(text) } ?? .everything
        var set = try ManifestSet(files, namespace: global.namespace, podSecurity: planning.podSecurity)
        if selector != nil { set.keep { labels.matches($0.json[path: "metadata", "labels"]?.dictionary ?? [:]) } }
        if serverSide {
            Output.error(
                "note: --server-side: changes are merged as without it, and nobody else's fields are taken over")
        }
        if set.items.isEmpty {
            throw CommandError("error: no objects passed to apply")
        }
        let host = try Host.open(global, settles: false)
        var pruning: Applying.Pruning?
        if prune { pruning = Applying.Pruning(labels: labels, namespace: global.namespace) }
        let applying = Applying(
            set: set, options: planning.options, dryRun: dryRun, force: force, pruning: pruning,
            deadline: try Deadline(timeout))
        let results = try applying.run(host, grace: gracePeriod)
        var output = ChangeOutput(output)
        for result in results { output.add(result.object, result.kind, result.operation + dryRun.suffix) }
        output.finish()
        if dryRun != .none { return }
        try Reconciler.afterChange(host, results.map(\.object))
    }
}
