/// core/v1 Container: the fields that are carried out.
public struct Container: Sendable, Equatable {
    public var name = ""
    /// Empty where it is left out: the host's root file system.
    public var image = ""
    public var command: [String] = []
    public var args: [String] = []
    public var workingDir = ""
    public var ports: [ContainerPort] = []
    public var env: [EnvVar] = []
    public var envFrom: [EnvFromSource] = []
    public var volumeMounts: [VolumeMount] = []
    public var volumeDevices: [VolumeDevice] = []
    /// `restartPolicy: Always` of an init container: a native sidecar (KEP-753).
    public var isSidecar = false
    public var resources = ResourceRequirements()
    /// `resizePolicy`: the resources of which another amount takes a restart.
    public var restartsOnResize: [String] = []
    /// Before the pod's, where it is set; `Always` makes an init container a sidecar.
    public var restartPolicy: RestartPolicy?
    public var restartPolicyRules: [ContainerRestartRule] = []
    public var stdin = false
    public var stdinOnce = false
    public var tty = false
    public var securityContext = SecurityContext()
    public var terminationMessagePath = "/dev/termination-log"
    public var terminationMessagePolicy = TerminationMessagePolicy.file
    public var livenessProbe: Probe?
    public var readinessProbe: Probe?
    public var startupProbe: Probe?
    public var lifecycle: Lifecycle?

    public init() {}
}

public enum TerminationMessagePolicy: String, Sendable, CaseIterable {
    case file = "File"
    case fallbackToLogsOnError = "FallbackToLogsOnError"
}

public struct ContainerPort: Sendable, Equatable {
    public enum `Protocol`: String, Sendable, CaseIterable {
        case tcp = "TCP"
        case udp = "UDP"
        case sctp = "SCTP"
    }

    public var name = ""
    public var containerPort = 0
    /// 0: not published.
    public var hostPort = 0
    /// Empty: all addresses, IPv4 and IPv6.
    public var hostIP = ""
    public var `protocol` = Protocol.tcp

    public init() {}
}

public struct EnvVar: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        case value(String)
        /// A path as the manifest has it: `metadata.name`, `metadata.labels['app']`, `status.podIP` …
        case field(String)
        case configMapKey(name: String, key: String, optional: Bool)
        case secretKey(name: String, key: String, optional: Bool)
        case resource(ResourceFieldSelector)
        /// A variable of an env file on an emptyDir (KEP-3721).
        case fileKey(volume: String, path: String, key: String, optional: Bool)
    }

    public var name: String
    public var source: Source

    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

public struct EnvFromSource: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        case configMap(name: String, optional: Bool)
        case secret(name: String, optional: Bool)
    }

    public var prefix: String
    public var source: Source

    public init(prefix: String = "", source: Source) {
        self.prefix = prefix
        self.source = source
    }
}

public struct VolumeMount: Sendable, Equatable {
    public var name = ""
    public var mountPath = ""
    public var readOnly = false
    public var subPath = ""
    /// As `subPath`, with `$(VAR)` of the container's environment.
    public var subPathExpr = ""
    public var mountPropagation = MountPropagation.none
    public var recursiveReadOnly = RecursiveReadOnly.disabled
    /// `noexec`, `nodev`, `nosuid` (KEP-5855).
    public var bindMountOptions: [String] = []

    public init() {}
}

/// core/v1 VolumeDevice: a block device in a container.
public struct VolumeDevice: Sendable, Equatable {
    public var name: String
    public var devicePath: String

    public init(name: String, devicePath: String) {
        self.name = name
        self.devicePath = devicePath
    }
}

public enum MountPropagation: String, Sendable, CaseIterable {
    case none = "None"
    case hostToContainer = "HostToContainer"
    case bidirectional = "Bidirectional"
}

public enum RecursiveReadOnly: String, Sendable, CaseIterable {
    case disabled = "Disabled"
    case ifPossible = "IfPossible"
    case enabled = "Enabled"
}

public struct SecurityContext: Sendable, Equatable {
    public var runAsUser: Int64?
    public var runAsGroup: Int64?
    public var runAsNonRoot: Bool?
    public var readOnlyRootFilesystem = false
    public var privileged = false
    public var allowPrivilegeEscalation: Bool?
    /// Names without `CAP_`, or `ALL`.
    public var addCapabilities: [String] = []
    public var dropCapabilities: [String] = []
    public var seccompProfile: SeccompProfile?
    public var appArmorProfile: AppArmorProfile?
    public var seLinuxOptions: SELinuxOptions?
    public var procMount = ProcMount.masked

    public init() {}
}
