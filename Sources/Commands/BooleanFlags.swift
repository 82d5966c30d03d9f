/// kubectl takes `--watch=true` and `--show-events=false` for its flags, and so do the verbs here that show objects.
enum BooleanFlags {
    private static let verbs: Set<String> = [
        "get", "describe", "events", "top", "tree", "timeline", "api-resources", "explain",
    ]
    private static let flags: Set<String> = [
        "all-namespaces", "containers", "ignore-not-found", "no-headers", "output-watch-events", "recursive",
        "show-events",
        "show-kind", "show-labels", "sum", "watch", "watch-only",
    ]

    /// What ArgumentParser understands: a flag with `=true` without it, one with `=false` left out.
    ///
    /// - Parameter arguments: Without the program's name.
    static func plain(_ arguments: [String]) -> [String] {
        guard let verb = arguments.first, verbs.contains(verb) else { return arguments }
        return arguments.compactMap { argument in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, argument.hasPrefix("--"), flags.contains(String(parts[0].dropFirst(2))) else {
                return argument
            }
            switch (parts[0], parts[1]) {
            case (_, "true"): return String(parts[0])
            case ("--show-events", "false"): return "--no-show-events"
            case (_, "false"): return nil
            default: return argument
            }
        }
    }
}
