import PodPlan

// Supervisor and keeper talk over a SOCK_SEQPACKET socket pair, a message a packet:
//
//     supervisor                                keeper
//         │  save(state), store(tag) + fd         │   what a next supervisor needs
//         │  launch(container, attempt) + fds     │
//         ├──────────────────────────────────────▶│   clone3, set up, exec
//         │◀──────────────────────────────────────┤   started + pidfd, or failed
//         │◀──────────────────────────────────────┤   exited
//         │  exec(id, container, program) + fds   │
//         ├──────────────────────────────────────▶│   clone3 in the container's PID namespace, join, exec
//         │◀──────────────────────────────────────┤   execEnded, or execFailed
//         │  release                              │   nothing runs any more: the keeper leaves
//
// When the supervisor dies, the keeper starts another one with a new socket, and the first thing on it is all that
// the keeper holds: saved, stored + fd …, started + pidfd / failed / exited …, handedOver.

public enum KeeperRequest: Sendable, Equatable, BinaryCodable {
    /// With the container's standard output, standard error and cgroup directory (the last may be missing). Without any, it
    /// is one that has been prepared, which now goes on.
    case launch(container: UInt32, attempt: UInt32)
    /// As `launch`, but the process waits before it depends on what other containers do: its turn comes later, if at all.
    case prepare(container: UInt32, attempt: UInt32)
    /// A further program in a running container, with the descriptors that `ExecDescriptors` says. `id` is the supervisor's to
    /// choose, and not 0.
    case exec(id: UInt32, container: UInt32, attempt: UInt32, ExecPlan)
    /// Kills what `exec` has started, with all that it has started in turn.
    case endExec(id: UInt32)
    /// With the descriptor; one under the same tag is replaced.
    case store(tag: UInt32)
    case drop(tag: UInt32)
    /// The supervisor's state, opaque to the keeper.
    case save([UInt8])
    case release
    /// Start the first process of the pod's PID namespace, with its cgroup directory; answered by `paused`.
    case pause
    /// Nothing happens for a while, as it seems: give back memory.
    case rest

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .launch(let container, let attempt):
            encoder.encode(UInt8(1))
            encoder.encode(container)
            encoder.encode(attempt)
        case .store(let tag):
            encoder.encode(UInt8(2))
            encoder.encode(tag)
        case .drop(let tag):
            encoder.encode(UInt8(3))
            encoder.encode(tag)
        case .save(let bytes):
            encoder.encode(UInt8(4))
            encoder.encode(bytes)
        case .release:
            encoder.encode(UInt8(5))
        case .pause:
            encoder.encode(UInt8(20))
        case .rest:
            encoder.encode(UInt8(22))
        case .prepare(let container, let attempt):
            encoder.encode(UInt8(6))
            encoder.encode(container)
            encoder.encode(attempt)
        case .exec(let id, let container, let attempt, let program):
            encoder.encode(UInt8(7))
            encoder.encode(id)
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(program)
        case .endExec(let id):
            encoder.encode(UInt8(8))
            encoder.encode(id)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .launch(container: try decoder.decode(), attempt: try decoder.decode())
        case 2: self = .store(tag: try decoder.decode())
        case 3: self = .drop(tag: try decoder.decode())
        case 4: self = .save(try decoder.decode())
        case 5: self = .release
        case 20: self = .pause
        case 22: self = .rest
        case 6: self = .prepare(container: try decoder.decode(), attempt: try decoder.decode())
        case 7:
            self = .exec(
                id: try decoder.decode(), container: try decoder.decode(), attempt: try decoder.decode(),
                try decoder.decode())
        case 8: self = .endExec(id: try decoder.decode())
        default: throw .invalidValue("KeeperRequest")
        }
    }
}

public enum KeeperReport: Sendable, Equatable, BinaryCodable {
    /// The program has been exec'd; with its pidfd.
    case started(container: UInt32, attempt: UInt32, pid: Int32, at: Moment)
    case failed(container: UInt32, attempt: UInt32, failure: LaunchFailure, at: Moment)
    /// `signal` is 0 where the process ended by itself; else `exitCode` is 0.
    case exited(container: UInt32, attempt: UInt32, exitCode: Int32, signal: Int32, at: Moment)
    /// The program of `KeeperRequest.exec` has ended; as `exited`. `id` is 0 where an earlier supervisor had asked for it.
    case execEnded(id: UInt32, exitCode: Int32, signal: Int32)
    /// It did not start.
    case execFailed(id: UInt32, failure: LaunchFailure)
    /// With the descriptor.
    case stored(tag: UInt32)
    case saved([UInt8])
    /// At a hand-over: it has been cloned for this attempt, and its `started` or `failed` will come.
    case launching(container: UInt32, attempt: UInt32)
    case handedOver
    /// `errno` is 0 where the process is there.
    case paused(errno: Int32)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .started(let container, let attempt, let pid, let at):
            encoder.encode(UInt8(1))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(pid)
            encoder.encode(at)
        case .failed(let container, let attempt, let failure, let at):
            encoder.encode(UInt8(2))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(failure)
            encoder.encode(at)
        case .exited(let container, let attempt, let exitCode, let signal, let at):
            encoder.encode(UInt8(3))
            encoder.encode(container)
            encoder.encode(attempt)
            encoder.encode(exitCode)
            encoder.encode(signal)
            encoder.encode(at)
        case .stored(let tag):
            encoder.encode(UInt8(4))
            encoder.encode(tag)
        case .saved(let bytes):
            encoder.encode(UInt8(5))
            encoder.encode(bytes)
        case .handedOver:
            encoder.encode(UInt8(6))
        case .launching(let container, let attempt):
            encoder.encode(UInt8(9))
            encoder.encode(container)
            encoder.encode(attempt)
        case .execEnded(let id, let exitCode, let signal):
            encoder.encode(UInt8(7))
            encoder.encode(id)
            encoder.encode(exitCode)
            encoder.encode(signal)
        case .execFailed(let id, let failure):
            encoder.encode(UInt8(8))
            encoder.encode(id)
            encoder.encode(failure)
        case .paused(let errno):
            encoder.encode(UInt8(20))
            encoder.encode(errno)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1:
            self = .started(
                container: try decoder.decode(), attempt: try decoder.decode(), pid: try decoder.decode(),
                at: try decoder.decode())
        case 2:
            self = .failed(
                container: try decoder.decode(), attempt: try decoder.decode(), failure: try decoder.decode(),
                at: try decoder.decode())
        case 3:
            self = .exited(
                container: try decoder.decode(), attempt: try decoder.decode(), exitCode: try decoder.decode(),
                signal: try decoder.decode(), at: try decoder.decode())
        case 4: self = .stored(tag: try decoder.decode())
        case 5: self = .saved(try decoder.decode())
        case 6: self = .handedOver
        case 7:
            self = .execEnded(
                id: try decoder.decode(), exitCode: try decoder.decode(), signal: try decoder.decode())
        case 8: self = .execFailed(id: try decoder.decode(), failure: try decoder.decode())
        case 9: self = .launching(container: try decoder.decode(), attempt: try decoder.decode())
        case 20: self = .paused(errno: try decoder.decode())
        default: throw .invalidValue("KeeperReport")
        }
    }
}

extension KeeperReport {
    /// As a shell and Kubernetes count it: 128 and the signal's number where a signal ended the process.
    public static func exitCode(_ exitCode: Int32, signal: Int32) -> Int32 { signal == 0 ? exitCode : 128 + signal }
}
