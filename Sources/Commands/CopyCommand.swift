import ArgumentParser
import CLinux
import Glibc
import Linux
import PodPlan

struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp", abstract: "Copy files and directories to and from containers.",
        usage: "swiftlet cp [[NAMESPACE/]POD:]SRC [[NAMESPACE/]POD:]DST [-c CONTAINER] [--no-preserve]",
        discussion: """
            Nothing has to be installed in the container, not even tar. Holes of sparse files stay holes. What is copied into a \
            container belongs to its user; symbolic links are passed over on the way to the host.

            swiftlet cp ./site web:/usr/share/nginx/html
            swiftlet cp web:/var/log/nginx ./logs
            """)

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .shortAndLong,
        help:
            "The container; by default the one that the annotation kubectl.kubernetes.io/default-container names, or the first."
    )
    var container = ""

    @Flag(help: "Do not keep modes and times.")
    var noPreserve = false

    @Argument(help: ArgumentHelp("From where.", valueName: "src"))
    var source: String

    @Argument(help: ArgumentHelp("To where.", valueName: "dst"))
    var destination: String

    func run() throws {
        let from = try CopyPath(source)
        let to = try CopyPath(destination)
        let remote = from.pod.isEmpty ? to : from
        if from.pod.isEmpty == to.pod.isEmpty {
            throw CommandError("error: one of src or dest must be a local file specification", code: 2)
        }
        let target = try PodTarget(
            remote.pod, options, namespace: remote.namespace.isEmpty ? nil : remote.namespace, for: .copy)
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        if swl_get_limit(Int32(RLIMIT_NOFILE.rawValue), &soft, &hard) == 0 {
            _ = swl_lower_limit(Int32(RLIMIT_NOFILE.rawValue), hard, hard)
        }
        let copy = PodCopy(preserves: !noPreserve) { Output.error("warning: \($0)") }
        let failures: Int
        do {
            let place = try Self.place(container, target)
            failures =
                from.pod.isEmpty
                ? try copy.upload(from.path, to: place, to.path)
                : try copy.download(from.path, from: place, to: to.path)
        } catch let error as SystemError {
            throw CommandError(
                "error: \(TerminalText.escaped(error.path)): \(String(cString: strerror(error.errno)).lowercased())")
        }
        if failures > 0 {
            throw CommandError("error: \(failures) \(failures == 1 ? "file was" : "files were") not copied")
        }
    }

    private static func place(_ container: String, _ target: PodTarget) throws -> PodCopy.Container {
        let link = try PodLink(target.run)
        try link.send(.place(container: container))
        while let (reply, descriptors) = try link.receive() {
            guard case .session(let report) = reply else { continue }
            switch report {
            case .accepted(let chosen, let defaulted):
                SessionText.showDefaulted(chosen, defaulted, isQuiet: false)
            case .refused(let refusal): throw SessionText.error(refusal, pod: target.name)
            case .process(let pid, let uid, let gid, let workingDirectory):
                guard let process = descriptors.first else { continue }
                return try PodCopy.Container(
                    pid: pid, process: process, uid: uid, gid: gid, workingDirectory: workingDirectory)
            default: continue
            }
        }
        throw CommandError("error: the supervisor of pod \(target.name) does not answer: try again")
    }
}
