import ArgumentParser
import Glibc
import Linux
import PodPlan

struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Execute a command in a container.",
        usage: "swiftlet exec (POD | pod/NAME) [-c CONTAINER] [-i] [-t] [-q] -- COMMAND [args...]",
        discussion: """
            The command runs as the container's own process does: as its user, with its privileges, filter and limits, in its \
            directory. The exit code is the command's; 126 where it could not be executed, 127 where it was not found.

            swiftlet exec web -- date
            swiftlet exec -it web -c shell -- bash
            """)

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .shortAndLong,
        help:
            "The container; by default the one that the annotation kubectl.kubernetes.io/default-container names, or the first."
    )
    var container = ""

    @Flag(name: [.customShort("i"), .long], help: "Pass standard input to the command.")
    var stdin = false

    @Flag(name: [.customShort("t"), .long], help: "Give the command a terminal.")
    var tty = false

    @Flag(name: .shortAndLong, help: "Print only what the command prints.")
    var quiet = false

    @Argument(help: ArgumentHelp("The pod.", valueName: "pod"))
    var pod: String

    @Argument(parsing: .postTerminator, help: ArgumentHelp("What to execute.", valueName: "command"))
    var command: [String] = []

    init() {}

    /// Of most command lines, without ArgumentParser, which takes longer than all the rest; nil: it is another one. See
    /// `RunCommand.init(plain:)`.
    init?(plain arguments: [String]) {
        guard arguments.count > 4, arguments[1] == "exec", let end = arguments.firstIndex(of: "--"),
            end < arguments.count - 1
        else { return nil }
        options = GlobalOptions()
        (options.root, options.namespace) = (nil, nil)
        (container, stdin, tty, quiet) = ("", false, false, false)
        pod = ""
        command = Array(arguments[(end + 1)...])
        var rest = arguments[2..<end]
        while let argument = rest.popFirst() {
            switch argument {
            case "-i", "--stdin": stdin = true
            case "-t", "--tty": tty = true
            case "-it", "-ti": (stdin, tty) = (true, true)
            case "-q", "--quiet": quiet = true
            case "-c", "--container":
                guard let value = rest.popFirst() else { return nil }
                container = value
            case "-n", "--namespace":
                guard let value = rest.popFirst() else { return nil }
                options.namespace = value
            case "--root":
                guard let value = rest.popFirst() else { return nil }
                options.root = value
            default:
                guard !argument.hasPrefix("-"), pod.isEmpty else { return nil }
                pod = argument
            }
        }
        if pod.isEmpty { return nil }
    }

    func validate() throws {
        if command.isEmpty {
            throw ValidationError("you must specify at least one command for the container, after --")
        }
    }

    func run() throws {
        let target = try PodTarget(pod, options, for: .exec)
        let terminal = UserTerminal.wanted(stdin: stdin, tty: tty, isQuiet: quiet)
        let session = ExecSession(
            run: target.run, pod: target.name,
            request: ExecRequest(
                container: container, command: command, hasInput: stdin,
                terminal: terminal.map { $0.size ?? TerminalSize(rows: 24, columns: 80) }),
            isQuiet: quiet, terminal: terminal)
        let code = try session.start()
        if code != 0 { throw ExitCode(code) }
    }
}
