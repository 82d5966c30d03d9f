import CLibSeccomp
import Glibc

/// Seccomp profiles as programs for seccomp(2).
public enum SyscallFilter {
    /// The `RuntimeDefault` profile (KEP-2413) for a container with these capabilities.
    ///
    /// Compiling takes milliseconds, so the program is kept as a file and read from there when the next container asks.
    /// A file that is missing, damaged or not this user's own is replaced; a directory that cannot be written costs the
    /// compilation each time, never an error.
    ///
    /// - Parameters:
    ///   - capabilities: the container's bounding set, a bit per capability.
    ///   - cacheDirectory: made with mode 0700 when it is missing (its parent must exist).
    /// - Returns: an array of `struct sock_filter`, as SECCOMP_SET_MODE_FILTER takes it.
    public static func runtimeDefault(
        capabilities: UInt64, cacheDirectory: String
    ) throws(SyscallFilterError) -> [UInt8] {
        let cache = FilterCache(directory: cacheDirectory, key: key(capabilities: capabilities))
        if let program = cache.read() { return program }
        let program = try compile(capabilities: capabilities, architectures: FilterCompiler.hostArchitectures)
        cache.write(program)
        return program
    }

    /// All that the program depends on. libseccomp's output does not depend on the kernel that runs.
    static func key(capabilities: UInt64) -> UInt64 {
        var digest = Digest()
        for names in RuntimeDefault.allowed { digest.add(names) }
        for names in RuntimeDefault.refused { digest.add(names) }
        for (capability, names) in RuntimeDefault.allowedByCapability {
            digest.add(capability)
            digest.add(names)
        }
        let capabilities = capabilities & RuntimeDefault.relevantCapabilities
        digest.add(capabilities)
        for step in RuntimeDefault.argumentRules(capabilities: capabilities) {
            for rule in step.rules {
                digest.add(rule.name)
                digest.add(UInt64(rule.verdict.action))
                for test in rule.tests {
                    digest.add(UInt64(test.argument) << 32 | UInt64(test.mask))
                    digest.add(UInt64(test.value))
                }
            }
        }
        for architecture in FilterCompiler.hostArchitectures { digest.add(architecture) }
        digest.addCompiler()
        return digest.value
    }

    static func compile(
        capabilities: UInt64, architectures: [StaticString]
    ) throws(SyscallFilterError) -> [UInt8] {
        var steps: [[UInt8]] = []
        for step in RuntimeDefault.argumentRules(capabilities: capabilities) {
            let architectures =
                switch step.architectures {
                case .all: architectures
                case .withoutSocketcall: architectures.filter { $0.description != "x86" }
                }
            let compiler = try FilterCompiler(otherwise: FilterCompiler.nextStep)
            try compiler.use(architectures, otherwise: FilterCompiler.nextStep)
            for rule in step.rules { try compiler.add(rule) }
            steps.append(try compiler.program())
        }

        let compiler = try FilterCompiler(otherwise: Verdict.fail(ENOSYS).action)
        try compiler.use(architectures, otherwise: Verdict.fail(ENOSYS).action)
        var added: Set<String> = []
        var refused = RuntimeDefault.refused.flatMap(\.words)
        var allowed = RuntimeDefault.allowed.flatMap(\.words)
        for (capability, names) in RuntimeDefault.allowedByCapability {
            if capabilities & capability != 0 {
                allowed += names.words
            } else {
                refused += names.words.filter { $0 != "clone3" }
            }
        }
        for name in allowed where added.insert(name).inserted { try compiler.add(name, .allow) }
        for name in refused where added.insert(name).inserted { try compiler.add(name, .fail(EPERM)) }
        steps.append(try compiler.program())
        return try FilterCompiler.join(steps)
    }
}

extension Digest {
    /// What a program depends on beside its rules.
    mutating func addCompiler() {
        add(UInt64(FilterCompiler.version))
        if let version = seccomp_version() {
            let (major, minor, micro) = (version.pointee.major, version.pointee.minor, version.pointee.micro)
            add(UInt64(major) << 40 | UInt64(minor) << 20 | UInt64(micro))
        }
    }
}
