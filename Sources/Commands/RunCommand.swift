import ArgumentParser
import Glibc
import Linux
import PodAPI
import PodPlan
import Storage

struct RunCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the pods of manifests until they end.",
        discussion: """
            Ctrl-C stops the pods gracefully; a second one kills them. The exit code is that of the first container that \
            failed, 0 if all succeeded; 2 where a manifest is wrong, and then nothing has been changed.

            On SIGHUP, or by itself with --watch, it reads the manifests again: volumes of ConfigMaps and Secrets, and \
            labels and annotations that the downward API shows in files, then change in the running pods.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Flag(help: "At the end, draw a bar per container on a time axis.")
    var timeline = false

    @Flag(help: "Take over changes of ConfigMaps, Secrets, labels and annotations as the files are written.")
    var watch = false

    @Option(
        name: .shortAndLong,
        help: "At the end, print the pod object, or a List of them; the containers' lines then go to standard error.")
    var output: Format?

    @Option(
        help: ArgumentHelp(
            "Sysctls that pods may set besides the safe ones, as the kubelet has them: NAME or PREFIX*, separated by commas.",
            valueName: "pattern"))
    var allowedUnsafeSysctls: [String] = []

    /// Of `swiftlet run FILE` and `swiftlet run -f FILE`, the commands of nearly every start: ArgumentParser finds out about
    /// its types at run time, which takes two milliseconds, as much as a container. Every property is set: one that it has not parsed traps when it is read. nil: the command line is
    /// another one.
    init?(plain arguments: [String]) {
        guard arguments.count > 2, arguments[1] == "run", let file = arguments.last, !file.hasPrefix("-") else {
            return nil
        }
        guard arguments.count == 3 || arguments.count == 4 && arguments[2] == "-f" else { return nil }
        manifests = ManifestOptions(file: file)
        timeline = false
        watch = false
        output = nil
        allowedUnsafeSysctls = []
    }

    init() {}

    /// The list that the option asks for.
    private func sysctls() throws -> SysctlAllowList {
        var list = SysctlAllowList()
        for pattern in allowedUnsafeSysctls.flatMap({ $0.split(separator: ",") }) {
            if let problem = list.allow(String(pattern)) {
                throw ValidationError("--allowed-unsafe-sysctls: \(problem)")
            }
        }
        return list
    }

    func validate() throws {
        try manifests.requireFiles()
        if watch, manifests.paths.contains("-") { throw ValidationError("--watch takes files, not standard input") }
        _ = try sysctls()
    }

    func run() throws {
        if let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        let executable = try SupervisorExecutable.find()
        // Started now, so that it is ready by the time the manifests have been read.
        let early = try EarlySupervisor.take() ?? SupervisorProcess(executable: executable)
        var preparation = Preparation(manifests, sysctls: try sysctls())
        for note in preparation.notes { Output.error("note: \(note)") }
        for error in preparation.errors { Output.error("\(error)") }
        if !preparation.errors.isEmpty { throw ExitCode(2) }
        for claim in preparation.bindings.claims {
            if let event = claim.event {
                Output.error("persistentvolumeclaim/\(claim.claim.metadata.name): \(event.reason): \(event.message)")
            } else if let volume = claim.volume {
                Output.error(
                    "persistentvolumeclaim/\(claim.claim.metadata.name) is bound to \(volume.metadata.name), \(volume.capacity)"
                )
            }
        }
        guard !preparation.pods.isEmpty else {
            Output.error("no pod in these manifests: nothing to run")
            return
        }
        let roots = Roots(manifests.root)
        sweep(roots, executable)
        preparation.schedule()
        let reloader = try ManifestReloader(preparation, manifests, watching: watch)
        let session = try RunSession(
            preparation, executable: executable, early: early, reloader: reloader,
            readsManifest: manifests.paths.contains("-"),
            outputDescriptor: output == .json ? 2 : 1)
        let code = try session.run()
        if timeline { Output.write(2, Array(session.drawing.utf8)) }
        if output == .json { Output.line(PodJSON.text(of: reloader.current, statuses: session.statuses)) }
        if code != 0 { throw ExitCode(code) }
    }

    /// What pods have left that were killed together with their supervisors.
    private func sweep(_ roots: Roots, _ executable: SupervisorExecutable) {
        if PodLock.deadPods(state: roots.state, run: roots.run).isEmpty { return }
        executable.sweep(state: roots.state, run: roots.run)
    }
}
