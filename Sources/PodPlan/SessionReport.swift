/// What a command hears of its session in a pod. For `exec` it comes over a SOCK_SEQPACKET socket that the command made for it,
/// and whose other end it sent along; for all else in `ControlReply.session`.
///
///     command                    supervisor                 keeper                    process in the container
///        │  request + socket + pipes  │                        │
///        ├───────────────────────────▶│                        │
///        │◀── accepted or refused ────┤  exec + the same       │
///        │                            ├───────────────────────▶│   clone3
///        │◀──────────────────────────────── terminal + its master ──────────────────────┤
///        │◀──────────────── ended or failed ───────────────────┤
///
/// End-of-file before `accepted` means that nothing has been done; after it, that the pod has ended.
public enum SessionReport: Sendable, Equatable, BinaryCodable {
    /// `defaulted`: the names of all containers, where the pod has several and none was asked for.
    case accepted(container: String, defaulted: [String])
    case refused(SessionRefusal)
    /// With the master of the terminal. Of a container's own terminal it comes anew with each start.
    case terminal
    /// With the writing end of the container's standard input.
    case input
    /// The program did not start.
    case failed(LaunchFailure)
    /// The program has ended; `signal` is 0 where it did by itself.
    case ended(exitCode: Int32, signal: Int32)
    /// The reader was so slow that bytes of output were left out.
    case lost(bytes: UInt64)
    /// With the descriptor of the pod's network namespace.
    case network
    /// With the pidfd of a container's first process: its user, as the host counts, and where relative paths begin.
    case process(pid: Int32, uid: UInt32, gid: UInt32, workingDirectory: String)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .accepted(let container, let defaulted):
            encoder.encode(UInt8(1))
            encoder.encode(container)
            encoder.encode(defaulted)
        case .refused(let refusal):
            encoder.encode(UInt8(2))
            encoder.encode(refusal)
        case .terminal:
            encoder.encode(UInt8(3))
        case .input:
            encoder.encode(UInt8(4))
        case .failed(let failure):
            encoder.encode(UInt8(5))
            encoder.encode(failure)
        case .ended(let exitCode, let signal):
            encoder.encode(UInt8(6))
            encoder.encode(exitCode)
            encoder.encode(signal)
        case .lost(let bytes):
            encoder.encode(UInt8(7))
            encoder.encode(bytes)
        case .network:
            encoder.encode(UInt8(8))
        case .process(let pid, let uid, let gid, let workingDirectory):
            encoder.encode(UInt8(9))
            encoder.encode(pid)
            encoder.encode(uid)
            encoder.encode(gid)
            encoder.encode(workingDirectory)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .accepted(container: try decoder.decode(), defaulted: try decoder.decode())
        case 2: self = .refused(try decoder.decode())
        case 3: self = .terminal
        case 4: self = .input
        case 5: self = .failed(try decoder.decode())
        case 6: self = .ended(exitCode: try decoder.decode(), signal: try decoder.decode())
        case 7: self = .lost(bytes: try decoder.decode())
        case 8: self = .network
        case 9:
            self = .process(
                pid: try decoder.decode(), uid: try decoder.decode(), gid: try decoder.decode(),
                workingDirectory: try decoder.decode())
        default: throw .invalidValue("SessionReport")
        }
    }
}

/// Why a session did not come about.
public enum SessionRefusal: Error, Sendable, Equatable, BinaryCodable {
    /// The pod has no such container.
    case unknownContainer(String)
    /// The container does not run now; the reason is that of its waiting or terminated state.
    case notRunning(container: String, reason: String)
    /// All containers have ended for good.
    case completed(phase: String)
    /// Something failed; in words.
    case failed(String)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .unknownContainer(let name):
            encoder.encode(UInt8(1))
            encoder.encode(name)
        case .notRunning(let container, let reason):
            encoder.encode(UInt8(2))
            encoder.encode(container)
            encoder.encode(reason)
        case .completed(let phase):
            encoder.encode(UInt8(3))
            encoder.encode(phase)
        case .failed(let words):
            encoder.encode(UInt8(4))
            encoder.encode(words)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .unknownContainer(try decoder.decode())
        case 2: self = .notRunning(container: try decoder.decode(), reason: try decoder.decode())
        case 3: self = .completed(phase: try decoder.decode())
        case 4: self = .failed(try decoder.decode())
        default: throw .invalidValue("SessionRefusal")
        }
    }
}
