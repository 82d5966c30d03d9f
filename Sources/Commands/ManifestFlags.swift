import ArgumentParser
import PodManifest

/// Where a verb's objects come from, as kubectl has it.
struct ManifestFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "Manifests: YAML, JSON or KYAML; directories; - for standard input. May be given several times.",
            valueName: "file"))
    var filenames: [String] = []

    @Flag(name: [.customShort("R"), .long], help: "Also read the directories in a directory.")
    var recursive = false

    var paths: [String] { filenames.flatMap { $0.split(separator: ",").map(String.init) } }
}

/// How pods of manifests are planned, as `run` has it.
struct PlanningFlags: ParsableArguments {
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
        help: ArgumentHelp("The node to schedule to: a file with an object of kind Node.", valueName: "file"))
    var node: String?

    func validate() throws {
        if let rootfs, rootfs != "host", !rootfs.hasPrefix("/"), !rootfs.hasPrefix("host:/") {
            throw ValidationError("--rootfs takes host or an absolute directory")
        }
        if let podMaxPids, podMaxPids < 1 { throw ValidationError("--pod-max-pids takes a number from 1 on") }
    }

    var options: PlanningOptions {
        var options = PlanningOptions()
        options.rootfs = rootfs
        options.imageMap = imageMap
        options.podMaxPids = podMaxPids
        options.node = node
        return options
    }
}

/// `--dry-run`: what would be done, and nothing is.
enum DryRun: String, ExpressibleByArgument, CaseIterable {
    case none, client, server

    /// What is said after the verb.
    var suffix: String {
        switch self {
        case .none: ""
        case .client: " (dry run)"
        case .server: " (server dry run)"
        }
    }
}
