import Testing

@testable import PodLifecycle

@Suite struct RandomHistoryTests {
    /// The seeds are fixed, so that a failure stays; a failing one is printed with its history.
    @Test(arguments: 0..<20)
    func rulesHoldInEveryHistory(_ block: Int) {
        for seed in UInt64(block) * 300..<UInt64(block + 1) * 300 {
            var simulation = Simulation(seed: seed)
            do {
                try simulation.run()
            } catch {
                let history = simulation.history.suffix(60).joined(separator: "\n")
                Issue.record("seed \(seed): \(error)\n\(history)")
                return
            }
        }
    }

    @Test func theSameSeedGivesTheSameHistory() throws {
        var first = Simulation(seed: 42)
        var second = Simulation(seed: 42)
        try first.run()
        try second.run()
        #expect(first.history == second.history)
        #expect(first.life == second.life)
    }
}
