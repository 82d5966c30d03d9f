/// A further program of a running container.
public struct ExecPlan: Sendable, Equatable, BinaryCodable {
    public var command: [String]
    /// What goes in and comes out is a user's, who is told of the end over a socket of his own (`SessionReport`): it goes on when
    /// the supervisor dies. Otherwise it is the supervisor's, and ends with it.
    public var isSession = false
    /// Standard input is a pipe. Otherwise, and without a terminal, /dev/null.
    public var hasInput = false
    /// All three streams are a new terminal of the container's own.
    public var terminal: TerminalSize?

    public init(command: [String]) {
        self.command = command
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(command)
        encoder.encode(isSession)
        encoder.encode(hasInput)
        encoder.encode(terminal)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        command = try decoder.decode()
        isSession = try decoder.decode()
        hasInput = try decoder.decode()
        terminal = try decoder.decode()
    }
}

/// The size of a terminal, in characters.
public struct TerminalSize: Sendable, Equatable, BinaryCodable {
    public var rows: UInt16
    public var columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(rows)
        encoder.encode(columns)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        rows = try decoder.decode()
        columns = try decoder.decode()
    }
}
