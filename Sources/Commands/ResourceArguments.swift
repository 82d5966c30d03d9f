import PodAPI

/// The objects that a command line names, as kubectl has it: `po x y`, `pod/x svc/y`, `pods,cm`, `pod,cm x`, `all`.
struct ResourceArguments: Equatable {
    struct Item: Equatable {
        var kind: ResourceKind
        var name: String
    }

    /// In the order in which they were first named; several, or `all`.
    private(set) var kinds: [ResourceKind] = []
    /// Empty: everything of these kinds, or what a selector takes.
    private(set) var items: [Item] = []

    /// - Parameter arguments: What is left of the command line; must not be empty.
    init(_ arguments: [String]) throws(CommandError) {
        guard let first = arguments.first else {
            throw CommandError("error: you must specify the type of resource, as in: pods, or pod/NAME")
        }
        if arguments.contains(where: { $0.contains("/") }) {
            for argument in arguments { try addPair(argument) }
            return
        }
        kinds = try Self.kinds(first)
        for name in arguments.dropFirst() {
            if name.isEmpty { throw CommandError("error: resource name may not be empty") }
            for kind in kinds { items.append(Item(kind: kind, name: name)) }
        }
    }

    private mutating func addPair(_ argument: String) throws(CommandError) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw CommandError(
                parts.count == 1
                    ? "error: there is no need to specify a resource type as a separate argument when passing arguments "
                        + "in resource/name form (e.g. 'get pod/x' instead of 'get pod pod/x')"
                    : "error: arguments in resource/name form may not have more than one slash")
        }
        guard !parts[0].isEmpty, !parts[1].isEmpty else {
            throw CommandError("error: arguments in resource/name form must have a single resource and name")
        }
        for kind in try Self.kinds(String(parts[0])) {
            if !kinds.contains(kind) { kinds.append(kind) }
            items.append(Item(kind: kind, name: String(parts[1])))
        }
    }

    private static func kinds(_ text: String) throws(CommandError) -> [ResourceKind] {
        var kinds: [ResourceKind] = []
        for name in text.split(separator: ",") {
            let found = name == "all" ? ResourceKind.everyday : [try kind(String(name))]
            for kind in found where !kinds.contains(kind) { kinds.append(kind) }
        }
        if kinds.isEmpty { throw CommandError("error: you must specify the type of resource") }
        return kinds
    }

    static func kind(_ name: String) throws(CommandError) -> ResourceKind {
        guard let kind = ResourceKind(named: name) else {
            throw CommandError("error: the server doesn't have a resource type \"\(TerminalText.escaped(name))\"")
        }
        return kind
    }

    /// The pod of verbs that take one: `x` or `pod/x`.
    static func pod(_ text: String) throws(CommandError) -> String {
        guard text.contains("/") else { return text }
        let arguments = try ResourceArguments([text])
        guard let item = arguments.items.first, item.kind == .pod else {
            throw CommandError("error: \(TerminalText.escaped(text)) is no pod: give its name, or pod/NAME")
        }
        return item.name
    }
}
