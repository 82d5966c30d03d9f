import CFilterProbe
import Glibc
import PodAPI
import Testing

@testable import SyscallFilter

/// Profiles of the user's. What a program answers is read off by interpretation, so that actions which kill are seen too.
@Suite struct LocalhostTests {
    #if arch(x86_64)
        private let native: UInt32 = 0xC000_003E
        private let read: UInt32 = 0
        private let write: UInt32 = 1
        private let mkdir: UInt32 = 83
        private let personality: UInt32 = 135

        private func verdict(
            _ profile: SyscallProfile, _ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32? = nil
        ) throws -> UInt32? {
            interpret(
                try SyscallFilter.compile(profile), architecture: architecture ?? native, number: number,
                arguments: arguments)
        }

        @Test(arguments: [
            (SyscallProfile.Action.allow, UInt32(0x7FFF_0000)), (.log, 0x7FFC_0000), (.trap, 0x0003_0000),
            (.killThread, 0), (.killProcess, 0x8000_0000), (.errno(13), 0x5_000D), (.trace(7), 0x7FF0_0007),
        ])
        func actions(action: SyscallProfile.Action, code: UInt32) throws {
            #expect(try verdict(SyscallProfile(defaultAction: action), mkdir) == code)
            let other: SyscallProfile.Action = action == .allow ? .log : .allow
            let rule = SyscallProfile.Rule(names: ["read", "mkdir"], action: action)
            let profile = SyscallProfile(defaultAction: other, rules: [rule])
            #expect(try verdict(profile, mkdir) == code)
            #expect(try verdict(profile, read) == code)
            #expect(try verdict(profile, write) == (other == .allow ? 0x7FFF_0000 : 0x7FFC_0000))
        }

        @Test(arguments: [
            (SyscallProfile.Operator.equal, [UInt64(8)], [7, 9, 0x1_0000_0008]),
            (.notEqual, [7, 0x1_0000_0008], [8]),
            (.less, [0, 7], [8, 9, .max]),
            (.lessOrEqual, [8], [9, .max]),
            (.greaterOrEqual, [8, .max], [7]),
            (.greater, [9, 0x1_0000_0000], [8]),
        ])
        func comparisons(op: SyscallProfile.Operator, hits: [UInt64], misses: [UInt64]) throws {
            let rule = SyscallProfile.Rule(
                names: ["personality"], action: .allow,
                comparisons: [SyscallProfile.Comparison(argument: 0, operator: op, value: 8)])
            let profile = SyscallProfile(defaultAction: .errno(1), rules: [rule])
            for value in hits { #expect(try verdict(profile, personality, [value]) == 0x7FFF_0000, "\(op) \(value)") }
            for value in misses { #expect(try verdict(profile, personality, [value]) == 0x5_0001, "\(op) \(value)") }
        }

        @Test func maskedComparison() throws {
            let rule = SyscallProfile.Rule(
                names: ["clone"], action: .allow,
                comparisons: [
                    SyscallProfile.Comparison(argument: 0, operator: .maskedEqual, value: 0x7E02_0000, valueTwo: 0)
                ])
            let profile = SyscallProfile(defaultAction: .errno(1), rules: [rule])
            #expect(try verdict(profile, 56, [17]) == 0x7FFF_0000)
            #expect(try verdict(profile, 56, [0x1000_0011]) == 0x5_0001)
        }

        /// All of different arguments; any of one argument.
        @Test func severalComparisons() throws {
            func profile(_ arguments: [UInt32]) -> SyscallProfile {
                let comparisons = arguments.enumerated().map {
                    SyscallProfile.Comparison(argument: $1, operator: .equal, value: UInt64($0) + 1)
                }
                let rule = SyscallProfile.Rule(names: ["read"], action: .allow, comparisons: comparisons)
                return SyscallProfile(defaultAction: .errno(1), rules: [rule])
            }
            #expect(try verdict(profile([0, 1]), read, [1, 2]) == 0x7FFF_0000)
            #expect(try verdict(profile([0, 1]), read, [1, 3]) == 0x5_0001)
            #expect(try verdict(profile([0, 0]), read, [1]) == 0x7FFF_0000)
            #expect(try verdict(profile([0, 0]), read, [2]) == 0x7FFF_0000)
            #expect(try verdict(profile([0, 0]), read, [3]) == 0x5_0001)
        }

        @Test func architectures() throws {
            let rule = SyscallProfile.Rule(names: ["read"], action: .errno(9))
            let x86: UInt32 = 0x4000_0003
            let alone = SyscallProfile(defaultAction: .allow, rules: [rule])
            #expect(try verdict(alone, 3, architecture: x86) == 0)
            let both = SyscallProfile(defaultAction: .allow, architectures: ["x86_64", "x86"], rules: [rule])
            #expect(try verdict(both, 3, architecture: x86) == 0x5_0009)
            #expect(try verdict(both, 0) == 0x5_0009)
        }
    #endif

    @Test func namesThatNobodyKnowsAreSkipped() throws {
        let rule = SyscallProfile.Rule(names: ["no_such_call", "getpid"], action: .errno(1))
        #expect(!(try SyscallFilter.compile(SyscallProfile(defaultAction: .allow, rules: [rule]))).isEmpty)
    }

    /// libseccomp refuses such a rule, and what stands in a profile twice.
    @Test func rulesThatSayNothingNewAreSkipped() throws {
        let rules = [
            SyscallProfile.Rule(names: ["read"], action: .allow), SyscallProfile.Rule(names: ["read"], action: .allow),
            SyscallProfile.Rule(names: ["write", "write"], action: .errno(1)),
        ]
        #expect(!(try SyscallFilter.compile(SyscallProfile(defaultAction: .allow, rules: rules))).isEmpty)
    }

    /// The kernel takes and obeys it.
    @Test func theKernelAgrees() throws {
        let rule = SyscallProfile.Rule(names: ["getppid"], action: .errno(42))
        let program = try SyscallFilter.compile(SyscallProfile(defaultAction: .allow, rules: [rule]))
        #expect(try verdicts(of: program, on: [filter_probe(110), filter_probe(39)]) == [42, 0])
    }

    @Test func everyPartMakesAnotherKey() {
        let comparison = SyscallProfile.Comparison(argument: 0, operator: .equal, value: 1, valueTwo: 2)
        let base = SyscallProfile(
            defaultAction: .errno(1), architectures: ["x86_64"],
            rules: [SyscallProfile.Rule(names: ["read", "write"], action: .allow, comparisons: [comparison])])
        let changes: [(inout SyscallProfile) -> Void] = [
            { $0.defaultAction = .errno(2) }, { $0.architectures = [] }, { $0.architectures = ["x86"] },
            { $0.rules = [] }, { $0.rules[0].names = ["readwrite"] }, { $0.rules[0].names = ["read", "writev"] },
            { $0.rules[0].action = .log }, { $0.rules[0].comparisons = [] },
            { $0.rules[0].comparisons[0].argument = 1 }, { $0.rules[0].comparisons[0].operator = .notEqual },
            { $0.rules[0].comparisons[0].value = 2 }, { $0.rules[0].comparisons[0].valueTwo = 1 },
        ]
        var keys = [SyscallFilter.key(base), SyscallFilter.key(capabilities: 0)]
        for change in changes {
            var profile = base
            change(&profile)
            keys.append(SyscallFilter.key(profile))
        }
        #expect(Set(keys).count == keys.count)
        #expect(SyscallFilter.key(base) == keys[0])
    }
}
