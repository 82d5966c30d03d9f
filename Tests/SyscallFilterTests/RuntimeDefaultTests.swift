import CFilterProbe
import CLibSeccomp
import Glibc
import Testing

@testable import SyscallFilter

@Suite struct RuntimeDefaultTests {
    #if arch(x86_64)
        /// The whole table, as the running kernel judges it, against the table in the repository.
        @Test func everyCallOfTheTable() throws {
            var rows: [(number: Int, name: String, verdict: String)] = []
            for line in try lines(ofFile: "x86_64.txt") where !line.hasPrefix("#") {
                let words = line.split(separator: " ").map(String.init)
                rows.append((try #require(Int(words[0])), words[1], words[2]))
            }
            #expect(rows.count == 381)
            let verdicts = try verdicts(of: try program(), on: rows.map { filter_probe($0.number) })
            for (row, verdict) in zip(rows, verdicts) {
                var expected: Int32 =
                    switch row.verdict {
                    case "allowed": 0
                    case "EPERM": EPERM
                    default: ENOSYS
                    }
                // What an older libseccomp does not know by name is like any unknown call.
                if expected == EPERM, seccomp_syscall_resolve_name(row.name) == __NR_SCMP_ERROR { expected = ENOSYS }
                #expect(verdict == expected, "\(row.number) \(row.name)")
            }
        }

        /// The whole table once more for each capability that makes a difference: what it changes is in the second file.
        @Test func everyCallOfTheTableWithEachCapability() throws {
            var expected: [UInt64: [String: String]] = [:]
            for line in try lines(ofFile: "x86_64-capabilities.txt") where !line.hasPrefix("#") {
                let words = line.split(separator: " ").map(String.init)
                // What an older libseccomp does not know by name is like any unknown call.
                if seccomp_syscall_resolve_name(words[1]) == __NR_SCMP_ERROR { continue }
                expected[1 << (try #require(UInt64(words[0]))), default: [:]][words[1]] = words[2]
            }
            var rows: [(number: Int, name: String)] = []
            for line in try lines(ofFile: "x86_64.txt") where !line.hasPrefix("#") {
                let words = line.split(separator: " ").map(String.init)
                rows.append((try #require(Int(words[0])), words[1]))
            }
            let probes = rows.map { filter_probe($0.number) }
            for number in 0..<41 as Range<UInt64> {
                let bit: UInt64 = 1 << number
                // Without it where containers have it by default, with it where they have not.
                let without = try verdicts(of: try program(capabilities: defaultCapabilities & ~bit), on: probes)
                let with = try verdicts(of: try program(capabilities: defaultCapabilities | bit), on: probes)
                var found: [String: String] = [:]
                for (index, row) in rows.enumerated() where without[index] != with[index] {
                    let errno = without[index]
                    let old = errno == EPERM ? "EPERM" : errno == ENOSYS ? "ENOSYS" : "\(errno)"
                    found[row.name] = "\(old):\(with[index] == 0 ? "allowed" : "\(with[index])")"
                }
                #expect(found == expected[bit] ?? [:], "capability \(number)")
            }
        }

        @Test func callsOfTheFutureAreUnknown() throws {
            let verdicts = try verdicts(of: try program(), on: (470..<600).map { filter_probe($0) })
            #expect(verdicts.allSatisfy { $0 == ENOSYS })
        }

        @Test func capabilitiesAddCalls() throws {
            let calls: [(number: Int, capability: UInt64)] = [
                (165, Capability.sysAdmin), (272, Capability.sysAdmin), (308, Capability.sysAdmin),
                (435, Capability.sysAdmin), (428, Capability.sysAdmin), (321, Capability.bpf),
                (304, Capability.dacReadSearch),
                (161, Capability.sysChroot), (175, Capability.sysModule), (163, Capability.sysPacct),
                (312, Capability.sysPtrace), (172, Capability.sysRawIO), (169, Capability.sysBoot),
                (237, Capability.sysNice), (227, Capability.sysTime), (153, Capability.sysTTYConfig),
                (103, Capability.syslog), (298, Capability.perfmon),
            ]
            for (number, capability) in calls {
                let without = try verdicts(of: try program(capabilities: 0), on: [filter_probe(number)])
                let with = try verdicts(of: try program(capabilities: capability), on: [filter_probe(number)])
                #expect(without[0] == (number == 435 ? ENOSYS : EPERM), "\(number)")
                #expect(with[0] == 0, "\(number)")
            }
        }

        /// pivot_root, keyrings, io_uring and kexec stay out of reach whatever the capabilities.
        @Test(arguments: [155, 246, 250, 323, 425])
        func neverAllowed(number: Int) throws {
            #expect(try verdicts(of: try program(capabilities: .max), on: [filter_probe(number)]) == [EPERM])
        }

        @Test func socketFamilies() throws {
            let program = try program()
            let netlink: UInt = 16
            let calls: [(arguments: [UInt], verdict: Int32)] = [
                ([1], 0), ([2], 0), ([10], 0), ([17], 0), ([39], 0), ([41], 0), ([44], 0),
                ([38], EAFNOSUPPORT), ([40], EAFNOSUPPORT),
                // The kernel reads an int: what stands in the upper half must not matter.
                ([0x1_0000_0026], EAFNOSUPPORT), ([0xFFFF_FFFF_0000_0028], EAFNOSUPPORT),
                ([netlink, 3, 0], 0), ([netlink, 3, 9], EPROTONOSUPPORT),
                ([0x7_0000_0010, 3, 0x7_0000_0009], EPROTONOSUPPORT),
                ([2, 3, 9], 0),
            ]
            let probes = calls.map { call in
                let all = call.arguments + [0, 0]
                return filter_probe(41, all[0], all[1], all[2])
            }
            for (call, verdict) in zip(calls, try verdicts(of: program, on: probes)) {
                #expect(verdict == call.verdict, "\(call.arguments)")
            }
            let audit = try Self.programWithAudit()
            #expect(
                try verdicts(of: audit, on: [filter_probe(41, netlink, 3, 9), filter_probe(41, 38)]) == [
                    0, EAFNOSUPPORT,
                ])
        }

        @Test func terminalInjection() throws {
            let probes = [
                filter_probe(16, 0, 0x5412), filter_probe(16, 0, 0x541C), filter_probe(16, 0, 0x1_0000_5412),
                filter_probe(16, 0, 0xFFFF_FFFF_0000_541C), filter_probe(16, 0, 0x5401), filter_probe(16, 0, 0x5413),
                filter_probe(16, 0, 0x8004_5430), filter_probe(16, 0, 0xFFFF_FFFF_8004_5430),
            ]
            #expect(
                try verdicts(of: try program(), on: probes) == [EPERM, EPERM, EPERM, EPERM, 0, 0, 0, 0])
        }

        @Test func namespacesByClone() throws {
            let threads: UInt = 0x3D_0F00
            let flags: [UInt] = [0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]
            let probes =
                [filter_probe(56, threads), filter_probe(56, 17)]
                + flags.map { filter_probe(56, $0 | 17) } + flags.map { filter_probe(56, $0 | 0x5_0000_0000) }
            let refused = Array(repeating: EPERM, count: 14)
            #expect(try verdicts(of: try program(), on: probes) == [0, 0] + refused)
            let admin = try program(capabilities: defaultCapabilities | sysAdmin)
            #expect(try verdicts(of: admin, on: probes) == Array(repeating: 0, count: 16))
        }

        @Test func personalities() throws {
            let probes = [0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF, 0x4_0000, 0x10_0000, 4, 0x2_0009].map {
                filter_probe(135, $0)
            }
            #expect(try verdicts(of: try program(), on: probes) == [0, 0, 0, 0, 0, EPERM, EPERM, EPERM, EPERM])
        }

        /// 32-bit programs: getpid, mount, clone3, ioctl(TIOCSTI), socketcall, clone(CLONE_NEWUSER), unknown.
        @Test func compatibilityEntry() throws {
            let probes = [
                filter_probe(20, compat: true), filter_probe(21, compat: true), filter_probe(435, compat: true),
                filter_probe(54, 0, 0x5412, compat: true), filter_probe(54, 0, 0x5401, compat: true),
                filter_probe(102, 1, compat: true), filter_probe(359, 2, compat: true),
                filter_probe(120, 0x1000_0011, compat: true), filter_probe(120, 17, compat: true),
                filter_probe(600, compat: true),
            ]
            let verdicts = try verdicts(of: try program(), on: probes)
            #expect(verdicts == [0, EPERM, ENOSYS, EPERM, 0, 0, 0, EPERM, 0, ENOSYS])
        }

        /// x32: read, ioctl(TIOCSTI), mount, socket(AF_ALG).
        @Test func x32Entry() throws {
            let x32 = 0x4000_0000
            let probes = [
                filter_probe(x32), filter_probe(x32 | 514, 0, 0x5412), filter_probe(x32 | 165),
                filter_probe(x32 | 41, 38), filter_probe(x32 | 41, 2),
            ]
            #expect(try verdicts(of: try program(), on: probes) == [0, EPERM, EPERM, EAFNOSUPPORT, 0])
        }

        private static func programWithAudit() throws -> [UInt8] {
            try program(capabilities: defaultCapabilities | Capability.auditWrite)
        }
    #endif

    /// AArch64 and 32-bit ARM by interpretation, since this may be another machine.
    @Test func arm() throws {
        let program = try SyscallFilter.compile(capabilities: defaultCapabilities, architectures: ["aarch64", "arm"])
        let (aarch64, arm): (UInt32, UInt32) = (0xC000_00B7, 0x4000_0028)
        let (allow, eperm, enosys): (UInt32, UInt32, UInt32) = (0x7FFF_0000, 0x5_0001, 0x5_0026)
        func verdict(_ architecture: UInt32, _ number: UInt32, _ arguments: UInt64...) -> UInt32? {
            interpret(program, architecture: architecture, number: number, arguments: arguments)
        }
        #expect(verdict(aarch64, 56) == allow)  // openat
        #expect(verdict(aarch64, 40) == eperm)  // mount
        #expect(verdict(aarch64, 435) == enosys)  // clone3
        #expect(verdict(aarch64, 29, 0, 0x5412) == eperm)
        #expect(verdict(aarch64, 29, 0, 0x5401) == allow)
        #expect(verdict(aarch64, 220, 17) == allow)
        #expect(verdict(aarch64, 220, 0x1000_0011) == eperm)
        #expect(verdict(aarch64, 198, 38) == 0x5_0061)
        #expect(verdict(aarch64, 198, 2) == allow)
        #expect(verdict(aarch64, 999) == enosys)
        #expect(verdict(arm, 322) == allow)  // openat
        #expect(verdict(arm, 21) == eperm)  // mount
        #expect(verdict(arm, 281, 40) == 0x5_0061)  // socket
        #expect(verdict(arm, 0xF0005) == allow)  // set_tls
        #expect(verdict(0xC000_003E, 0) == enosys)  // x86-64: not an architecture of this filter
    }

    /// The filter must not be felt: with the kernel's cache of constant answers it costs tens of nanoseconds.
    @Test func costPerCall() throws {
        let program = try program()
        let cost = (0..<3).map { _ in
            filter_probe_cost(program, program.count) - filter_probe_cost(program, 0)
        }.min()
        #expect(try #require(cost) < 500)
    }
}

private func lines(ofFile name: String, from test: String = #filePath) throws -> [String] {
    let path = test.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 1024)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
        lines.append(
            String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return lines
}
