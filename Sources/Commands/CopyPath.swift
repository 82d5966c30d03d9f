/// One side of `cp`: `[[namespace/]pod:]path`, as kubectl reads it (extractFileSpec of `kubectl/pkg/cmd/cp`).
struct CopyPath: Equatable {
    /// Empty: the one that the command is about.
    var namespace = ""
    /// Empty: a file of the host.
    var pod = ""
    var path: String

    init(_ text: String) throws(CommandError) {
        guard let colon = text.firstIndex(of: ":") else {
            path = text
            return
        }
        // ./a:b and /a:b are files of the host.
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") {
            path = text
            return
        }
        path = String(text[text.index(after: colon)...])
        let parts = text[..<colon].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: pod = parts[0]
        case 2: (namespace, pod) = (parts[0], parts[1])
        default: throw Self.malformed
        }
        if pod.isEmpty || parts.contains("") { throw Self.malformed }
        if path.isEmpty { throw CommandError("error: filepath can not be empty", code: 2) }
    }

    private static var malformed: CommandError {
        CommandError("error: filespec must match the canonical format: [[namespace/]pod:]file/path", code: 2)
    }
}
