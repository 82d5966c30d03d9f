import CLinux
import Linux

/// The supervisor of a `run`, started before anything else: its program loads and makes its namespaces on one processor while
/// this one reads the manifests on another. Where nothing comes of the command, it leaves without a trace.
enum EarlySupervisor {
    nonisolated(unsafe) private static var process: SupervisorProcess?

    /// Only for command lines that are certain to be a `run`.
    static func start(_ arguments: [String]) {
        guard arguments.count > 2, arguments[1] == "run", HostCheck.obstacle() == nil else { return }
        if arguments.contains("--help") || arguments.contains("-h") { return }
        guard let executable = try? SupervisorExecutable.find() else { return }
        process = try? SupervisorProcess(executable: executable)
        swl_change_processor()
    }

    static func take() -> SupervisorProcess? {
        defer { process = nil }
        return process
    }
}
