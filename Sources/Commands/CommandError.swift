import ObjectStore
import PodAPI

/// What ends a command: one line, and the exit code (1: the pod or the command failed; 2: bad usage or a bad manifest,
/// and nothing was changed).
struct CommandError: Error, CustomStringConvertible {
    var description: String
    var code: Int32

    init(_ description: String, code: Int32 = 1) {
        self.description = description
        self.code = code
    }

    /// As the API server's answer reads in kubectl.
    static func server(_ reason: String, _ message: String) -> CommandError {
        CommandError("Error from server (\(reason)): \(message)")
    }

    static func notFound(_ kind: ResourceKind, _ name: String) -> CommandError {
        server("NotFound", "\(kind.resource) \"\(TerminalText.escaped(name))\" not found")
    }

    init(_ error: ObjectStoreError) {
        func words(_ key: ObjectKey) -> String {
            "\(ResourceKind(kind: key.kind)?.resource ?? key.kind.lowercased()) \"\(TerminalText.escaped(key.name))\""
        }
        self =
            switch error {
            case .alreadyExists(let key): .server("AlreadyExists", "\(words(key)) already exists")
            case .notFound(let key): .server("NotFound", "\(words(key)) not found")
            case .conflict(let key):
                .server(
                    "Conflict",
                    "Operation cannot be fulfilled on \(words(key)): the object has been modified; please apply your "
                        + "changes to the latest version and try again")
            case .invalid(let key, let problem):
                CommandError("The \(key.kind) \"\(TerminalText.escaped(key.name))\" is invalid: \(problem)")
            case .expired: .server("Expired", error.description)
            case .unusable: CommandError(error.description)
            case .abandoned(let reason): CommandError(reason)
            }
    }

    /// As it is shown: what is in kubectl's words has none of this program's name.
    var line: String {
        let isWhole = ["error: ", "Error from server", "The "].contains { description.hasPrefix($0) }
        return isWhole ? description : "swiftlet: \(description)"
    }
}
