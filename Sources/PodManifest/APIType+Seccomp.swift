/// The fields of a seccomp profile in a file: those of the OCI runtime specification (config-linux.md), and what Docker's and
/// podman's own form adds (moby/profiles, containers/common).
extension APIType {
    static let syscallProfileFields: [Field] = [
        Field("defaultAction", .choice(actions)),
        Field("defaultErrnoRet", .int32),
        Field("defaultErrno", .string),
        Field("architectures", .list(.choice(architectures))),
        Field("archMap", .list(.object(.syscallArchitecture))),
        Field("syscalls", .list(.object(.syscallRule))),
        Field("flags", .list(.choice(flags))),
        Field("listenerPath", .string, .refused("no program is notified of system calls; leave it out")),
        Field("listenerMetadata", .string, .refused("no program is notified of system calls; leave it out")),
    ]

    static let syscallArchitectureFields: [Field] = [
        Field("architecture", .choice(architectures)),
        Field("subArchitectures", .list(.choice(architectures))),
    ]

    static let syscallRuleFields: [Field] = [
        Field("name", .string),
        Field("names", .list(.string)),
        Field("action", .choice(actions)),
        Field("errnoRet", .int32),
        Field("errno", .string),
        Field("args", .list(.object(.syscallArgument))),
        Field("comment", .string),
        Field("includes", .object(.syscallCondition)),
        Field("excludes", .object(.syscallCondition)),
    ]

    static let syscallArgumentFields: [Field] = [
        Field("index", .int32),
        Field("value", .any),
        Field("valueTwo", .any),
        Field(
            "op",
            .choice([
                "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT",
                "SCMP_CMP_MASKED_EQ",
            ])),
    ]

    static let syscallConditionFields: [Field] = [
        Field("caps", .list(.string)),
        Field("arches", .list(.string)),
        Field("minKernel", .string),
    ]

    private static let actions = [
        "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP", "SCMP_ACT_KILL",
        "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_NOTIFY",
    ]

    private static let flags = [
        "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ]

    private static let architectures = [
        "X86", "X86_64", "X32", "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32",
        "PPC", "PPC64", "PPC64LE", "S390", "S390X", "PARISC", "PARISC64", "RISCV64", "LOONGARCH64", "M68K", "SH",
        "SHEB",
    ].map { "SCMP_ARCH_" + $0 }
}
