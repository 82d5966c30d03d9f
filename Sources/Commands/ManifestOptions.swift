import ArgumentParser
import PodAPI
import PodManifest
import PodPlan

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

    @Option(
        help: ArgumentHelp(
            "The size at which a container's log file is followed by another, as the kubelet has it. (default: 10Mi)",
            valueName: "quantity"))
    var containerLogMaxSize: String?

    @Option(
        help: ArgumentHelp(
            "How many log files a container may have at once; 2 or more. (default: 5)", valueName: "n"))
    var containerLogMaxFiles: UInt32?

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
        containerLogMaxSize = nil
        containerLogMaxFiles = nil
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
        if logLimits == nil {
            throw ValidationError("--container-log-max-size takes a quantity of bytes, such as 10Mi")
        }
        if let containerLogMaxFiles, containerLogMaxFiles < 2 {
            throw ValidationError("--container-log-max-files takes a number from 2 on")
        }
    }

    var paths: [String] { files + filenames }

    /// nil: the size is none.
    var logLimits: LogLimits? {
        var limits = LogLimits()
        if let text = containerLogMaxSize {
            guard let size = Quantity(text), size.value > 0 else { return nil }
            limits.size = UInt64(size.value)
        }
        if let containerLogMaxFiles { limits.files = containerLogMaxFiles }
        return limits
    }
}

extension PodSecurityLevel: ExpressibleByArgument {}
