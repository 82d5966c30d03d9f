import PodAPI
import PodPlan
import Storage

/// One plan in the making: the plan, what has gone wrong so far, and what the pod may look up.
struct Planning {
    let planner: PodPlanner
    let pod: Pod
    let uid: String
    let configMaps: [String: ConfigMap]
    let secrets: [String: Secret]
    /// Of all namespaces, by name.
    let services: [Service]
    let clusterIPs: ClusterIPs
    let podHostname: PodHostname

    var plan = PodPlan()
    var errors: [PlanError] = []
    var notes: [PlanNote] = []

    /// By the name of the pod's volume.
    var volumeIndex: [String: PlannedVolume] = [:]
    var filterIndex: [FilterPlan: UInt32] = [:]
    var userDatabases: [(root: ContainerPlan.RootFS, users: UserDatabase)] = []

    /// What the host has, asked for when it is first needed.
    private(set) lazy var node = planner.node()

    init(
        planner: PodPlanner, pod: Pod, configMaps: [ConfigMap], secrets: [Secret], services: [Service], uid: String
    ) {
        self.planner = planner
        self.pod = pod
        self.uid = uid
        self.services = services.sorted {
            ($0.metadata.namespace, $0.metadata.name) < ($1.metadata.namespace, $1.metadata.name)
        }
        clusterIPs = ClusterIPs(services)
        podHostname = pod.spec.hostNetwork ? PodHostname(host: planner.host.hostname) : PodHostname(pod)
        let namespace = pod.metadata.namespace
        self.configMaps = Dictionary(
            configMaps.filter { $0.metadata.namespace == namespace }.map { ($0.metadata.name, $0) }
        ) { $1 }
        self.secrets = Dictionary(
            secrets.filter { $0.metadata.namespace == namespace }.map { ($0.metadata.name, $0) }
        ) { $1 }
    }

    var host: HostFacts { planner.host }

    /// A pod without a network of its own has the host's addresses; the others have their localhost alone.
    var podIPs: [String] { pod.spec.hostNetwork ? hostIPs : ["127.0.0.1"] }
    var hostIPs: [String] { host.addresses.isEmpty ? ["127.0.0.1"] : host.addresses }

    /// Init containers first, each with its place in the manifest.
    var allContainers: [(container: Container, kind: ContainerPlan.Kind, path: FieldPath)] {
        pod.spec.initContainers.enumerated().map {
            ($1, $1.isSidecar ? .sidecar : .initContainer, FieldPath("spec", "initContainers").index($0))
        } + pod.spec.containers.enumerated().map { ($1, .app, FieldPath("spec", "containers").index($0)) }
    }

    mutating func fail(_ path: FieldPath, _ reason: PlanError.Reason, _ message: String) {
        let error = PlanError(path, reason, message)
        // What is wrong with the pod's own context is found with each of its containers.
        if !errors.contains(error) { errors.append(error) }
    }

    mutating func note(_ path: FieldPath, _ message: String) {
        notes.append(PlanNote(path, message))
    }

    /// Names, paths and the `/etc` files.
    mutating func planPod() {
        let metadata = pod.metadata
        for (name, path) in [
            (uid, FieldPath("metadata", "uid")), (metadata.namespace, FieldPath("metadata", "namespace")),
            (metadata.name, FieldPath("metadata", "name")),
        ] where !PathName.isSafe(name) {
            fail(path, .refused, "\(quoted(name)) cannot be part of a path")
        }
        plan.uid = uid
        plan.namespace = metadata.namespace
        plan.name = metadata.name
        plan.hostname = hostname
        if podHostname.kernelName == nil {
            fail(
                FieldPath("spec", "setHostnameAsFQDN"), .failedCreatePodSandBox,
                "failed to construct FQDN from pod hostname and cluster domain, FQDN \(podHostname.qualified) is too long "
                    + "(\(PodHostname.maximumLength) characters is the max, \(podHostname.qualified.utf8.count) characters "
                    + "requested)"
            )
        }
        noteServicePorts()
        plan.restartPolicy = PodPlan.RestartPolicy(pod.spec.restartPolicy)
        plan.terminationGracePeriod = pod.spec.terminationGracePeriodSeconds
        plan.activeDeadline = pod.spec.activeDeadlineSeconds ?? 0
        plan.hostNetwork = pod.spec.hostNetwork
        plan.fsGroup = fsGroup
        plan.defaultContainer = pod.metadata.annotations["kubectl.kubernetes.io/default-container"] ?? ""
        plan.readinessGates = pod.spec.scheduling.readinessGates
        for (index, gate) in plan.readinessGates.enumerated() {
            note(
                FieldPath("spec", "readinessGates").index(index),
                "nobody sets the condition \(quoted(gate)) on one host: the pod runs, and does not become Ready")
        }
        plan.podIPs = podIPs
        plan.hostIPs = hostIPs
        plan.paths = PodPlan.Paths(
            state: "\(host.stateRoot)/pods/\(uid)", run: "\(host.runRoot)/pods/\(uid)",
            logs: "\(host.logRoot)/\(metadata.namespace)_\(metadata.name)_\(uid)",
            cgroup: "\(host.cgroupRoot)/pod\(uid)"
        )
        let hosts =
            pod.spec.hostNetwork
            ? EtcHosts.hostNetwork(hostsFile: host.hostsFile, aliases: pod.spec.hostAliases)
            : EtcHosts.managed(podIPs: podIPs, name: podHostname, aliases: pod.spec.hostAliases)
        var limits: [String] = []
        let resolvConf = ResolvConf(policy: pod.spec.dnsPolicy, config: pod.spec.dnsConfig, host: host.resolvConf) {
            limits.append($0)
        }
        for limit in limits { note(FieldPath("spec", "dnsConfig"), limit) }
        for (name, text) in [
            ("hosts", hosts + serviceHosts), ("resolv.conf", resolvConf.text), ("hostname", hostname + "\n"),
        ] {
            plan.etcFiles.append(FilePlan(path: name, mode: 0o644, content: Array(text.utf8)))
        }
    }

    var hostname: String { podHostname.kernelName ?? podHostname.hostname }

    mutating func planPorts() {
        guard !pod.spec.hostNetwork else { return }
        for (container, kind, path) in allContainers where kind != .initContainer {
            for (index, port) in container.ports.enumerated() where port.hostPort != 0 {
                let path = path.field("ports").index(index)
                guard let hostPort = UInt16(exactly: port.hostPort), let inner = UInt16(exactly: port.containerPort)
                else {
                    fail(path, .refused, "a port is a number between 1 and 65535")
                    continue
                }
                let transport: PortPlan.`Protocol`
                switch port.protocol {
                case .tcp: transport = .tcp
                case .udp: transport = .udp
                case .sctp:
                    fail(
                        path.field("protocol"), .refused,
                        "SCTP cannot be published: connections are carried between the host and the pod's localhost for TCP "
                            + "and UDP alone; leave hostPort out, or use hostNetwork"
                    )
                    continue
                }
                plan.ports.append(
                    PortPlan(
                        protocol: transport, hostIP: port.hostIP, hostPort: hostPort, containerPort: inner
                    )
                )
            }
        }
    }
}

func quoted(_ text: String) -> String { DisplayText.quoted(text) }

/// Names that become one component of a path on the host.
enum PathName {
    /// The rule of runc and crun for ids; `..`, `/` and control characters are out.
    static func isSafe(_ name: String) -> Bool {
        let isWord: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard let first = name.utf8.first, isWord(first), first != UInt8(ascii: "-"), name.utf8.count <= 253 else {
            return false
        }
        return name.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") }
    }
}
