import ArgumentParser
import Merging
import ObjectStore
import PodAPI

struct ReplaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace", abstract: "Replace stored objects by those of manifests.",
        discussion: """
            What the manifest leaves out goes; a change that cannot be made in place is refused, unless --force deletes the object \
            and creates it anew.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: ManifestFlags
    @OptionGroup var planning: PlanningFlags

    @Flag(help: "Delete the objects and create them anew.")
    var force = false

    @Option(help: ArgumentHelp("With --force: seconds that a pod has to end; -1: its own.", valueName: "seconds"))
    var gracePeriod: Int64 = -1

    @Option(help: ArgumentHelp("How long to wait for the end of what is deleted; 0: for ever.", valueName: "time"))
    var timeout: String = "0"

    @Option(help: ArgumentHelp("Say what would be done, and do nothing.", valueName: "none|client|server"))
    var dryRun = DryRun.none

    @Option(name: .shortAndLong, help: "Print the objects, or their names.")
    var output: ObjectFormat?

    @Flag(help: "Record the manifests as applied.")
    var saveConfig = false

    func run() throws {
        let set = try ManifestSet(files, namespace: global.namespace, podSecurity: planning.podSecurity)
        if dryRun == .none, let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        let host = try Host.open(global, settles: false)
        let deadline = try Deadline(timeout)
        if force, dryRun == .none {
            let stored = try host.read { (snapshot) throws(ObjectStoreError) in
                var stored: [JSONValue] = []
                for item in set.items { if let object = try snapshot.find(item.key) { stored.append(object) } }
                return stored
            }
            let deletion = Deletion(host, grace: gracePeriod, isImmediate: false)
            for object in try deletion.mark(stored) {
                let kind = ResourceKind(kind: object["kind"]?.string ?? "")
                Output.line("\(kind?.qualifiedSingular ?? "") \"\(object.name)\" deleted")
            }
            try Deletion.wait(for: stored, host, deadline)
        }
        let creation = Creation(
            set: set, options: planning.options, savesConfiguration: saveConfig, dryRun: dryRun,
            replaces: !force || dryRun != .none)
        let objects = try creation.run(host)
        var output = ChangeOutput(output)
        for (item, object) in zip(set.items, objects) { output.add(object, item.kind, "replaced" + dryRun.suffix) }
        output.finish()
        if dryRun == .none { try Reconciler.afterChange(host, objects) }
    }
}
