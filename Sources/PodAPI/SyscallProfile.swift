/// A seccomp profile as the OCI runtime specification has it (config-linux.md, "Seccomp"), for one container: what a profile
/// says of other architectures, kernels and capabilities is resolved.
public struct SyscallProfile: Sendable, Equatable {
    public enum Action: Sendable, Hashable {
        case killThread
        case killProcess
        case trap
        /// The call is not made; the program sees this errno.
        case errno(UInt16)
        /// A tracer is told, with this number; without one the call fails with ENOSYS.
        case trace(UInt16)
        case log
        case allow
    }

    public enum Operator: String, Sendable, CaseIterable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        /// `value` is the mask, `valueTwo` what is left under it.
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// One argument of a call, compared with a number, both 64 bits wide and without sign.
    public struct Comparison: Sendable, Equatable {
        /// 0 to 5.
        public var argument: UInt32
        public var `operator`: Operator
        public var value: UInt64
        public var valueTwo: UInt64

        public init(argument: UInt32, operator: Operator, value: UInt64, valueTwo: UInt64 = 0) {
            self.argument = argument
            self.operator = `operator`
            self.value = value
            self.valueTwo = valueTwo
        }
    }

    public struct Rule: Sendable, Equatable {
        public var names: [String]
        public var action: Action
        /// All have to hold. Where one argument occurs twice, one is enough: so runc and crun have it, after Docker.
        public var comparisons: [Comparison]

        public init(names: [String], action: Action, comparisons: [Comparison] = []) {
            self.names = names
            self.action = action
            self.comparisons = comparisons
        }
    }

    public var defaultAction: Action
    /// By libseccomp's names, such as `x86_64`; the native architecture belongs to it in any case.
    public var architectures: [String]
    public var rules: [Rule]
    /// What the kernel is to log (SECCOMP_FILTER_FLAG_LOG).
    public var logs: Bool
    /// Without the mitigation of speculative store bypass (SECCOMP_FILTER_FLAG_SPEC_ALLOW).
    public var allowsSpeculation: Bool

    public init(
        defaultAction: Action, architectures: [String] = [], rules: [Rule] = [], logs: Bool = false,
        allowsSpeculation: Bool = false
    ) {
        self.defaultAction = defaultAction
        self.architectures = architectures
        self.rules = rules
        self.logs = logs
        self.allowsSpeculation = allowsSpeculation
    }
}
