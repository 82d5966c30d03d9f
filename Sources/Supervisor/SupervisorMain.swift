import CLinux
import Glibc
import Keeper
import Linux

/// The program `swiftlet-supervisor`, which people do not start themselves.
///
///     PATH run              a new pod; descriptor 3 is the command's socket
///     PATH resume           after a crash; descriptor 3 is the keeper's socket
///     PATH sweep STATE RUN  removes what dead pods have left below these directories
///     PATH pause DIR USERS  the first process of a pod's PID namespace (`PauseProcess`); USERS is `users` or `-`
public enum SupervisorMain {
    public static func run(_ arguments: [String]) -> Int32 {
        // A caller may ignore some (nohup); neither the pod's processes nor this one shall.
        swl_reset_signals()
        // Inherited by the keeper, and by a container's process until it executes its program: no core of them, which would
        // hold Secrets, and nobody traces them (CVE-2016-9962).
        _ = swl_set_dumpable(0)
        signal(SIGPIPE, SIG_IGN)
        umask(0)
        // The caller's is not to be held.
        chdir("/")
        let executable = SupervisorExecutable(path: arguments.first ?? "")
        do {
            switch arguments.dropFirst().first {
            case "run":
                _ = swl_set_process_name("swiftlet-supervisor")
                try Supervisor.start(executable: executable, client: 3)
            case "resume":
                _ = swl_set_process_name("swiftlet-supervisor")
                try Supervisor.resume(executable: executable, keeper: 3)
            case "sweep" where arguments.count == 4:
                let problems = Sweep.run(state: arguments[2], run: arguments[3])
                for problem in problems { complain("swiftlet: \(problem)") }
                return problems.isEmpty ? 0 : 1
            case "pause" where arguments.count == 4:
                PauseProcess.run(directory: arguments[2], hasUsers: arguments[3] == "users")
            default:
                complain("swiftlet-supervisor is started by swiftlet; see swiftlet --help")
                return 2
            }
            return 0
        } catch {
            return 1
        }
    }

    private static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}
