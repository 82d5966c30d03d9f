/// What a supervisor tells the command that started it, over a `SOCK_SEQPACKET` socket, a message a packet.
/// The containers' output is not among it: that is read from the log files.
public enum PodReport: Sendable, Equatable, BinaryCodable {
    /// Of a kept pod: the supervisor has the pod's lock, and from here on needs nobody.
    case claimed
    /// Namespaces, volumes and ports are there.
    case sandboxReady(at: Moment)
    /// The pod cannot be set up; nothing was started. `reason` is a Kubernetes event reason, such as `FailedMount`.
    case sandboxFailed(reason: String, message: String)
    case created(container: UInt32, attempt: UInt32, at: Moment)
    case started(container: UInt32, attempt: UInt32, pid: Int32, at: Moment)
    case failedToStart(container: UInt32, attempt: UInt32, at: Moment, failure: LaunchFailure)
    /// `exitCode` is 128 + `signal` where a signal ended it; `reason` is `Completed`, `Error` or `OOMKilled`.
    case terminated(container: UInt32, attempt: UInt32, at: Moment, exitCode: Int32, signal: Int32, reason: String)
    /// The container waits in `CrashLoopBackOff`; nanoseconds.
    case backOff(container: UInt32, delay: Int64)
    /// `Pending`, `Running`, `Succeeded`, `Failed`.
    case phase(String)
    /// The pod is being stopped, with this grace period in seconds.
    case stopping(grace: Int64)
    /// So many of the containers that count are ready; told only where a probe or hook decides on it.
    case ready(UInt32, of: UInt32)
    /// A Kubernetes event about a container: `Unhealthy`, `Killing`, `FailedPostStartHook` …
    case event(container: UInt32, reason: String, message: String)
    /// Something worth a line that changes nothing: `a limit could not be raised: not permitted`.
    case note(String)
    /// The log files have grown.
    case output
    /// The last message: everything is gone. `status` is the pod's `status`, as Kubernetes JSON; `exitCode` is the first
    /// failed container's, or 0.
    case finished(exitCode: Int32, status: String)

    /// The reason of `sandboxFailed` where another supervisor holds the pod.
    public static let alreadyRuns = "AlreadyRuns"

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .claimed:
            encoder.encode(UInt8(20))
        case .sandboxReady(let at):
            encoder.encode(UInt8(1))
            encoder.encode(at)
        case .sandboxFailed(let reason, let message):
            encoder.encode(UInt8(2))
            encoder.encode(reason)
            encoder.encode(message)
        case .created(let container, let attempt, let at):
            encoder.encode(UInt8(3))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(at)
        case .started(let container, let attempt, let pid, let at):
            encoder.encode(UInt8(4))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(pid)
            encoder.encode(at)
        case .failedToStart(let container, let attempt, let at, let failure):
            encoder.encode(UInt8(5))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(at)
            encoder.encode(failure)
        case .terminated(let container, let attempt, let at, let exitCode, let signal, let reason):
            encoder.encode(UInt8(6))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(at)
            encoder.encode(exitCode)
            encoder.encode(signal)
            encoder.encode(reason)
        case .backOff(let container, let delay):
            encoder.encode(UInt8(7))
            encoder.encode(container)
            encoder.encode(delay)
        case .phase(let phase):
            encoder.encode(UInt8(8))
            encoder.encode(phase)
        case .stopping(let grace):
            encoder.encode(UInt8(9))
            encoder.encode(grace)
        case .note(let text):
            encoder.encode(UInt8(10))
            encoder.encode(text)
        case .ready(let ready, let count):
            encoder.encode(UInt8(13))
            encoder.encode(ready)
            encoder.encode(count)
        case .event(let container, let reason, let message):
            encoder.encode(UInt8(14))
            encoder.encode(container)
            encoder.encode(reason)
            encoder.encode(message)
        case .output:
            encoder.encode(UInt8(12))
        case .finished(let exitCode, let status):
            encoder.encode(UInt8(11))
            encoder.encode(exitCode)
            encoder.encode(status)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 20: self = .claimed
        case 1: self = .sandboxReady(at: try decoder.decode())
        case 2: self = .sandboxFailed(reason: try decoder.decode(), message: try decoder.decode())
        case 3:
            self = .created(container: try decoder.decode(), attempt: try decoder.decode(), at: try decoder.decode())
        case 4:
            self = .started(
                container: try decoder.decode(), attempt: try decoder.decode(), pid: try decoder.decode(),
                at: try decoder.decode())
        case 5:
            self = .failedToStart(
                container: try decoder.decode(), attempt: try decoder.decode(), at: try decoder.decode(),
                failure: try decoder.decode())
        case 6:
            self = .terminated(
                container: try decoder.decode(), attempt: try decoder.decode(), at: try decoder.decode(),
                exitCode: try decoder.decode(), signal: try decoder.decode(), reason: try decoder.decode())
        case 7: self = .backOff(container: try decoder.decode(), delay: try decoder.decode())
        case 8: self = .phase(try decoder.decode())
        case 9: self = .stopping(grace: try decoder.decode())
        case 10: self = .note(try decoder.decode())
        case 13: self = .ready(try decoder.decode(), of: try decoder.decode())
        case 14:
            self = .event(
                container: try decoder.decode(), reason: try decoder.decode(), message: try decoder.decode())
        case 12: self = .output
        case 11: self = .finished(exitCode: try decoder.decode(), status: try decoder.decode())
        default: throw .invalidValue("PodReport")
        }
    }
}

/// What the command asks of the supervisor over the same socket.
public enum PodRequest: Sendable, Equatable, BinaryCodable {
    /// As `start`, of a kept pod that has run before: a second memfd holds what its `lifecycle` file does.
    case startAgain
    /// The first message to a new supervisor: run the pod whose `PodPlan` is in the memfd that comes along.
    case start
    /// Follows `start` where a container has the host's root: the paths below `/etc` that are not for containers. The command
    /// looks for them while the supervisor is busy. Empty: there are too many for a packet.
    case secrets([String])
    /// Stop the pod; `grace` in seconds, -1: the pod's own. A second one may only shorten it; 0 kills at once.
    case stop(grace: Int64)
    /// With a memfd that holds a `PodUpdate`.
    case update

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .start:
            encoder.encode(UInt8(2))
        case .startAgain:
            encoder.encode(UInt8(4))
        case .secrets(let paths):
            encoder.encode(UInt8(3))
            encoder.encode(paths)
        case .stop(let grace):
            encoder.encode(UInt8(1))
            encoder.encode(grace)
        case .update:
            encoder.encode(UInt8(20))
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .stop(grace: try decoder.decode())
        case 2: self = .start
        case 4: self = .startAgain
        case 3: self = .secrets(try decoder.decode())
        case 20: self = .update
        default: throw .invalidValue("PodRequest")
        }
    }
}
