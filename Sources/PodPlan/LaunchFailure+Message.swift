import Glibc

extension LaunchFailure {
    /// One line for a status: the step, what it was about, and the system's words: `exec "/nginx": No such file or directory`.
    public var message: String {
        if step == .environment { return path }
        let words = String(cString: strerror(errno))
        return path.isEmpty ? "\(step): \(words)" : "\(step) \"\(path)\": \(words)"
    }
}
