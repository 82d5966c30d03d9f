import Glibc
import PodAPI

/// The running pod that a verb goes into.
struct PodTarget {
    /// For what is said of a pod that does not run, in kubectl's words.
    enum Purpose {
        case exec, attach, copy, forward
    }

    let namespace: String
    let name: String
    /// Its run directory.
    let run: String

    /// Found without the store where it runs, which is the way of nearly every command.
    ///
    /// - Parameter text: `x` or `pod/x`.
    init(
        _ text: String, _ options: GlobalOptions, namespace: String? = nil, for purpose: Purpose
    ) throws(CommandError) {
        name = try ResourceArguments.pod(text)
        self.namespace = namespace ?? options.currentNamespace
        let roots = options.roots
        let directories = RunningPod.directories(name, self.namespace, roots)
        if directories.count > 1 {
            throw CommandError("error: \(directories.count) pods of the name \(name) run: stop all but one")
        }
        if let first = directories.first {
            run = first
            return
        }
        // A store is not made to find nothing in it.
        if access(roots.state + "/state.db", F_OK) != 0, access(roots.state + "/pods", F_OK) != 0 {
            throw .notFound(.pod, name)
        }
        let pod = try Host(roots, namespace: self.namespace).get(.pod, name)
        throw Self.idle(name, phase: pod[path: "status", "phase"]?.string ?? "Unknown", purpose)
    }

    static func idle(_ name: String, phase: String, _ purpose: Purpose) -> CommandError {
        let phase = TerminalText.escaped(phase)
        let isOver = phase == "Succeeded" || phase == "Failed"
        return switch purpose {
        case .exec where isOver, .copy where isOver:
            CommandError("error: cannot exec into a container in a completed pod; current phase is \(phase)")
        case .attach where isOver:
            CommandError("error: cannot attach a container in a completed pod; current phase is \(phase)")
        case .forward:
            CommandError("error: unable to forward port because pod is not running. Current status=\(phase)")
        default: CommandError("error: pod \(name) is not running: current phase is \(phase)")
        }
    }
}
