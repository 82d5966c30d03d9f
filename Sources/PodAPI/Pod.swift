public enum RestartPolicy: String, Sendable, CaseIterable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
}

/// core/v1 Pod: the fields that are carried out. Every other field of the API is known to PodManifest, which refuses it
/// or notes why it has no effect.
public struct Pod: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var spec: PodSpec

    public init(metadata: ObjectMeta, spec: PodSpec) {
        self.metadata = metadata
        self.spec = spec
    }
}

public enum DNSPolicy: String, Sendable, CaseIterable {
    case clusterFirst = "ClusterFirst"
    case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
    case `default` = "Default"
    case none = "None"
}

public struct PodSpec: Sendable, Equatable {
    public var initContainers: [Container] = []
    public var containers: [Container] = []
    public var volumes: [Volume] = []
    public var restartPolicy = RestartPolicy.always
    /// Seconds.
    public var terminationGracePeriodSeconds: Int64 = 30
    public var activeDeadlineSeconds: Int64?
    public var hostNetwork = false
    /// `os.name`; empty where it is left out.
    public var osName = ""
    public var hostname = ""
    public var subdomain = ""
    public var setHostnameAsFQDN = false
    /// KEP-4762; wins over `hostname` and `subdomain`.
    public var hostnameOverride = ""
    /// Variables for the Services of the pod's namespace.
    public var enableServiceLinks = true
    public var nodeName = ""
    public var scheduling = PodScheduling()
    public var serviceAccountName = ""
    public var hostAliases: [HostAlias] = []
    public var dnsPolicy = DNSPolicy.clusterFirst
    public var dnsConfig = DNSConfig()
    public var securityContext = PodSecurityContext()
    public var namespaces = PodNamespaces()
    /// Of the pod as a whole (KEP-2837).
    public var resources = ResourceRequirements()

    public init() {}
}

public struct HostAlias: Sendable, Equatable {
    public var ip: String
    public var hostnames: [String]

    public init(ip: String, hostnames: [String]) {
        self.ip = ip
        self.hostnames = hostnames
    }
}

public struct DNSConfig: Sendable, Equatable {
    public struct Option: Sendable, Equatable {
        public var name: String
        public var value: String?

        public init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    public var nameservers: [String] = []
    public var searches: [String] = []
    public var options: [Option] = []

    public init() {}
}

public enum FSGroupChangePolicy: String, Sendable, CaseIterable {
    case always = "Always"
    case onRootMismatch = "OnRootMismatch"
}

public struct PodSecurityContext: Sendable, Equatable {
    public var runAsUser: Int64?
    public var runAsGroup: Int64?
    public var runAsNonRoot: Bool?
    public var supplementalGroups: [Int64] = []
    public var fsGroup: Int64?
    public var fsGroupChangePolicy = FSGroupChangePolicy.always
    public var supplementalGroupsPolicy = SupplementalGroupsPolicy.merge
    public var sysctls: [Sysctl] = []
    public var seccompProfile: SeccompProfile?
    public var appArmorProfile: AppArmorProfile?
    public var seLinuxOptions: SELinuxOptions?

    public init() {}
}
