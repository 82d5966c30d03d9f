import Glibc
import PodPlan

/// What is said about sessions in pods, in kubectl's words where it has any.
enum SessionText {
    static func showDefaulted(_ container: String, _ all: [String], isQuiet: Bool) {
        if isQuiet || all.isEmpty { return }
        Output.error("Defaulted container \"\(container)\" out of: \(all.joined(separator: ", "))")
    }

    static func error(_ refusal: SessionRefusal, pod: String) -> CommandError {
        switch refusal {
        case .unknownContainer(let name):
            CommandError("error: container \(name) not found in pod \(pod)")
        case .notRunning(let container, let reason):
            CommandError(
                "error: unable to upgrade connection: container not found (\"\(container)\"): it is not running"
                    + (reason.isEmpty ? "" : " (\(TerminalText.escaped(reason)))"))
        case .completed(let phase):
            CommandError("error: cannot exec into a container in a completed pod; current phase is \(phase)")
        case .failed(let words):
            CommandError("error: \(TerminalText.escaped(words))")
        }
    }

    /// Why a command did not start, and the exit code that a shell gives it: 127 not found, 126 not executable.
    static func words(_ failure: LaunchFailure) -> (words: String, code: Int32) {
        let name = "exec: \"\(TerminalText.escaped(failure.path))\""
        switch (failure.step, failure.errno) {
        case (.exec, ENOENT) where failure.path.contains("/"): return ("\(name): no such file or directory", 127)
        case (.exec, ENOENT): return ("\(name): executable file not found in $PATH", 127)
        case (.exec, let errno): return ("\(name): \(String(cString: strerror(errno)).lowercased())", 126)
        case (.clone, ESRCH): return ("the container has just ended", 126)
        default: return (TerminalText.escaped(failure.message), 126)
        }
    }
}
