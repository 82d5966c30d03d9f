import ArgumentParser
import Linux
import ObjectStore
import PodAPI

struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until objects are in a state.",
        discussion: """
            swiftlet wait --for=condition=Ready pod/web --timeout=60s
            swiftlet wait --for=jsonpath='{.status.phase}'=Succeeded pod/job
            swiftlet wait --for=delete pods -l app=web

            What it waits for may also be that an object is there: --for=create. The exit code is 1 where the time is over \
            before. It sleeps until something changes.
            """)

    @Argument(help: ArgumentHelp("TYPE NAME, TYPE/NAME, or types with -l or --all.", valueName: "resource"))
    var resources: [String]

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "condition=NAME[=VALUE] (true if not given), jsonpath='{PATH}'[=VALUE], delete or create.",
            valueName: "state"))
    var awaited: String

    @Option(
        help: ArgumentHelp(
            "How long: 30s, 1m30s. 0: look once; less than 0: a week.", valueName: "duration"))
    var timeout = DurationArgument(seconds: 30)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let condition = try WaitCondition(awaited)
        let arguments = try ResourceArguments(resources)
        let host = try Host.open(global)
        let length = timeout.nanoseconds < 0 ? 7 * 24 * 3600 * 1_000_000_000 : timeout.nanoseconds
        let deadline = Clock.boot + length
        let watch = try HostWatch(host)
        if condition == .created { try awaitCreation(arguments, host, watch, deadline) }
        let (found, missing) = try selection.resolve(arguments, in: host)
        var failures = CommandFailures(condition == .deleted ? [] : missing)
        if found.isEmpty && missing.isEmpty && condition != .deleted {
            throw CommandError("error: no matching resources found")
        }
        for (kind, object) in found {
            let waiting = Waiting(host: host, watch: watch, deadline: deadline, condition: condition)
            do throws(CommandError) {
                try waiting.await(kind, object)
                Output.line("\(kind.qualifiedSingular)/\(TerminalText.escaped(ObjectKey(object).name)) condition met")
            } catch {
                failures.add(error)
            }
        }
        try failures.end()
    }

    private func awaitCreation(
        _ arguments: ResourceArguments, _ host: Host, _ watch: HostWatch, _ deadline: Int64
    ) throws(CommandError) {
        while true {
            let (found, missing) = try selection.resolve(arguments, in: host)
            if !found.isEmpty && missing.isEmpty { return }
            guard watch.wait(until: deadline) else {
                guard let first = arguments.items.first else {
                    throw CommandError("error: timed out waiting for the condition")
                }
                throw Waiting.timeout(first.kind, first.name)
            }
        }
    }
}

/// For one object.
private struct Waiting {
    let host: Host
    let watch: HostWatch
    /// Boot clock, nanoseconds.
    let deadline: Int64
    let condition: WaitCondition

    static func timeout(_ kind: ResourceKind, _ name: String) -> CommandError {
        CommandError(
            "error: timed out waiting for the condition on \(kind.plural)/\(TerminalText.escaped(name))")
    }

    func await(_ kind: ResourceKind, _ object: JSONValue) throws(CommandError) {
        let key = ObjectKey(object)
        let uid = object[path: "metadata", "uid"]
        while true {
            let now = try host.find(kind, key.name, namespace: key.namespace)
            if condition == .deleted {
                // Another one of the same name is another object.
                if now == nil || now?[path: "metadata", "uid"] != uid { return }
            } else {
                guard let now else { throw .notFound(kind, key.name) }
                if try condition.holds(for: now) { return }
            }
            guard watch.wait(until: deadline) else { throw Self.timeout(kind, key.name) }
            // What a deletion that nobody waited for has left to do.
            if condition == .deleted { try Reconciler.settle(host) }
        }
    }
}
