import Glibc

/// A system call that failed.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    public var errno: Int32
    public var call: String
    /// What it was about; may be empty.
    public var path: String

    public init(errno: Int32, call: StaticString, path: String = "") {
        self.errno = errno
        self.call = "\(call)"
        self.path = path
    }

    /// `mkdir /x: No space left on device`
    public var description: String {
        "\(call)\(path.isEmpty ? "" : " " + path): \(String(cString: strerror(errno)))"
    }
}
