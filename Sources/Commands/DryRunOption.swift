import ArgumentParser

/// `--dry-run`, as kubectl has it. There is no server: client and server do the same, and only say so.
struct DryRunOption: ParsableArguments {
    enum Strategy: String, ExpressibleByArgument, CaseIterable {
        case none, client, server
    }

    @Option(
        help: ArgumentHelp("Check and show what would be done, and change nothing.", valueName: "none|client|server"))
    var dryRun = Strategy.none

    init() {}

    var isOn: Bool { dryRun != .none }

    /// What kubectl adds to its line about an object.
    var suffix: String {
        switch dryRun {
        case .none: ""
        case .client: " (dry run)"
        case .server: " (server dry run)"
        }
    }
}
