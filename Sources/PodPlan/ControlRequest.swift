// A pod's control socket, `<run>/pods/<uid>/control`, is a SOCK_SEQPACKET socket in a directory for root alone; a message a
// packet. A client connects, sends one request with its descriptors, and receives replies:
//
//     client                                   supervisor
//        │  ControlRequest + fds                  │
//        ├───────────────────────────────────────▶│
//        │◀───────────────────────────────────────┤  ControlReply + fds, one or more
//        │  more requests, where the kind has any │
//        ├───────────────────────────────────────▶│
//
// End-of-file before the reply that was due: the supervisor has gone. The keeper starts another one, and the listening
// socket is handed over to it; so whoever connects again waits in the socket's queue until that one answers.

/// What anybody on the host with the right to may ask of a running pod.
public enum ControlRequest: Sendable, Equatable, BinaryCodable {
    /// Within `grace` seconds; negative: the pod's own grace period. Answered by `done` at once, and by `ended` at the end.
    case stop(grace: Int64)
    /// With a memfd that holds a `PodUpdate`. Answered by `done`, or `refused` and nothing has changed.
    case update
    /// Which process a container runs as: `container`, with its pidfd.
    case container(name: String)
    /// Ends a container, or all but the init containers where the name is empty, and starts it anew whatever the restart policy
    /// says. Answered by `done` when that is under way.
    case restart(container: String)
    /// Another supervisor takes over, from the program file as it is now. Answered by `done`.
    case replace
    /// A program in a container. Answered over the socket that comes along; see `SessionReport`.
    case exec(ExecRequest)
    /// A container's output from now on; answered by `session`.
    case attach(AttachRequest)
    /// The pod's network namespace: `session(.network)` with it.
    case network
    /// Where a container is, by a name that may be empty: `session(.accepted)`, then `session(.process)`.
    case place(container: String)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .stop(let grace):
            encoder.encode(UInt8(1))
            encoder.encode(grace)
        case .update:
            encoder.encode(UInt8(2))
        case .container(let name):
            encoder.encode(UInt8(3))
            encoder.encode(name)
        case .restart(let container):
            encoder.encode(UInt8(4))
            encoder.encode(container)
        case .replace:
            encoder.encode(UInt8(5))
        case .exec(let request):
            encoder.encode(UInt8(40))
            encoder.encode(request)
        case .attach(let request):
            encoder.encode(UInt8(41))
            encoder.encode(request)
        case .network:
            encoder.encode(UInt8(42))
        case .place(let container):
            encoder.encode(UInt8(43))
            encoder.encode(container)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .stop(grace: try decoder.decode())
        case 2: self = .update
        case 3: self = .container(name: try decoder.decode())
        case 5: self = .replace
        case 4: self = .restart(container: try decoder.decode())
        case 40: self = .exec(try decoder.decode())
        case 41: self = .attach(try decoder.decode())
        case 42: self = .network
        case 43: self = .place(container: try decoder.decode())
        default: throw .invalidValue("ControlRequest")
        }
    }
}
