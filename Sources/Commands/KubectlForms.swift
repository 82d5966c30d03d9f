/// The forms of flags and options that kubectl takes beside those of ArgumentParser: `--watch=true`, `-ojsonpath={.a}`,
/// `-lapp=web`, `-n=default`. For the verbs that show objects, and those that change one field or wait for it.
enum KubectlForms {
    private static let verbs: Set<String> = [
        "annotate", "api-resources", "describe", "edit", "events", "explain", "get", "label", "patch", "timeline",
        "top",
        "tree", "wait",
    ]
    private static let flags: Set<String> = [
        "all", "all-namespaces", "containers", "ignore-not-found", "list", "no-headers", "output-watch-events",
        "overwrite", "recursive", "show-events", "show-kind", "show-labels", "sum", "watch", "watch-only",
    ]
    /// Options of one letter, which take a value.
    private static let letters: Set<Character> = ["o", "l", "L", "f", "n", "p"]

    /// A flag with `=true` without it, one with `=false` left out; the value of a letter as an argument of its own.
    ///
    /// - Parameter arguments: Without the program's name.
    static func plain(_ arguments: [String]) -> [String] {
        guard let verb = arguments.first, verbs.contains(verb) else { return arguments }
        return arguments.flatMap { argument in
            if argument.hasPrefix("--") { return flag(argument).map { [$0] } ?? [] }
            guard argument.first == "-", argument.count > 2,
                letters.contains(argument[argument.index(after: argument.startIndex)])
            else { return [argument] }
            let value = argument.dropFirst(2)
            return [String(argument.prefix(2)), String(value.first == "=" ? value.dropFirst() : value)]
        }
    }

    private static func flag(_ argument: String) -> String? {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, flags.contains(String(parts[0].dropFirst(2))) else { return argument }
        switch (parts[0], parts[1]) {
        case (_, "true"): return String(parts[0])
        case ("--show-events", "false"): return "--no-show-events"
        case (_, "false"): return nil
        default: return argument
        }
    }
}
