import Glibc

/// Why there is no filter.
public enum SyscallFilterError: Error, Equatable, CustomStringConvertible {
    /// A call of libseccomp failed with this errno.
    case library(call: String, errno: Int32)
    /// A system call failed while the program was taken from libseccomp.
    case system(call: String, errno: Int32)
    /// The program has more instructions than the kernel takes (BPF_MAXINSNS).
    case tooLong(instructions: Int)

    public var description: String {
        switch self {
        case .library(let call, let errno): "seccomp filter: \(call): \(String(cString: strerror(errno)))"
        case .system(let call, let errno): "seccomp filter: \(call): \(String(cString: strerror(errno)))"
        case .tooLong(let instructions): "seccomp filter: \(instructions) instructions, the kernel takes 4096"
        }
    }
}
