import CLibSeccomp
public import PodAPI

extension SyscallFilter {
    /// A profile of the user's as a program, compiled by libseccomp as runc does it: a name that this libseccomp does not
    /// know is skipped, and so is a rule that says what the default says. Kept in `cacheDirectory` as
    /// `runtimeDefault(capabilities:cacheDirectory:)` keeps its own.
    public static func localhost(
        _ profile: SyscallProfile, cacheDirectory: String
    ) throws(SyscallFilterError) -> [UInt8] {
        let cache = FilterCache(directory: cacheDirectory, key: key(profile))
        if let program = cache.read() { return program }
        let program = try compile(profile)
        cache.write(program)
        return program
    }

    static func compile(_ profile: SyscallProfile) throws(SyscallFilterError) -> [UInt8] {
        let compiler = try FilterCompiler(otherwise: profile.defaultAction.code)
        try compiler.add(architectures: profile.architectures)
        for rule in profile.rules where rule.action != profile.defaultAction {
            for name in rule.names { try compiler.add(name, rule) }
        }
        return try FilterCompiler.join([try compiler.program()])
    }

    static func key(_ profile: SyscallProfile) -> UInt64 {
        var digest = Digest()
        digest.addCompiler()
        digest.add(UInt64(profile.defaultAction.code))
        func add(_ text: String) {
            var text = text
            text.withUTF8 { digest.add(UnsafeRawBufferPointer($0)) }
        }
        digest.add(UInt64(profile.architectures.count))
        for architecture in profile.architectures { add(architecture) }
        for rule in profile.rules {
            digest.add(UInt64(rule.action.code) << 32 | UInt64(rule.names.count) << 8 | UInt64(rule.comparisons.count))
            for name in rule.names { add(name) }
            for comparison in rule.comparisons {
                add(comparison.operator.rawValue)
                digest.add(UInt64(comparison.argument))
                digest.add(comparison.value)
                digest.add(comparison.valueTwo)
            }
        }
        return digest.value
    }
}

extension FilterCompiler {
    /// Besides the native one. One that this libseccomp does not know cannot run here either.
    func add(architectures: [String]) throws(SyscallFilterError) {
        _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        for name in architectures {
            let token = seccomp_arch_resolve_name(name)
            if token == 0 || seccomp_arch_exist(context, token) == 0 { continue }
            try Self.check("seccomp_arch_add \(name)", seccomp_arch_add(context, token))
        }
    }

    func add(_ name: String, _ rule: SyscallProfile.Rule) throws(SyscallFilterError) {
        let number = seccomp_syscall_resolve_name(name)
        guard number != __NR_SCMP_ERROR else { return }
        let comparisons = rule.comparisons.map { comparison in
            scmp_arg_cmp(
                arg: comparison.argument, op: comparison.operator.code, datum_a: comparison.value,
                datum_b: comparison.valueTwo)
        }
        // libseccomp takes one comparison for each argument.
        let isAnyOf = Set(comparisons.map(\.arg)).count < comparisons.count
        for list in isAnyOf ? comparisons.map({ [$0] }) : [comparisons] {
            try Self.check(
                "seccomp_rule_add \(name)",
                seccomp_rule_add_array(context, rule.action.code, number, UInt32(list.count), list))
        }
    }
}

extension SyscallProfile.Action {
    /// The SECCOMP_RET_ value, which is libseccomp's SCMP_ACT_ value too.
    fileprivate var code: UInt32 {
        switch self {
        case .killThread: 0
        case .killProcess: 0x8000_0000
        case .trap: 0x0003_0000
        case .errno(let number): 0x0005_0000 | UInt32(number)
        case .trace(let number): 0x7FF0_0000 | UInt32(number)
        case .log: 0x7FFC_0000
        case .allow: 0x7FFF_0000
        }
    }
}

extension SyscallProfile.Operator {
    fileprivate var code: scmp_compare {
        switch self {
        case .notEqual: SCMP_CMP_NE
        case .less: SCMP_CMP_LT
        case .lessOrEqual: SCMP_CMP_LE
        case .equal: SCMP_CMP_EQ
        case .greaterOrEqual: SCMP_CMP_GE
        case .greater: SCMP_CMP_GT
        case .maskedEqual: SCMP_CMP_MASKED_EQ
        }
    }
}
