import ArgumentParser
import Merging
import ObjectStore
import PodAPI

struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create objects from manifests, or from the command line.",
        discussion: "An object that is there already is an error; apply changes it.",
        subcommands: [CreateFiles.self, CreateConfigMap.self, CreateSecret.self], defaultSubcommand: CreateFiles.self)
}

/// `create -f`
struct CreateFiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "Create the objects of manifests.", shouldDisplay: false)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: ManifestFlags
    @OptionGroup var planning: PlanningFlags

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
        let creation = Creation(
            set: set, options: planning.options, savesConfiguration: saveConfig, dryRun: dryRun, replaces: false)
        let objects = try creation.run(host)
        var output = ChangeOutput(output)
        for (item, object) in zip(set.items, objects) { output.add(object, item.kind, "created" + dryRun.suffix) }
        output.finish()
        if dryRun == .none { try Reconciler.afterChange(host, objects) }
    }
}

/// What `create configmap` and `create secret generic` have in common.
struct CreationFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file, whose name is the key, or key=file; or a directory, all of whose files.", valueName: "[key=]path"))
    var fromFile: [String] = []

    @Option(help: ArgumentHelp("A key and its value.", valueName: "key=value"))
    var fromLiteral: [String] = []

    @Option(help: ArgumentHelp("A file of lines key=value.", valueName: "file"))
    var fromEnvFile: [String] = []

    @Option(help: ArgumentHelp("Say what would be done, and do nothing.", valueName: "none|client|server"))
    var dryRun = DryRun.none

    @Option(name: .shortAndLong, help: "Print the object, or its name.")
    var output: ObjectFormat?

    @Flag(help: "Record the object as applied.")
    var saveConfig = false

    func create(_ object: JSONValue, _ kind: ResourceKind, _ global: GlobalOptions) throws {
        var object = object
        if dryRun == .client {
            // As kubectl, which asks nobody: nothing is filled in.
            if global.namespace == nil { object[path: "metadata", "namespace"] = nil }
            if saveConfig { object = LastApplied.recording(object) }
            object[path: "metadata", "creationTimestamp"] = .null
            var printed = ChangeOutput(output)
            printed.add(object.inOrderOfKeys, kind, "created" + dryRun.suffix)
            printed.finish()
            return
        }
        if saveConfig { object = LastApplied.recording(object) }
        let host = try Host.open(global, settles: false)
        var created = JSONValue.null
        let store = try host.store()
        do throws(ObjectStoreError) {
            try store.write { (transaction) throws(ObjectStoreError) in
                switch try ObjectWriter(transaction).create(object) {
                case .success(let stored): created = stored
                case .failure(let invalid): throw .invalid(ObjectKey(object), problem: invalid.problem)
                }
                if dryRun != .none { throw .abandoned("") }
            }
        } catch {
            if error != .abandoned("") {
                if case .alreadyExists = error {
                    throw CommandError(
                        "error: failed to create \(kind.singular): \(kind.resource) \"\(object.name)\" already exists")
                }
                throw CommandError(error)
            }
        }
        var printed = ChangeOutput(output)
        printed.add(created, kind, "created" + dryRun.suffix)
        printed.finish()
        if dryRun == .none { try Reconciler.afterChange(host, [created]) }
    }
}

struct CreateConfigMap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configmap", abstract: "Create a ConfigMap from files and values.", aliases: ["cm"])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var flags: CreationFlags

    @Argument(help: "The name of the ConfigMap.")
    var name: String

    func run() throws {
        let data = try KeyedFiles(flags).entries
        var object = JSONValue(["apiVersion": "v1", "kind": "ConfigMap"])
        object["metadata"] = JSONValue(["name": name, "namespace": global.currentNamespace])
        for (key, bytes) in data {
            if let text = String(validating: bytes, as: UTF8.self) {
                object[path: "data", key] = .string(text)
            } else {
                object[path: "binaryData", key] = .string(Base64.encode(bytes))
            }
        }
        try flags.create(object.inOrderOfKeys, .configMap, global)
    }
}

struct CreateSecret: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Create a Secret.", subcommands: [Generic.self])

    struct Generic: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generic", abstract: "Create a Secret from files and values.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var flags: CreationFlags

        @Option(help: ArgumentHelp("The type of the Secret; Opaque if not given.", valueName: "type"))
        var type: String?

        @Argument(help: "The name of the Secret.")
        var name: String

        func run() throws {
            var object = JSONValue(["apiVersion": "v1", "kind": "Secret"])
            object["metadata"] = JSONValue(["name": name, "namespace": global.currentNamespace])
            if let type { object["type"] = .string(type) }
            for (key, bytes) in try KeyedFiles(flags).entries {
                object[path: "data", key] = .string(Base64.encode(bytes))
            }
            try flags.create(object.inOrderOfKeys, .secret, global)
        }
    }
}
