/// All that a supervisor needs to run one pod, fully resolved: no name is looked up, no variable expanded and no YAML read
/// after this. The command line tool makes it, and hands it over in a memfd.
public struct PodPlan: Sendable, Equatable {
    /// Raised whenever the binary form changes; a supervisor refuses a plan of another version.
    public static let version: UInt32 = 4

    public enum RestartPolicy: UInt8, Sendable {
        case always, onFailure, never
    }

    /// Where the pod's things live on the host. The directories are the pod's own and are removed with it.
    public struct Paths: Sendable, Equatable, BinaryCodable {
        /// `/var/lib/swiftlet/pods/<uid>`
        public var state: String
        /// `/run/swiftlet/pods/<uid>`
        public var run: String
        /// `/var/log/pods/<namespace>_<name>_<uid>`
        public var logs: String
        /// Below the root of each cgroup hierarchy: `swiftlet/pod<uid>`.
        public var cgroup: String

        public init(state: String, run: String, logs: String, cgroup: String) {
            self.state = state
            self.run = run
            self.logs = logs
            self.cgroup = cgroup
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode([state, run, logs, cgroup])
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            let list = try decoder.decode([String].self)
            guard list.count == 4 else { throw .invalidValue("Paths") }
            self.init(state: list[0], run: list[1], logs: list[2], cgroup: list[3])
        }
    }

    public var uid = ""
    /// The pod is of the store: it outlives the command that has started it, and when it has ended its state directory stays.
    public var isKept = false
    public var namespace = ""
    public var name = ""
    /// What `hostname` prints in the pod; at most 63 bytes.
    public var hostname = ""
    public var restartPolicy = RestartPolicy.always
    /// Seconds.
    public var terminationGracePeriod: Int64 = 30
    /// Seconds from the pod's start; 0: it may run for ever.
    public var activeDeadline: Int64 = 0
    public var hostNetwork = false
    public var namespaces = NamespacePlan()
    /// Where it is set, the pod fails with it, and nothing else of the plan matters.
    public var rejection: PodRejection?
    public var paths = Paths(state: "", run: "", logs: "", cgroup: "")
    /// Files that every container finds below `/etc`: `hosts`, `resolv.conf`, `hostname`.
    public var etcFiles: [FilePlan] = []
    public var volumes: [VolumePlan] = []
    public var fsGroup: FileSystemGroup?
    /// Init containers and sidecars in declared order, then the app containers.
    public var containers: [ContainerPlan] = []
    /// Containers name theirs by index.
    public var filters: [FilterPlan] = []
    public var ports: [PortPlan] = []
    /// For the status: `status.podIPs` and `status.hostIPs`.
    public var podIPs: [String] = []
    public var hostIPs: [String] = []
    public var resources = PodResources()
    /// nil: no volume asks for one.
    public var tokens: ServiceAccountTokens?

    /// What other pods' schedulers have to know of it, opaque here: written into the pod's lock file.
    public var placement: [UInt8] = []
    /// `readinessGates[].conditionType`
    public var readinessGates: [String] = []
    public var logLimits = LogLimits()
    /// The annotation `kubectl.kubernetes.io/default-container`; empty: there is none.
    public var defaultContainer = ""

    public init() {}

    /// Whether mounts that are made below a volume spread to or from a container.
    public var hasPropagation: Bool {
        containers.contains { $0.mounts.contains { $0.options.propagation != .none } }
    }

    /// Indices of the volumes below which mounts spread, to or from whatever container.
    public var volumesWithPropagation: Set<Int> {
        var volumes: Set<Int> = []
        for container in containers {
            for mount in container.mounts where mount.options.propagation != .none { volumes.insert(Int(mount.volume)) }
        }
        return volumes
    }

    public var hasHostRoot: Bool { containers.contains { $0.rootFS == .host } }

    /// Whether there are cgroups for it besides the one that it is ended by.
    public var hasCgroupLimits: Bool {
        resources.limits != nil || containers.contains { $0.resources.restrictsDevices }
    }

    public func encoded() -> [UInt8] {
        var encoder = Encoder()
        encoder.encode(Self.version)
        encoder.encode([uid, namespace, name, hostname])
        encoder.encode(isKept)
        encoder.encode(restartPolicy)
        encoder.encode(terminationGracePeriod)
        encoder.encode(activeDeadline)
        encoder.encode(hostNetwork)
        encoder.encode(namespaces)
        encoder.encode(rejection)
        encoder.encode(paths)
        encoder.encode(etcFiles)
        encoder.encode(volumes)
        encoder.encode(fsGroup)
        encoder.encode(containers)
        encoder.encode(filters)
        encoder.encode(ports)
        encoder.encode(podIPs)
        encoder.encode(hostIPs)
        encoder.encode(resources)
        encoder.encode(tokens)
        encoder.encode(placement)
        encoder.encode(readinessGates)
        encoder.encode(logLimits)
        encoder.encode(defaultContainer)
        return encoder.bytes
    }

    public init(decoding bytes: [UInt8]) throws(CodecError) {
        var decoder = Decoder(bytes)
        let version = try decoder.decode(UInt32.self)
        guard version == Self.version else { throw .unknownVersion(version) }
        let names = try decoder.decode([String].self)
        guard names.count == 4 else { throw .invalidValue("PodPlan") }
        (uid, namespace, name, hostname) = (names[0], names[1], names[2], names[3])
        isKept = try decoder.decode()
        restartPolicy = try decoder.decode()
        terminationGracePeriod = try decoder.decode()
        activeDeadline = try decoder.decode()
        hostNetwork = try decoder.decode()
        namespaces = try decoder.decode()
        rejection = try decoder.decode()
        paths = try decoder.decode()
        etcFiles = try decoder.decode()
        volumes = try decoder.decode()
        fsGroup = try decoder.decode()
        containers = try decoder.decode()
        filters = try decoder.decode()
        ports = try decoder.decode()
        podIPs = try decoder.decode()
        hostIPs = try decoder.decode()
        resources = try decoder.decode()
        tokens = try decoder.decode()
        placement = try decoder.decode()
        readinessGates = try decoder.decode()
        logLimits = try decoder.decode()
        defaultContainer = try decoder.decode()
        try decoder.finish()
    }
}

/// A file with its content: a key of a ConfigMap or Secret volume, or one of the pod's `/etc` files.
public struct FilePlan: Sendable, Equatable, BinaryCodable {
    /// Relative; may have several components (`items[].path`).
    public var path: String
    /// Permission bits.
    public var mode: UInt32
    public var content: [UInt8]
    /// The uid of the file's owner.
    public var owner: UInt32

    public init(path: String, mode: UInt32, content: [UInt8], owner: UInt32 = 0) {
        self.path = path
        self.mode = mode
        self.content = content
        self.owner = owner
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(path)
        encoder.encode(mode)
        encoder.encode(content)
        encoder.encode(owner)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        path = try decoder.decode()
        mode = try decoder.decode()
        content = try decoder.decode()
        owner = try decoder.decode()
    }
}

/// A hostPort: connections to it on the host reach `containerPort` on the pod's localhost.
public struct PortPlan: Sendable, Equatable, BinaryCodable {
    public enum `Protocol`: UInt8, Sendable {
        case tcp, udp
    }

    public var `protocol`: Protocol
    /// An IPv4 or IPv6 address; empty: all addresses of both.
    public var hostIP: String
    public var hostPort: UInt16
    public var containerPort: UInt16

    public init(protocol: Protocol, hostIP: String, hostPort: UInt16, containerPort: UInt16) {
        self.protocol = `protocol`
        self.hostIP = hostIP
        self.hostPort = hostPort
        self.containerPort = containerPort
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(`protocol`)
        encoder.encode(hostIP)
        encoder.encode(hostPort)
        encoder.encode(containerPort)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        `protocol` = try decoder.decode()
        hostIP = try decoder.decode()
        hostPort = try decoder.decode()
        containerPort = try decoder.decode()
    }
}
