import ArgumentParser
import Glibc

struct BootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot", abstract: "Start all pods that should run, and finish what was interrupted.",
        discussion: """
            For the host's start; every other command does the same, silently. It says which pods it has started, and which wait \
            and why. The exit code is 1 where a pod that could run was not started.
            """)

    @OptionGroup var global: GlobalOptions

    func run() throws {
        if let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        let roots = global.roots
        // Nothing has ever been stored: there is nothing to do, and nothing is made.
        if access(roots.state + "/state.db", F_OK) != 0 { return }
        let host = try Host.open(global, settles: false)
        var reconciler = Reconciler(host)
        try reconciler.run()
        let report = reconciler.report
        for pod in report.deleted { Output.line("pod/\(pod.name) deleted") }
        for pod in report.started { Output.line("pod/\(pod.name) started") }
        for waiting in report.waiting { Output.line("pod/\(waiting.pod.name) waits: \(waiting.line)") }
        for problem in report.problems { Output.error("swiftlet: \(problem)") }
        if !report.problems.isEmpty { throw ExitCode(1) }
    }
}
