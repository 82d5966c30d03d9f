import ArgumentParser

/// What went wrong with some of several objects, while the others were done.
struct CommandFailures {
    private var errors: [CommandError] = []

    init(_ errors: [CommandError] = []) {
        self.errors = errors
    }

    mutating func add(_ error: CommandError) { errors.append(error) }

    /// Throws where anything went wrong: one error as it is; of several their lines, without a prefix, as kubectl does it.
    func end() throws {
        guard let first = errors.first else { return }
        if errors.count == 1 { throw first }
        for error in errors {
            Output.error(error.line.hasPrefix("error: ") ? String(error.line.dropFirst(7)) : error.line)
        }
        throw ExitCode(first.code)
    }
}
