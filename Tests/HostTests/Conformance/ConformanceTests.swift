import Foundation
import Glibc
import Testing

/// The rows of `scripts/conformance`, which sets the variables: where to write what became of each row, and which to run.
/// Many pods at once, so not beside tests that take a census of the host.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["SWIFTLET_CONFORMANCE"] != nil, "run by scripts/conformance"),
    .timeLimit(.minutes(10)))
struct ConformanceTests {
    /// Most rows wait rather than work.
    private static let width = 10

    @Test func rows() throws {
        guard geteuid() == 0 else { try skip("not root") }
        let environment = ProcessInfo.processInfo.environment
        let path = try #require(environment["SWIFTLET_CONFORMANCE"])
        let wanted = (environment["SWIFTLET_CONFORMANCE_ROWS"] ?? "").split(separator: " ").map(String.init)
        for id in wanted where !Row.all.contains(where: { $0.id == id }) && Row.leftOut[id] == nil {
            Issue.record("no row \(id)")
        }
        let rows = Row.all.filter { wanted.isEmpty || wanted.contains($0.id) }
        let before = Set(Self.processes())
        let results = RowPool(rows).run(width: Self.width)
        var lines: [String] = []
        for row in Row.all {
            guard let (result, seconds) = results[row.id] else { continue }
            var (state, message) = ("pass", "")
            if case .failed(let reason) = result { (state, message) = ("fail", reason) }
            if let reason = Row.expectedFailures[row.id] {
                if state == "pass" {
                    message = "passes: to be taken off the list of failures that are expected"
                } else {
                    (state, message) = ("expected", reason + ": " + message)
                }
            } else if case .failed(let reason) = result {
                Issue.record("\(row.id) \(row.title): \(reason)")
            }
            lines.append(line(row.id, state, String(format: "%.1f", seconds), row.title, message))
        }
        for (id, reason) in Row.leftOut where wanted.isEmpty || wanted.contains(id) {
            lines.append(line(id, "out", "", "", reason))
        }
        try (lines.sorted().joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let left = Set(Self.processes()).subtracting(before)
        #expect(left.isEmpty, "processes are left: \(left)")
    }

    @Test func everyRowIsThereOnce() {
        let ids = Row.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids).isDisjoint(with: Row.leftOut.keys))
        #expect(Set(Row.expectedFailures.keys).isSubset(of: ids))
        let all = Set(ids).union(Row.leftOut.keys)
        #expect(Row.withoutNodeConformance.isSubset(of: all))
        #expect(all.subtracting(Row.withoutNodeConformance).count == 139)
    }

    /// id, NodeConformance, state, seconds, title, message.
    private func line(_ id: String, _ state: String, _ seconds: String, _ title: String, _ message: String) -> String {
        let text = String(message.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return [id, Row.withoutNodeConformance.contains(id) ? "no" : "yes", state, seconds, title, text].joined(
            separator: "\t")
    }

    private static func processes() -> [pid_t] {
        HostProcess.all().filter { $0.state != "Z" && $0.isOfThisBuild }.map(\.pid)
    }
}

/// Rows on threads of their own.
private final class RowPool: @unchecked Sendable {
    private let lock = NSLock()
    private var waiting: [Row]
    private var results: [String: (Row.Result, Double)] = [:]

    init(_ rows: [Row]) { waiting = rows.sorted { $0.seconds > $1.seconds } }

    func run(width: Int) -> [String: (Row.Result, Double)] {
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<width {
            let thread = Thread { [self] in
                while let row = next() {
                    let begin = monotonicSeconds()
                    let result = row.run()
                    let seconds = monotonicSeconds() - begin
                    lock.withLock { results[row.id] = (result, seconds) }
                }
                done.signal()
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
        for _ in 0..<width { done.wait() }
        return results
    }

    private func next() -> Row? {
        lock.withLock { waiting.isEmpty ? nil : waiting.removeFirst() }
    }
}
