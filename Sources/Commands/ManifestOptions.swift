import ArgumentParser
import PodManifest

/// What every command that reads manifests takes.
struct ManifestOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Manifests: YAML, JSON or KYAML; directories; - for standard input.", valueName: "file"))
    var files: [String] = []

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp("The same, as kubectl has it.", valueName: "file"))
    var filenames: [String] = []

    @Flag(name: [.customShort("R"), .long], help: "Also read the directories in a directory.")
    var recursive = false

    @Option(help: ArgumentHelp("Run registry images on this root: host, or a directory.", valueName: "host|DIR"))
    var rootfs: String?

    @Option(help: ArgumentHelp("What stands in for registry images: a file, or builtin.", valueName: "file"))
    var imageMap: [String] = []

    @Option(
        help: ArgumentHelp(
            "Refuse pods that the Pod Security Standards do not allow at this level.",
            valueName: "privileged|baseline|restricted"))
    var podSecurity: PodSecurityLevel?

    @Option(
        help: ArgumentHelp("The most processes and threads that a pod may have, as the kubelet has it.", valueName: "n")
    )
    var podMaxPids: Int64?

    @Option(help: ArgumentHelp("Keep everything below this directory.", valueName: "dir"))
    var root: String?

    @Option(
        help: ArgumentHelp("The node to schedule to: a file with an object of kind Node.", valueName: "file"))
    var node: String?

    init() {}

    /// As if it were the only argument. Every property is set: one that ArgumentParser has not parsed traps when it is read.
    init(file: String) {
        files = [file]
        filenames = []
        recursive = false
        rootfs = nil
        imageMap = []
        podSecurity = nil
        podMaxPids = nil
        root = nil
        node = nil
    }

    func requireFiles() throws {
        if paths.isEmpty { throw ValidationError("no manifest given; - reads standard input") }
    }

    func validate() throws {
        if let rootfs, rootfs != "host", !rootfs.hasPrefix("/"), !rootfs.hasPrefix("host:/") {
            throw ValidationError("--rootfs takes host or an absolute directory")
        }
        if let podMaxPids, podMaxPids < 1 { throw ValidationError("--pod-max-pids takes a number from 1 on") }
    }

    var paths: [String] { files + filenames }
}

extension PodSecurityLevel: ExpressibleByArgument {}
