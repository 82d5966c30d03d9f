/// What a container's standard input is, and whether it has a terminal.
public struct StreamPlan: Sendable, Equatable, BinaryCodable {
    /// `stdin`: a pipe, which gives nothing and does not end while nobody is connected to it. Otherwise /dev/null.
    public var input = false
    /// `stdinOnce`: it ends when the first who is connected to it leaves.
    public var inputOnce = false
    /// `tty`: a terminal of the container's own for all three streams.
    public var terminal = false

    public init() {}

    /// Standard input comes through a pipe.
    public var hasInputPipe: Bool { input && !terminal }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(input)
        encoder.encode(inputOnce)
        encoder.encode(terminal)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        input = try decoder.decode()
        inputOnce = try decoder.decode()
        terminal = try decoder.decode()
    }
}
