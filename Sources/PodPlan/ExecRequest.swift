/// What a command asks for to be run in a container. With it come, in this order, the socket for `SessionReport`, and without a
/// terminal the pipes for output, errors and (`hasInput`) input.
public struct ExecRequest: Sendable, Equatable, BinaryCodable {
    /// Empty: the pod's default container.
    public var container: String
    public var command: [String]
    public var hasInput: Bool
    /// nil: no terminal.
    public var terminal: TerminalSize?

    public init(container: String, command: [String], hasInput: Bool, terminal: TerminalSize?) {
        self.container = container
        self.command = command
        self.hasInput = hasInput
        self.terminal = terminal
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(container)
        encoder.encode(command)
        encoder.encode(hasInput)
        encoder.encode(terminal)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        container = try decoder.decode()
        command = try decoder.decode()
        hasInput = try decoder.decode()
        terminal = try decoder.decode()
    }
}

/// Asks for a container's output from now on, until the connection ends. With it come the writing ends of two pipes, for output
/// and errors.
public struct AttachRequest: Sendable, Equatable, BinaryCodable {
    /// Empty: the pod's default container.
    public var container: String
    /// Also for the way to its standard input, or to its terminal.
    public var hasInput: Bool

    public init(container: String, hasInput: Bool) {
        self.container = container
        self.hasInput = hasInput
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(container)
        encoder.encode(hasInput)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        container = try decoder.decode()
        hasInput = try decoder.decode()
    }
}
