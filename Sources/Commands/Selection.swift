import ArgumentParser
import PodAPI
import PodManifest

/// What the verbs that show objects take to say which.
struct Selection: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Kinds and names: pods; pod web; pod/web svc/web; pods,services; all.", valueName: "resource"),
        completion: LiveNames.resources)
    var resources: [String] = []

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp("The objects that are in these manifests.", valueName: "file"))
    var filenames: [String] = []

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp("Only objects with these labels: app=web,tier!=back,x in (a,b).", valueName: "labels"))
    var selector: String?

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "In all namespaces.")
    var allNamespaces = false

    init() {}

    func labels() throws(CommandError) -> LabelSelector {
        guard let selector else { return .everything }
        do throws(SelectorError) { return try LabelSelector(parsing: selector) } catch {
            throw CommandError("error: \(error)")
        }
    }

    /// The objects, and a line for each that is not there.
    ///
    /// - Returns: `isSingle` where exactly one object was named.
    func objects(
        _ host: Host, fields: FieldSelector = .everything
    ) throws(CommandError) -> (
        found: [(kind: ResourceKind, object: JSONValue)], missing: [CommandError], kinds: [ResourceKind], isSingle: Bool
    ) {
        if !filenames.isEmpty {
            if !resources.isEmpty {
                throw CommandError("error: when paths are provided, other arguments may not be given", code: 2)
            }
            return try objectsOfFiles(host)
        }
        if resources.isEmpty {
            throw CommandError(
                "error: required resource not specified, as in: pods, or pod/NAME; swiftlet api-resources lists the kinds",
                code: 2)
        }
        let arguments = try ResourceArguments(resources)
        let namespace: String? = allNamespaces ? nil : host.namespace
        let (found, missing) = try host.resolve(arguments, namespace: namespace, labels: labels(), fields: fields)
        return (found, missing, arguments.kinds, arguments.items.count == 1)
    }

    private func objectsOfFiles(
        _ host: Host
    ) throws(CommandError) -> (
        found: [(kind: ResourceKind, object: JSONValue)], missing: [CommandError], kinds: [ResourceKind], isSingle: Bool
    ) {
        let manifest = ManifestReader().read(paths: filenames)
        for error in manifest.errors { Output.error("\(error)") }
        if !manifest.errors.isEmpty { throw CommandError("error: the manifests cannot be read", code: 2) }
        var found: [(kind: ResourceKind, object: JSONValue)] = []
        var missing: [CommandError] = []
        var kinds: [ResourceKind] = []
        for item in manifest.objects {
            guard let kind = ResourceKind(kind: item.object.kind) else { continue }
            if !kinds.contains(kind) { kinds.append(kind) }
            let metadata = item.object.metadata
            let namespace = metadata.namespace.isEmpty ? host.namespace : metadata.namespace
            if let object = try host.find(kind, metadata.name, namespace: namespace) {
                found.append((kind, object))
            } else {
                missing.append(.notFound(kind, metadata.name))
            }
        }
        return (found, missing, kinds, manifest.objects.count == 1)
    }
}
