import PodAPI
import Testing

@testable import PodManifest

@Suite struct SeccompProfileFileTests {
    private func profile(
        _ text: String, capabilities: UInt64 = 0, architecture: String = "amd64", kernel: String = "6.1.0"
    ) throws -> SyscallProfile? {
        var file = SeccompProfileFile(Array(text.utf8), file: "p.json")
        let kernel = try #require(SeccompProfileFile.KernelVersion(kernel))
        return file.profile(for: .init(capabilities: capabilities, architecture: architecture, kernel: kernel))
    }

    private func errors(_ text: String) throws -> [String] {
        var file = SeccompProfileFile(Array(text.utf8), file: "p.json")
        let kernel = try #require(SeccompProfileFile.KernelVersion("6.1"))
        #expect(file.profile(for: .init(capabilities: 0, architecture: "amd64", kernel: kernel)) == nil)
        return file.errors.map(\.description)
    }

    @Test func everyField() throws {
        let found = try profile(
            """
            {
              "defaultAction": "SCMP_ACT_ERRNO",
              "defaultErrnoRet": 38,
              "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
              "flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"],
              "syscalls": [
                {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "comment": "files"},
                {"name": "open", "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
                {"names": ["clone"], "action": "SCMP_ACT_TRACE", "args": [
                  {"index": 0, "value": 2114060288, "valueTwo": 18446744073709551615, "op": "SCMP_CMP_MASKED_EQ"}
                ]}
              ]
            }
            """)
        let expected = SyscallProfile(
            defaultAction: .errno(38), architectures: ["x86_64", "x86", "x32"],
            rules: [
                .init(names: ["read", "write"], action: .allow), .init(names: ["open"], action: .errno(13)),
                .init(
                    names: ["clone"], action: .trace(1),
                    comparisons: [.init(argument: 0, operator: .maskedEqual, value: 2_114_060_288, valueTwo: .max)]),
            ], logs: true, allowsSpeculation: true)
        #expect(found == expected)
    }

    @Test(arguments: [
        ("SCMP_ACT_ALLOW", SyscallProfile.Action.allow), ("SCMP_ACT_LOG", .log), ("SCMP_ACT_TRAP", .trap),
        ("SCMP_ACT_KILL", .killThread), ("SCMP_ACT_KILL_THREAD", .killThread), ("SCMP_ACT_KILL_PROCESS", .killProcess),
        ("SCMP_ACT_ERRNO", .errno(1)), ("SCMP_ACT_TRACE", .trace(1)),
    ])
    func actions(name: String, action: SyscallProfile.Action) throws {
        #expect(try profile("{\"defaultAction\": \"\(name)\"}") == SyscallProfile(defaultAction: action))
    }

    @Test func errnosByName() throws {
        let text = """
            {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "defaultErrno": "ENOSYS",
             "syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "errno": "22"}]}
            """
        #expect(
            try profile(text)
                == SyscallProfile(defaultAction: .errno(38), rules: [.init(names: ["a"], action: .errno(22))]))
    }

    @Test func mapsOfArchitectures() throws {
        let text = """
            {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [
              {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
              {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
              {"architecture": "SCMP_ARCH_S390X"}]}
            """
        #expect(try profile(text)?.architectures == ["x86_64", "x86", "x32"])
        #expect(try profile(text, architecture: "arm64")?.architectures == ["aarch64", "arm"])
        #expect(try profile(text, architecture: "s390x")?.architectures == ["s390x"])
        #expect(try profile(text, architecture: "riscv64")?.architectures == [])
    }

    /// Capabilities: 21 is SYS_ADMIN, 22 SYS_BOOT.
    @Test(arguments: [
        ("\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}", UInt64(1 << 21), "6.1", true),
        ("\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}", 0, "6.1", false),
        ("\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\", \"CAP_SYS_BOOT\"]}", 1 << 21, "6.1", false),
        ("\"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}", 1 << 21, "6.1", false),
        ("\"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}", 0, "6.1", true),
        ("\"includes\": {\"minKernel\": \"4.8\"}", 0, "4.8.0-rc1", true),
        ("\"includes\": {\"minKernel\": \"4.8\"}", 0, "4.7.99", false),
        ("\"includes\": {\"minKernel\": \"4.8\"}", 0, "4.10.2", true),
        ("\"excludes\": {\"minKernel\": \"4.8\"}", 0, "6.1", false),
        ("\"includes\": {\"arches\": [\"amd64\", \"x32\"]}", 0, "6.1", true),
        ("\"includes\": {\"arches\": [\"arm64\"]}", 0, "6.1", false),
        ("\"excludes\": {\"arches\": [\"amd64\"]}", 0, "6.1", false),
        ("\"includes\": {}, \"excludes\": {}", 0, "6.1", true),
    ])
    func conditions(condition: String, capabilities: UInt64, kernel: String, applies: Bool) throws {
        let text = """
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
              {"names": ["mount"], "action": "SCMP_ACT_ALLOW", \(condition)}]}
            """
        #expect(try profile(text, capabilities: capabilities, kernel: kernel)?.rules.isEmpty == !applies)
    }

    @Test(arguments: [
        ("", "p.json: must hold one JSON object, holds 0"),
        ("{", "p.json:1:2: expected a key in quotes"),
        ("{\n \"defaultAction\": SCMP}", "p.json:2:19: \"SCMP\" is no JSON value"),
        ("[]", "p.json:1:1: must be a mapping, is a list"),
        ("{} {}", "p.json: must hold one JSON object, holds 2"),
        ("{}", "p.json:1:1: defaultAction: required: what becomes of a call, such as \"SCMP_ACT_ERRNO\""),
        (
            "{\"defaultaction\": \"SCMP_ACT_LOG\"}",
            "p.json:1:2: defaultaction: unknown field \"defaultaction\" (did you mean \"defaultAction\"?)"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}",
            "p.json:1:19: defaultAction: no program is notified of system calls; use another action"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_LOG\", \"listenerPath\": \"/s\"}",
            "p.json:1:51: listenerPath: no program is notified of system calls; leave it out"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_LOG\", \"flags\": [\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}",
            "p.json:1:45: flags[0]: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is for filters that notify a program of system calls; leave it out"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_LOG\", \"architectures\": [\"SCMP_ARCH_X86\"], \"archMap\": [{}]}",
            "p.json:1:71: archMap: given together with architectures; use one of them"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 4096}",
            "p.json:1:56: defaultErrnoRet: must be from 0 to 4095"
        ),
        (
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrno\": \"ENONE\"}",
            "p.json:1:53: defaultErrno: \"ENONE\" is no errno that is known here; give its number in defaultErrnoRet"
        ),
    ])
    func mistakes(text: String, message: String) throws {
        #expect(try errors(text) == [message])
    }

    @Test(arguments: [
        ("\"action\": \"SCMP_ACT_LOG\"", "1:50: syscalls[0]: required: names"),
        (
            "\"names\": [\"a\"]",
            "1:50: syscalls[0].action: required: what becomes of a call, such as \"SCMP_ACT_ERRNO\""
        ),
        (
            "\"name\": \"a\", \"names\": [\"b\"], \"action\": \"SCMP_ACT_LOG\"",
            "1:59: syscalls[0].name: given together with names; use one of them"
        ),
        (
            "\"names\": [\"a\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 6, \"op\": \"SCMP_CMP_EQ\"}]",
            "1:112: syscalls[0].args[0].index: must be from 0 to 5: a system call has six arguments"
        ),
        (
            "\"names\": [\"a\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 0}]",
            "1:102: syscalls[0].args[0].op: required: how to compare, such as \"SCMP_CMP_EQ\""
        ),
        (
            "\"names\": [\"a\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": -1}]",
            "1:145: syscalls[0].args[0].value: must be a whole number from 0 to 18446744073709551615"
        ),
        (
            "\"names\": [\"a\"], \"action\": \"SCMP_ACT_LOG\", \"includes\": {\"caps\": [\"CAP_NONE\"]}",
            "1:115: syscalls[0].includes.caps[0]: unknown capability \"CAP_NONE\""
        ),
        (
            "\"names\": [\"a\"], \"action\": \"SCMP_ACT_LOG\", \"includes\": {\"minKernel\": \"new\"}",
            "1:119: syscalls[0].includes.minKernel: \"new\" is no kernel version, such as \"4.8\""
        ),
    ])
    func mistakesOfARule(rule: String, message: String) throws {
        #expect(
            try errors("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\(rule)}]}") == ["p.json:" + message])
    }

    @Test func aFileThatIsNotThere() {
        #expect(
            SeccompProfileFile(path: "/nowhere/p.json").errors.map(\.description) == [
                "/nowhere/p.json: no such file or directory"
            ])
    }
}
