import ArgumentParser
import CLinux
import Glibc
import Linux
import PodAPI

struct ShutdownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shutdown", abstract: "Stop all pods for the host's shutdown.",
        discussion: """
            Each pod gets its grace period. Stored pods stay stored and in their state: `swiftlet boot`, or any other command \
            that works with objects, starts them again. The systemd unit swiftlet-boot does both.
            """)

    @Option(help: ArgumentHelp("How long to wait; what still runs then is named, and runs on.", valueName: "duration"))
    var timeout = "10m"

    @Option(help: ArgumentHelp("Keep everything below this directory.", valueName: "dir"))
    var root: String?

    func run() throws {
        if let obstacle = HostCheck.obstacle() { throw CommandError(obstacle) }
        guard let timeout = GoDuration.nanoseconds(timeout), timeout >= 0 else {
            throw CommandError("error: --timeout takes a duration, such as 90s or 5m")
        }
        let roots = Roots(root)
        let prefix = roots.run + "/pods/"
        let deadline = Clock.boot + timeout
        var told: Set<Int32> = []
        var waiting: Set<String> = []
        while true {
            let holders = LockHolder.all().filter { $0.directory.hasPrefix(prefix) }
            if holders.isEmpty { break }
            // A supervisor that dies meanwhile is followed by another, which goes on with it.
            for holder in holders where holder.process == "swiftlet-superv" && waiting.insert(holder.uid).inserted {
                let process = swl_pidfd_open(holder.pid)
                guard process >= 0 else { continue }
                let owned = OwnedFD(process)
                if told.insert(holder.pid).inserted { _ = swl_pidfd_send_signal(owned.raw, SIGTERM) }
            }
            if Clock.boot >= deadline {
                let left = Set(holders.map(\.uid)).sorted()
                throw CommandError("error: timed out waiting for the end of \(left.joined(separator: ", "))")
            }
            usleep(20_000)
        }
        Output.line(
            waiting.isEmpty ? "No pod was running." : "Stopped \(waiting.count) \(waiting.count == 1 ? "pod" : "pods")."
        )
    }
}
