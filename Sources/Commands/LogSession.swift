import CLinux
import Glibc
import Linux
import PodAPI

/// Prints the logs of several containers: one after the other, or all at once as they grow.
final class LogSession {
    struct Settings {
        var format = LogFormatter.Options()
        /// nil: all lines.
        var tail: Int?
        var follow = false
        var previous = false
        var hasPrefix = false
        /// An error of one container is none of the others'.
        var ignoresErrors = false
        /// Nanoseconds.
        var runningTimeout: Int64 = 20_000_000_000
        /// Bytes go to a terminal as they are.
        var isRaw = false
    }

    /// A container whose log is followed.
    private struct Followed {
        let source: LogSource
        let printer: LogPrinter
        var reading: LogReading?
        var isDone = false
        /// Boot clock; a container that has not been started is waited for until then.
        var waitsUntil: Int64
        var toldOfWaiting = false
        /// Boot clock; when it is asked again whether anybody is there to run the pod.
        var looksAt: Int64 = 0
        var hasEnded = false
    }

    private let roots: Roots
    private let pods: PodReader
    private let settings: Settings
    private let style = ScreenStyle(descriptor: 1)

    init(_ roots: Roots, _ pods: PodReader, _ settings: Settings) {
        self.roots = roots
        self.pods = pods
        self.settings = settings
    }

    func run(_ sources: [LogSource]) throws(CommandError) {
        if settings.follow {
            try follow(sources)
        } else {
            for (index, source) in sources.enumerated() {
                do throws(CommandError) {
                    let reading = try open(source, source.pod, printer(source, index, among: sources.count))
                    while try reading.read(isLast: true) {}
                } catch {
                    try pass(error)
                }
            }
        }
    }

    private func open(_ source: LogSource, _ pod: JSONValue, _ printer: LogPrinter) throws(CommandError) -> LogReading {
        let attempt = try source.attempt(pod, previous: settings.previous)
        return try LogReading(
            source, attempt: attempt, logs: roots.logs, options: settings.format, tail: settings.tail, printer: printer)
    }

    /// On a terminal, lines of several containers say whose they are.
    private func printer(_ source: LogSource, _ index: Int, among count: Int) -> LogPrinter {
        let isSeveral = count > 1
        var prefix = ""
        if settings.hasPrefix || isSeveral && style.isTerminal {
            let text = "[pod/\(source.podName)/\(source.container)]"
            let color = ScreenStyle.palette[index % ScreenStyle.palette.count]
            prefix = (isSeveral ? style.colored(text, color) : text) + " "
        }
        return LogPrinter(
            prefix: prefix, byLine: isSeveral && settings.follow, isSanitized: style.isTerminal && !settings.isRaw)
    }

    private func pass(_ error: CommandError) throws(CommandError) {
        guard settings.ignoresErrors else { throw error }
        Output.line("error: \(error.description)")
    }

    // MARK: Following

    private func follow(_ sources: [LogSource]) throws(CommandError) {
        let inotify = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        if inotify < 0 { throw CommandError(CRILogError.noInotify(errno).description) }
        defer { close(inotify) }
        let now = Clock.boot
        var all = sources.enumerated().map { index, source in
            Followed(
                source: source, printer: printer(source, index, among: sources.count), reading: nil,
                waitsUntil: now + settings.runningTimeout)
        }
        for source in sources { watchStatus(of: source, inotify) }
        while all.contains(where: { !$0.isDone }) {
            var hasMore = false
            for index in all.indices where !all[index].isDone {
                do throws(CommandError) {
                    if try step(&all[index], inotify) { hasMore = true }
                } catch {
                    all[index].isDone = true
                    try pass(error)
                }
            }
            if hasMore || all.allSatisfy(\.isDone) { continue }
            var waiting = pollfd(fd: inotify, events: Int16(POLLIN), revents: 0)
            // What the end of a killed keeper is seen by makes no event.
            _ = poll(&waiting, 1, 1000)
            var buffer = [UInt8](repeating: 0, count: 4096)
            while Glibc.read(inotify, &buffer, buffer.count) > 0 {}
        }
    }

    /// True where there is more to be read at once.
    private func step(_ followed: inout Followed, _ inotify: Int32) throws(CommandError) -> Bool {
        let source = followed.source
        if let reading = followed.reading {
            // Asked before the last reading: what was written before the end is then read.
            if !followed.hasEnded { followed.hasEnded = hasEnded(&followed, reading.attempt) }
            let hasMore = try reading.read(isLast: followed.hasEnded)
            followed.isDone = reading.isDone
            return hasMore
        }
        let pod = pods.observed(source.pod)
        do throws(CommandError) {
            let reading = try open(source, pod, followed.printer)
            reading.watch(inotify)
            followed.reading = reading
            return true
        } catch {
            let phase = pod[path: "status", "phase"]?.string ?? ""
            if settings.previous || ["Succeeded", "Failed"].contains(phase) || !isThere(source) { throw error }
            if Clock.boot >= followed.waitsUntil { throw CommandError("error: timed out waiting for the condition") }
            if !followed.toldOfWaiting { Output.error(error.line) }
            followed.toldOfWaiting = true
            return false
        }
    }

    private func hasEnded(_ followed: inout Followed, _ attempt: UInt32) -> Bool {
        if settings.previous { return true }
        let source = followed.source
        if source.hasEnded(pods.observed(source.pod), attempt: attempt) || !isThere(source) { return true }
        let now = Clock.boot
        if now < followed.looksAt { return false }
        followed.looksAt = now + 2_000_000_000
        return !PodLock.isHeld(source.uid, run: roots.run)
    }

    /// Its state directory: a pod that is in no store leaves none.
    private func isThere(_ source: LogSource) -> Bool { access("\(roots.state)/pods/\(source.uid)", F_OK) == 0 }

    private func watchStatus(of source: LogSource, _ inotify: Int32) {
        let mask = UInt32(IN_MOVED_TO) | UInt32(IN_CREATE) | UInt32(IN_DELETE_SELF) | UInt32(IN_ONLYDIR)
        _ = inotify_add_watch(inotify, "\(roots.state)/pods/\(source.uid)", mask)
    }
}
