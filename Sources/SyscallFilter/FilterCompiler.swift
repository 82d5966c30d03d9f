import CLibSeccomp
import Glibc

/// One step of a filter, compiled by libseccomp.
struct FilterCompiler: ~Copyable {
    /// Raised when `join` or the use of libseccomp changes, so that programs in caches are made anew.
    static let version: UInt32 = 1

    /// The native architecture, and those of 32-bit programs on it, by libseccomp's names.
    static var hostArchitectures: [StaticString] {
        #if arch(x86_64)
            ["x86_64", "x86", "x32"]
        #elseif arch(arm64)
            ["aarch64", "arm"]
        #endif
    }

    /// A return value that never reaches the kernel: `join` turns it into a jump to the step that follows.
    static let nextStep: UInt32 = 0x7FF0_7373  // SCMP_ACT_TRACE(0x7373)

    private static let instructionSize = 8
    private static let maximumInstructions = 4096

    let context: scmp_filter_ctx

    /// - Parameter otherwise: the action where no rule holds.
    init(otherwise: UInt32) throws(SyscallFilterError) {
        guard let context = seccomp_init(otherwise) else { throw .library(call: "seccomp_init", errno: ENOMEM) }
        self.context = context
    }

    deinit { seccomp_release(context) }

    /// Comes before the rules, which hold for the architectures that are there when they are added.
    func use(_ architectures: [StaticString], otherwise: UInt32) throws(SyscallFilterError) {
        try Self.check("seccomp_attr_set", seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, otherwise))
        // A binary tree instead of a list of comparisons; libseccomp before 2.5 does not have it, and does without.
        _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        let native = seccomp_arch_native()
        var hasNative = false
        for architecture in architectures {
            let token = seccomp_arch_resolve_name(architecture.description)
            if token == native {
                hasNative = true
            } else {
                try Self.check("seccomp_arch_add", seccomp_arch_add(context, token))
            }
        }
        if !hasNative { try Self.check("seccomp_arch_remove", seccomp_arch_remove(context, native)) }
    }

    /// A verdict on a call whatever its arguments. A name that this libseccomp does not know is skipped: the program then
    /// answers as it does to any unknown call.
    func add(_ name: String, _ verdict: Verdict) throws(SyscallFilterError) {
        let number = seccomp_syscall_resolve_name(name)
        guard number != __NR_SCMP_ERROR else { return }
        try Self.check(
            "seccomp_rule_add \(name)", seccomp_rule_add_array(context, verdict.action, number, 0, nil))
    }

    func add(_ rule: ArgumentRule) throws(SyscallFilterError) {
        let name = rule.name.description
        let number = seccomp_syscall_resolve_name(name)
        guard number != __NR_SCMP_ERROR else { return }
        let comparisons = rule.tests.map { test in
            scmp_arg_cmp(
                arg: test.argument, op: SCMP_CMP_MASKED_EQ, datum_a: UInt64(test.mask), datum_b: UInt64(test.value))
        }
        try Self.check(
            "seccomp_rule_add \(name)",
            seccomp_rule_add_array(
                context, rule.verdict.action, number, UInt32(comparisons.count), comparisons))
    }

    /// The step as an array of `struct sock_filter`.
    func program() throws(SyscallFilterError) -> [UInt8] {
        let file = memfd_create("seccomp", UInt32(MFD_CLOEXEC))
        guard file >= 0 else { throw .system(call: "memfd_create", errno: errno) }
        defer { close(file) }
        try Self.check("seccomp_export_bpf", seccomp_export_bpf(context, file))
        let length = lseek(file, 0, SEEK_END)
        guard length >= 0 else { throw .system(call: "lseek", errno: errno) }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = pread(file, &bytes, bytes.count, 0)
        guard count == bytes.count else { throw .system(call: "pread", errno: count < 0 ? errno : EIO) }
        return bytes
    }

    /// One program of several steps: where a step returns `nextStep`, the next one goes on.
    static func join(_ steps: [[UInt8]]) throws(SyscallFilterError) -> [UInt8] {
        var joined: [UInt8] = []
        for step in steps {
            let count = step.count / instructionSize
            for index in 0..<count {
                let instruction = step[index * instructionSize..<(index + 1) * instructionSize]
                var word: UInt64 = 0
                withUnsafeMutableBytes(of: &word) { $0.copyBytes(from: instruction) }
                // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k }
                let code = UInt16(truncatingIfNeeded: word)
                let operand = UInt32(truncatingIfNeeded: word >> 32)
                if code == UInt16(BPF_RET), operand == nextStep {
                    word = UInt64(BPF_JMP) | UInt64(count - index - 1) << 32
                }
                withUnsafeBytes(of: word) { joined.append(contentsOf: $0) }
            }
        }
        let instructions = joined.count / instructionSize
        guard instructions <= maximumInstructions else { throw .tooLong(instructions: instructions) }
        return joined
    }

    static func check(_ call: String, _ result: Int32) throws(SyscallFilterError) {
        if result < 0 { throw .library(call: call, errno: -result) }
    }
}

extension Verdict {
    /// The SECCOMP_RET_ value.
    var action: UInt32 {
        switch self {
        case .allow: 0x7FFF_0000
        case .fail(let errno): 0x0005_0000 | UInt32(errno)
        }
    }
}

extension StaticString {
    var words: [String] {
        withUTF8Buffer {
            $0.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
