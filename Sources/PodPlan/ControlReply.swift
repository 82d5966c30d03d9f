/// What a supervisor answers on its control socket.
public enum ControlReply: Sendable, Equatable, BinaryCodable {
    /// It has been done, or is under way.
    case done
    /// Nothing has changed. One line, for the user.
    case refused(String)
    /// With its pidfd. `pid` is the host's.
    case container(pid: Int32, attempt: UInt32)
    /// The pod has ended, and all of it is gone but its state directory; as `PodReport.finished`.
    case ended(exitCode: Int32, status: String)
    /// Of `attach`, `network` and `place`.
    case session(SessionReport)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .done:
            encoder.encode(UInt8(1))
        case .refused(let text):
            encoder.encode(UInt8(2))
            encoder.encode(text)
        case .container(let pid, let attempt):
            encoder.encode(UInt8(3))
            encoder.encode(pid)
            encoder.encode(attempt)
        case .ended(let exitCode, let status):
            encoder.encode(UInt8(4))
            encoder.encode(exitCode)
            encoder.encode(status)
        case .session(let report):
            encoder.encode(UInt8(40))
            encoder.encode(report)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .done
        case 2: self = .refused(try decoder.decode())
        case 3: self = .container(pid: try decoder.decode(), attempt: try decoder.decode())
        case 4: self = .ended(exitCode: try decoder.decode(), status: try decoder.decode())
        case 40: self = .session(try decoder.decode())
        default: throw .invalidValue("ControlReply")
        }
    }
}
