/// What a pod's namespaces are to be, beyond the usual: a network, IPC and UTS namespace for the pod, and a PID namespace for
/// each container.
public struct NamespacePlan: Sendable, Equatable, BinaryCodable {
    /// A kernel parameter of the pod's own network or IPC namespace.
    public struct Sysctl: Sendable, Equatable, BinaryCodable {
        /// Relative to `/proc/sys`.
        public var path: String
        public var value: String

        public init(path: String, value: String) {
            self.path = path
            self.value = value
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(path)
            encoder.encode(value)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            path = try decoder.decode()
            value = try decoder.decode()
        }
    }

    /// Whose processes a container sees.
    public enum Processes: UInt8, Sendable {
        /// Its own: its first process is PID 1.
        case container
        /// The pod's (`shareProcessNamespace`); PID 1 is a process that does nothing but collect orphans.
        case pod
        /// All of the host's (`hostPID`).
        case host
    }

    /// How many user and group ids a pod has that has users of its own (KEP-127).
    public static let userCount: UInt32 = 65_536

    public var sysctls: [Sysctl] = []
    public var processes = Processes.container
    public var hostIPC = false
    /// The pod has users of its own (`hostUsers: false`).
    public var ownUsers = false
    /// What id 0 of the pod is on the host, where it has users of its own. The supervisor chooses it.
    public var firstHostID: UInt32 = 0

    public init() {}

    /// What the pod's `id` is on the host.
    public func hostID(_ id: UInt32) -> UInt32 { ownUsers ? firstHostID + id : id }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(sysctls)
        encoder.encode(processes)
        encoder.encode(hostIPC)
        encoder.encode(ownUsers)
        encoder.encode(firstHostID)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        sysctls = try decoder.decode()
        processes = try decoder.decode()
        hostIPC = try decoder.decode()
        ownUsers = try decoder.decode()
        firstHostID = try decoder.decode()
    }
}
