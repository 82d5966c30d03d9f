import Foundation
import Glibc
import Testing

extension HostTests {
    /// A fault at every system call of a pod's start and stop that has an effect: nothing is left behind, nothing hangs.
    ///
    /// Without more, points are sampled for half a minute. `SWIFTLET_SEED` repeats a sample; `SWIFTLET_SWEEP` is `all`, or points
    /// as a failure names them, separated by commas, or their first words (`plain supervisor kill`). See scripts/sweep.
    @Suite struct SweepTests {
        @Test func aFaultAtAnyCallLeavesNothing() throws {
            let environment = ProcessInfo.processInfo.environment
            try withWorld(sweeping: true) { world in
                // Caches come into being.
                _ = try world.run(pod(container("first", "true")))
                let before = Census.take(world)
                if let wanted = environment["SWIFTLET_SWEEP"] {
                    try sweep(world, before, wanted)
                } else {
                    try sample(world, before, seed: environment["SWIFTLET_SEED"].flatMap { UInt64($0) })
                }
            }
        }

        private func sample(_ world: World, _ before: Census, seed: UInt64?) throws {
            let seed = seed ?? UInt64.random(in: 0..<1_000_000)
            var random = SplitMix(seed: seed)
            var counts: [String: Int] = [:]
            var points = 0
            let end = monotonicSeconds() + 30
            while monotonicSeconds() < end {
                let scenario = FaultScenario.all.randomElement(using: &random) ?? .plain
                // A sweeper does nothing as long as nothing has gone wrong.
                let role =
                    [FaultPoint.Role.command, .supervisor, .supervisor, .supervisor, .keeper, .container]
                    .randomElement(using: &random) ?? .supervisor
                let fault = FaultPoint.Fault.allCases.randomElement(using: &random) ?? .kill
                let key = "\(scenario.name) \(role) \(fault.rawValue)"
                var number = Int.random(in: 1...100_000, using: &random)
                if counts[key] == nil {
                    let none = try world.run(FaultPoint(scenario, role, fault, 1_000_000), before: before)
                    #expect(none.problems.isEmpty, "without a fault: \(none)")
                    counts[key] = none.count
                }
                guard let count = counts[key], count > 0 else { continue }
                number = 1 + number % count
                let point = FaultPoint(scenario, role, fault, number)
                let outcome = try world.run(point, before: before)
                points += 1
                #expect(
                    outcome.problems.isEmpty,
                    "SWIFTLET_SWEEP='\(point)' (\(outcome.hit ?? "not hit"); seed \(seed)): \(outcome.problems)")
            }
            print("sweep: \(points) points, seed \(seed)")
        }

        private func sweep(_ world: World, _ before: Census, _ wanted: String) throws {
            let list = wanted.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let points = list.compactMap(FaultPoint.init)
            if points.count == list.count {
                for point in points {
                    let outcome = try world.run(point, before: before)
                    print("\(point): \(outcome)")
                    #expect(outcome.problems.isEmpty, "\(point): \(outcome)")
                }
                return
            }
            var table = SweepTable()
            for scenario in FaultScenario.all {
                for fault in FaultPoint.Fault.allCases {
                    for role in FaultPoint.Role.allCases {
                        let key = "\(scenario.name) \(role) \(fault.rawValue)"
                        guard list.contains(where: { $0 == "all" || key.hasPrefix($0) || key.hasSuffix($0) }) else {
                            continue
                        }
                        try sweep(world, before, scenario, role, fault, &table)
                    }
                }
            }
            print(table.total)
            #expect(table.failures == 0, "\(table.failures) points leave something, or hang")
        }

        private func sweep(
            _ world: World, _ before: Census, _ scenario: FaultScenario, _ role: FaultPoint.Role,
            _ fault: FaultPoint.Fault, _ table: inout SweepTable
        ) throws {
            var row = SweepTable.Row(scenario: scenario.name, role: role.rawValue, fault: fault.rawValue)
            var misses = 0
            var number = 1
            // Runs differ by a few calls.
            while misses < 3 {
                let point = FaultPoint(scenario, role, fault, number)
                let outcome = try world.run(point, before: before)
                number += 1
                row.points += 1
                if outcome.hit == nil { misses += 1 } else { row.hits += 1 }
                if outcome.problems.isEmpty { continue }
                row.failures += 1
                print("\(point): \(outcome.hit ?? "not hit"): \(outcome.problems.joined(separator: "; "))")
                print("    code \(outcome.code): \(outcome.stderr.split(separator: "\n").joined(separator: " | "))")
            }
            print(row.text)
            table.add(row)
        }
    }
}

/// Points, hits and failures of a sweep.
struct SweepTable {
    struct Row {
        var scenario: String
        var role: String
        var fault: String
        var points = 0
        var hits = 0
        var failures = 0

        var text: String {
            func padded(_ text: String, _ width: Int) -> String {
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            return padded(scenario, 8) + padded(role, 12) + padded(fault, 8)
                + "\(padded("\(points)", 5)) points \(padded("\(hits)", 5)) hit \(failures) failed"
        }
    }

    private var rows: [Row] = []

    mutating func add(_ row: Row) { rows.append(row) }

    var failures: Int { rows.map(\.failures).reduce(0, +) }

    var total: String {
        var row = Row(scenario: "all", role: "", fault: "")
        row.points = rows.map(\.points).reduce(0, +)
        row.hits = rows.map(\.hits).reduce(0, +)
        row.failures = failures
        return row.text
    }
}

/// A generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
