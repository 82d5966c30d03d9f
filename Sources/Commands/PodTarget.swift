import Glibc

/// The running pod that a verb goes into.
struct PodTarget {
    let namespace: String
    let name: String
    /// Its run directory.
    let run: String

    /// - Parameter text: `x` or `pod/x`.
    init(_ text: String, _ options: GlobalOptions, namespace: String? = nil) throws(CommandError) {
        name = text.hasPrefix("pod/") ? String(text.dropFirst(4)) : text
        self.namespace = namespace ?? options.currentNamespace
        let roots = options.roots
        let directories = RunningPod.directories(name, self.namespace, roots)
        if directories.count > 1 {
            throw CommandError("error: \(directories.count) pods of the name \(name) run: stop all but one")
        }
        guard let first = directories.first else {
            throw CommandError("Error from server (NotFound): pods \"\(name)\" not found")
        }
        run = first
    }
}
