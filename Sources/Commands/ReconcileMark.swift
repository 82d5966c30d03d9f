import CLinux
import Glibc
import Linux

/// What the last look at all objects has come to, so that the next one is short: up to which change everything has been carried
/// out, and which pods ran. It is lost with the host's next start, and then everything is looked at.
struct ReconcileMark: Equatable {
    /// All changes up to this resourceVersion are carried out.
    var resourceVersion: Int64
    /// Pods that run.
    var running: [String]
    /// Nothing waits for anything: no pod for its place, no deletion for its end.
    var isSettled: Bool

    private static func path(_ run: String) -> String { run + "/reconciled" }

    static func read(_ run: String) -> ReconcileMark? {
        guard let bytes = try? StateDirectory.read(path(run), limit: 16 << 20) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count >= 2, let version = Int64(lines[0]), lines.last == "." else { return nil }
        return ReconcileMark(
            resourceVersion: version, running: lines[2..<(lines.count - 1)].map(String.init),
            isSettled: lines[1] == "settled")
    }

    func write(_ run: String) {
        let lines = ["\(resourceVersion)", isSettled ? "settled" : "unsettled"] + running + ["."]
        guard let directory = try? StateDirectory(run) else { return }
        try? directory.replace("reconciled", Array((lines.joined(separator: "\n") + "\n").utf8), isDurable: false)
    }
}
