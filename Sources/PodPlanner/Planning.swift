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

    var plan = PodPlan()
    var errors: [PlanError] = []
    var notes: [PlanNote] = []

    /// Index in `plan.volumes` and forced read-only, by the name of the pod's volume.
    var volumeIndex: [String: (index: UInt32, readOnly: Bool)] = [:]
    var filterIndex: [FilterPlan: UInt32] = [:]
    var userDatabases: [(root: ContainerPlan.RootFS, users: UserDatabase)] = []

    /// What the host has, asked for when it is first needed.
    private(set) lazy var node = planner.node()

    init(planner: PodPlanner, pod: Pod, configMaps: [ConfigMap], secrets: [Secret], uid: String) {
        self.planner = planner
        self.pod = pod
        self.uid = uid
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
        errors.append(PlanError(path, reason, message))
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
        plan.restartPolicy = PodPlan.RestartPolicy(pod.spec.restartPolicy)
        plan.terminationGracePeriod = pod.spec.terminationGracePeriodSeconds
        plan.activeDeadline = pod.spec.activeDeadlineSeconds ?? 0
        plan.hostNetwork = pod.spec.hostNetwork
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
            : EtcHosts.managed(podIPs: podIPs, hostname: hostname, aliases: pod.spec.hostAliases)
        var limits: [String] = []
        let resolvConf = ResolvConf(policy: pod.spec.dnsPolicy, config: pod.spec.dnsConfig, host: host.resolvConf) {
            limits.append($0)
        }
        for limit in limits { note(FieldPath("spec", "dnsConfig"), limit) }
        for (name, text) in [("hosts", hosts), ("resolv.conf", resolvConf.text), ("hostname", hostname + "\n")] {
            plan.etcFiles.append(FilePlan(path: name, mode: 0o644, content: Array(text.utf8)))
        }
    }

    /// The kernel takes 64 bytes, the last one being NUL, so a longer name is cut (`truncatePodHostnameIfNeeded`).
    /// A pod on the host's network has the host's name, as with the kubelet.
    var hostname: String {
        if pod.spec.hostNetwork { return host.hostname }
        let name = pod.spec.hostname.isEmpty ? pod.metadata.name : pod.spec.hostname
        guard name.utf8.count > 63 else { return name }
        var cut = Array(name.utf8.prefix(63))
        while let last = cut.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { cut.removeLast() }
        return String(decoding: cut, as: UTF8.self)
    }

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
