import ArgumentParser
import Glibc
import Linux
import PodAPI

struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Print what the containers of pods have written.",
        discussion: """
            swiftlet logs web                      the pod's only container, or its first
            swiftlet logs web -c sync --tail 20    another one's last lines
            swiftlet logs -f -l app=web --all-containers
                                                   of all pods with this label, as they come

            The bytes are those that the container wrote. On a terminal control characters other than colours are made \
            visible (not with --raw), and the lines of several containers are told apart by a coloured prefix. Files that \
            were rotated are read too, as far as they are kept. The log of a pod that `run` has ended is found by its name.
            """)

    @Argument(help: ArgumentHelp("The pod: NAME or pod/NAME.", valueName: "pod"), completion: LiveNames.pods)
    var pod: String?

    @Argument(
        help: ArgumentHelp("The container, as with -c.", valueName: "container"), completion: LiveNames.containers)
    var inlineContainer: String?

    @Option(
        name: [.customShort("c"), .long], help: ArgumentHelp("The container.", valueName: "name"),
        completion: LiveNames.containers)
    var container: String?

    @Flag(help: "All containers of the pod, init containers first.")
    var allContainers = false

    @Flag(name: .shortAndLong, help: "Go on until the container ends.")
    var follow = false

    @Flag(name: .shortAndLong, help: "The instance of the container before its last restart.")
    var previous = false

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("All pods with these labels: a=b,c!=d,e in (f,g).", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("The last lines only; -1: all. (default: all, with a selector 10)", valueName: "n"))
    var tail: Int?

    @Option(help: ArgumentHelp("Nothing older than this: 5s, 2m, 3h.", valueName: "duration"))
    var since: String?

    @Option(help: ArgumentHelp("Nothing older than this time (RFC 3339).", valueName: "time"))
    var sinceTime: String?

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @Option(help: ArgumentHelp("At most so many bytes of each container.", valueName: "n"))
    var limitBytes: Int64?

    @Flag(help: "Begin each line with its pod and container.")
    var prefix = false

    @Flag(help: "Go on with the other containers where one has no log.")
    var ignoreErrors = false

    @Option(help: ArgumentHelp("The most containers to follow at once.", valueName: "n"))
    var maxLogRequests = 5

    @Option(help: ArgumentHelp("How long -f waits for a container to start.", valueName: "duration"))
    var podRunningTimeout = "20s"

    @Flag(help: "Control characters go to a terminal as they are.")
    var raw = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if pod == nil && selector == nil {
            throw ValidationError(
                "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"
            )
        }
        if pod != nil && selector != nil {
            throw ValidationError("only a selector (-l) or a POD name is allowed")
        }
    }

    func run() throws {
        let settings = try settings()
        if inlineContainer != nil && container != nil {
            throw CommandError("error: only one of -c or an inline [CONTAINER] arg is allowed")
        }
        let name = container ?? inlineContainer ?? ""
        if allContainers && !name.isEmpty {
            throw CommandError("error: --all-containers=true should not be specified with container name \(name)")
        }
        let host = try Host.open(global)
        var sources: [LogSource] = []
        for pod in try pods(host) {
            sources +=
                allContainers
                ? LogSource.all(pod) : [try LogSource.one(pod, name) { Output.error(TerminalText.escaped($0)) }]
        }
        if settings.follow && sources.count > max(maxLogRequests, 1) {
            throw CommandError(
                "error: you are attempting to follow \(sources.count) log streams, but maximum allowed concurrency is "
                    + "\(maxLogRequests), use --max-log-requests to increase the limit")
        }
        try LogSession(host.roots, host.pods, settings).run(sources)
    }

    private func pods(_ host: Host) throws -> [JSONValue] {
        if let selector {
            let labels: LabelSelector
            do { labels = try LabelSelector(parsing: selector) } catch { throw CommandError("error: \(error)") }
            let found = try host.objects(.pod, namespace: host.namespace, labels: labels)
            if found.isEmpty { Output.error("No resources found in \(host.namespace) namespace.") }
            return found
        }
        let name = try ResourceArguments.pod(pod ?? "")
        if let found = try host.find(.pod, name) ?? EndedPod.find(name, host.namespace, host.roots) { return [found] }
        throw CommandError(
            "error: error from server (NotFound): pods \"\(TerminalText.escaped(name))\" not found in namespace "
                + "\"\(host.namespace)\"")
    }

    private func settings() throws -> LogSession.Settings {
        var settings = LogSession.Settings()
        settings.follow = follow
        settings.previous = previous
        settings.hasPrefix = prefix
        settings.ignoresErrors = ignoreErrors
        settings.isRaw = raw
        settings.format.timestamps = timestamps
        guard let timeout = GoDuration.nanoseconds(podRunningTimeout) else {
            throw Self.invalid("pod-running-timeout", podRunningTimeout)
        }
        if timeout <= 0 { throw CommandError("error: --pod-running-timeout must be higher than zero") }
        settings.runningTimeout = timeout
        if let limitBytes {
            if limitBytes < 0 { throw CommandError("error: --limit-bytes must be greater than 0") }
            settings.format.limit = limitBytes == 0 ? nil : limitBytes
        }
        if let tail, tail < -1 { throw CommandError("error: --tail must be greater than or equal to -1") }
        if let tail { settings.tail = tail < 0 ? nil : tail } else { settings.tail = selector == nil ? nil : 10 }
        if since != nil && sinceTime != nil {
            throw CommandError("error: at most one of `sinceTime` or `sinceSeconds` may be specified")
        }
        if let since {
            guard let length = GoDuration.nanoseconds(since) else { throw Self.invalid("since", since) }
            if length < 0 { throw CommandError("error: --since must be greater than 0") }
            let seconds = (length + 500_000_000) / 1_000_000_000
            if length > 0 { settings.format.since = Timestamp.text(Clock.wall / 1_000_000_000 - seconds) }
        }
        if let sinceTime {
            guard let seconds = Timestamp.seconds(sinceTime) else {
                throw CommandError("error: --since-time takes an RFC 3339 time, such as 2006-01-02T15:04:05Z")
            }
            settings.format.since = Timestamp.text(seconds)
        }
        return settings
    }

    private static func invalid(_ option: String, _ text: String) -> CommandError {
        CommandError(
            "error: invalid argument \"\(TerminalText.escaped(text))\" for \"--\(option)\" flag: not a duration such as 5s, 2m or 3h"
        )
    }
}
