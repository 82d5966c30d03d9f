/// What ends a command: one line, and the exit code (1: the pod or the command failed; 2: bad usage or a bad manifest,
/// and nothing was changed).
struct CommandError: Error, CustomStringConvertible {
    var description: String
    var code: Int32

    init(_ description: String, code: Int32 = 1) {
        self.description = description
        self.code = code
    }
}
