import ArgumentParser
import Glibc
import Linux

/// The command line tool.
public struct SwiftletCommand: ParsableCommand {
    public static let version = "0.1.0"

    public static let configuration = CommandConfiguration(
        commandName: "swiftlet", abstract: "Run Kubernetes pods on this host, as plain Linux processes.",
        version: version,
        subcommands: [
            RunCommand.self,
            ApplyCommand.self,
            CreateCommand.self,
            ReplaceCommand.self,
            DeleteCommand.self,
            DiffCommand.self,
            BootCommand.self,
            RestartCommand.self,
            GetCommand.self,
            DescribeCommand.self,
            EventsCommand.self,
            TreeCommand.self,
            TimelineCommand.self,
            TopCommand.self,
            ExecCommand.self,
            AttachCommand.self,
            CopyCommand.self,
            PortForwardCommand.self,
            ValidateCommand.self,
            ExplainCommand.self,
            APIResourcesCommand.self,
            LabelCommand.self,
            AnnotateCommand.self,
            PatchCommand.self,
            EditCommand.self,
            WaitCommand.self,
            CheckCommand.self,
            LogsCommand.self,
            CollectCommand.self,
            ShutdownCommand.self,
        ])

    public init() {}

    /// Runs the program; never returns.
    public static func start() -> Never {
        signal(SIGPIPE, SIG_IGN)
        EarlySupervisor.start(CommandLine.arguments)
        do {
            if let command = RunCommand(plain: CommandLine.arguments) {
                try command.run()
            } else if let command = ExecCommand(plain: CommandLine.arguments) {
                try command.run()
            } else {
                var command = try parseAsRoot(KubectlForms.plain(Array(CommandLine.arguments.dropFirst())))
                try command.run()
            }
            Glibc.exit(0)
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch let error as CommandError {
            Output.error(error.line)
            Glibc.exit(error.code)
        } catch let error as SystemError {
            Output.error("swiftlet: \(error.description)")
            Glibc.exit(1)
        } catch {
            let text = fullMessage(for: error)
            let code = exitCode(for: error)
            if code == .success { Output.line(text) } else { Output.error(text) }
            Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
        }
    }
}
