import ArgumentParser
import PodAPI

/// Which objects a verb is about, besides those that are named.
struct SelectionOptions: ParsableArguments {
    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp(
            "Those whose labels match: a=b, a!=b, a in (b,c), a notin (b), a, !a; several with commas.",
            valueName: "query"))
    var selector: String?

    @Option(
        help: ArgumentHelp(
            "Those whose fields match: status.phase=Running, metadata.name!=x; several with commas.",
            valueName: "query"))
    var fieldSelector: String?

    @Flag(help: "All objects of the given types in the namespace.")
    var all = false

    @Flag(name: [.customShort("A"), .long], help: "Those of all namespaces.")
    var allNamespaces = false

    init() {}

    func labels() throws(CommandError) -> LabelSelector {
        guard let selector else { return .everything }
        do throws(SelectorError) { return try LabelSelector(parsing: selector) } catch {
            throw CommandError("error: \(error)")
        }
    }

    func fields() throws(CommandError) -> FieldSelector {
        guard let fieldSelector else { return .everything }
        do throws(SelectorError) { return try FieldSelector(parsing: fieldSelector) } catch {
            throw CommandError("error: \(error)")
        }
    }

    /// The objects that are meant, and a line for each that is not there. Types alone mean nothing without a selector or
    /// `--all`.
    func resolve(
        _ arguments: ResourceArguments, in host: Host
    ) throws(CommandError) -> (
        found: [(kind: ResourceKind, object: JSONValue)], missing: [CommandError]
    ) {
        let labels = try labels()
        let fields = try fields()
        if all, !labels.isEmpty {
            throw CommandError("error: setting 'all' parameter but found a non empty selector. ")
        }
        if all, !arguments.items.isEmpty { throw CommandError("error: name cannot be provided when --all is set") }
        if arguments.items.isEmpty && !all && selector == nil && fieldSelector == nil {
            throw CommandError("error: resource(s) were provided, but no name was specified")
        }
        return try host.resolve(
            arguments, namespace: allNamespaces ? nil : host.namespace, labels: labels, fields: fields)
    }
}
