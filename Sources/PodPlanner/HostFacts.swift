/// What a plan needs to know about the host, gathered once by the caller.
public struct HostFacts: Sendable, Equatable {
    /// What `hostname` prints on the host.
    public var hostname: String
    /// `spec.nodeName` of every pod; the kubelet's rule: the host name in lower case.
    public var nodeName: String
    /// Those that the node's file adds to what every node has.
    public var labels: [String: String] = [:]
    /// Kubernetes' architecture name, such as `amd64`.
    public var architecture: String
    /// The host's addresses, the preferred one first; without any, its own name for itself is 127.0.0.1.
    public var addresses: [String]
    /// Text of the host's `/etc/hosts`.
    public var hostsFile: String
    /// Text of the host's `/etc/resolv.conf`.
    public var resolvConf: String
    /// `/var/lib/swiftlet`; a pod's directory is `pods/<uid>` below it.
    public var stateRoot: String
    /// `/run/swiftlet`
    public var runRoot: String
    /// `/var/log/pods`
    public var logRoot: String
    /// Below the root of each cgroup hierarchy.
    public var cgroupRoot: String
    /// How many processes and threads a pod may have, as the kubelet's `podPidsLimit`; 0: as many as the host.
    public var podPidsLimit: Int64 = 0

    public init(
        hostname: String, nodeName: String? = nil, architecture: String = "", addresses: [String] = [],
        hostsFile: String = "", resolvConf: String = "", stateRoot: String = "/var/lib/swiftlet",
        runRoot: String = "/run/swiftlet", logRoot: String = "/var/log/pods", cgroupRoot: String = "swiftlet"
    ) {
        self.hostname = hostname
        self.nodeName = nodeName ?? hostname.lowercased()
        self.architecture = architecture
        self.addresses = addresses
        self.hostsFile = hostsFile
        self.resolvConf = resolvConf
        self.stateRoot = stateRoot
        self.runRoot = runRoot
        self.logRoot = logRoot
        self.cgroupRoot = cgroupRoot
    }

    /// The labels that the kubelet puts on its node; node affinity of a volume is judged against them.
    public var nodeLabels: [String: String] {
        var labels = ["kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux"]
        if !architecture.isEmpty { labels["kubernetes.io/arch"] = architecture }
        labels.merge(self.labels) { $1 }
        return labels
    }
}
