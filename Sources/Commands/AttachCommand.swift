import ArgumentParser
import Glibc

struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Follow the output of a running container, and write to its input.",
        discussion: """
            Shows what the container prints from now on, byte for byte; what it printed before is in its log. Ctrl-C leaves the \
            container running, unless -it gave it the keyboard. With -i what is typed goes to a container that has stdin: true.
            """)

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .shortAndLong,
        help:
            "The container; by default the one that the annotation kubectl.kubernetes.io/default-container names, or the first."
    )
    var container = ""

    @Flag(name: [.customShort("i"), .long], help: "Pass standard input to the container.")
    var stdin = false

    @Flag(name: [.customShort("t"), .long], help: "Standard input is a terminal.")
    var tty = false

    @Flag(name: .shortAndLong, help: "Print only what the container prints.")
    var quiet = false

    @Argument(help: ArgumentHelp("The pod.", valueName: "pod"))
    var pod: String

    func run() throws {
        let target = try PodTarget(pod, options, for: .attach)
        let terminal = UserTerminal.wanted(stdin: stdin, tty: tty, isQuiet: quiet)
        let name = target.name
        try AttachSession(
            run: target.run, pod: name, container: container, hasInput: stdin, isQuiet: quiet, wantsTerminal: tty,
            terminal: terminal
        ).start()
    }
}
