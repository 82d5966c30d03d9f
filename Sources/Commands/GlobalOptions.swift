import ArgumentParser

/// What every verb takes that works with objects.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Keep everything below this directory.", valueName: "dir"), completion: .directory)
    var root: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("The namespace of the objects; default if not given.", valueName: "namespace"),
        completion: LiveNames.namespaces)
    var namespace: String?

    init() {}

    var roots: Roots { Roots(root) }

    /// The one that objects without a namespace of their own are in.
    var currentNamespace: String { namespace ?? "default" }
}
