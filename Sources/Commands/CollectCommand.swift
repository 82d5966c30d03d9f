import ArgumentParser
import Glibc
import Linux
import ObjectStore
import PodAPI

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Show what pods have left over, and remove it.",
        discussion: """
            Left over are: directories of pods that nobody runs and nobody stores, cgroups of pods that are gone, logs of pods \
            that are gone but for the last ten, damaged files that were set aside, and compiled seccomp profiles that were not \
            used for 30 days. Nothing is removed without --delete, and never anything of a pod that lives or is stored. \
            Every command does by itself what has to be done; this is for what it could not.

            The exit code is 0, or 1 where something could not be removed.
            """)

    @Flag(name: [.customLong("delete"), .customShort("y")], help: "Remove what is shown.")
    var delete = false

    @Flag(
        name: .shortAndLong, help: "Also what is kept for a while: the logs of the last pods, and all seccomp profiles."
    )
    var all = false

    @Option(help: ArgumentHelp("Keep everything below this directory.", valueName: "dir"))
    var root: String?

    func run() throws {
        if let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        let roots = Roots(root)
        let stored = Self.stored(roots)
        if stored == nil {
            Output.error("note: the store of objects cannot be read: directories and logs of pods are left alone")
        }
        let search = LeftOverSearch(roots: roots, stored: stored, includesKept: all)
        let found = search.run()
        if found.isEmpty {
            Output.line("Nothing is left over.")
            return
        }
        Output.line(Self.table(found))
        let total = "\(found.count) left over, \(Self.size(found.reduce(0) { $0 + $1.size }))"
        guard delete else {
            Output.line("\(total). Nothing was removed: --delete does it.")
            return
        }
        let problems = LeftOverRemoval(roots: roots, executable: try .find()).remove(found)
        // With the last pod's the directory of all pods goes.
        for root in LeftOverSearch.cgroupRoots() { rmdir(root + "/swiftlet") }
        for problem in problems { Output.error("swiftlet: \(problem)") }
        Output.line("\(total): \(problems.isEmpty ? "removed." : "removed but for \(problems.count).")")
        if !problems.isEmpty { throw ExitCode(1) }
    }

    /// nil: there is a store, and it cannot be read.
    private static func stored(_ roots: Roots) -> Set<String>? {
        if access(roots.state + "/state.db", F_OK) != 0 { return [] }
        let pods = try? Host(roots).read { (snapshot) throws(ObjectStoreError) in try snapshot.list("Pod") }
        return pods.map { Set($0.compactMap { $0[path: "metadata", "uid"]?.string }) }
    }

    static func table(_ all: [LeftOver]) -> String {
        let rows =
            [("KIND", "SIZE", "NAME", "WHY")]
            + all.map { ($0.kind.rawValue, size($0.size), TerminalText.escaped($0.name), $0.reason) }
        let widths = (
            rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0
        )
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        return rows.map {
            "\(padded($0.0, widths.0))   \(padded($0.1, widths.1))   \(padded($0.2, widths.2))   \($0.3)"
        }.joined(separator: "\n")
    }

    /// `12 KiB`, as people write it.
    static func size(_ bytes: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024 && unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        if unit == 0 || value >= 10 { return "\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
