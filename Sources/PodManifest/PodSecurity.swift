import PodAPI

/// The levels of the Pod Security Standards.
public enum PodSecurityLevel: String, Sendable, CaseIterable {
    case privileged, baseline, restricted
}

extension ManifestObject {
    /// What of a pod the Pod Security Standards do not allow at a level; nothing for other kinds.
    ///
    /// The policies are those of Kubernetes 1.37 (pod-security-admission, `policy/check_*.go`), with their words, but one
    /// finding for each field instead of one for each check. They are asked of the manifest itself, so that a field which is
    /// refused for another reason is judged too.
    public func podSecurityViolations(_ level: PodSecurityLevel) -> [FieldError] {
        guard case .pod = object else { return [] }
        var check = PodSecurityCheck(node, level)
        check.run()
        return check.findings
    }
}

/// The checks of one pod.
struct PodSecurityCheck {
    /// A container of any kind.
    struct Container {
        let node: ManifestNode
        let path: FieldPath
        let name: String

        var context: ManifestNode? { node["securityContext"] }
        func context(_ field: String) -> FieldPath { path.field("securityContext").field(field) }
    }

    private(set) var findings: [FieldError] = []
    let spec: ManifestNode
    let annotations: ManifestNode?
    let containers: [Container]
    private let level: PodSecurityLevel

    init(_ pod: ManifestNode, _ level: PodSecurityLevel) {
        let spec = pod["spec"] ?? ManifestNode(.mapping([]), at: pod.position)
        self.spec = spec
        self.level = level
        annotations = pod["metadata"]?["annotations"]
        containers = ["initContainers", "containers", "ephemeralContainers"].flatMap { list in
            spec.list(list).enumerated().map {
                Container(node: $1, path: FieldPath("spec", list).index($0), name: $1.string("name"))
            }
        }
    }

    mutating func run() {
        guard level != .privileged else { return }
        checkHostNamespaces()
        checkPrivileged()
        checkHostPorts()
        checkHostsOfProbes()
        checkAppArmor()
        checkSELinux()
        checkSysctls()
        checkWindows()
        // The stricter check of a thing takes the place of the other one.
        if level == .restricted {
            checkVolumes()
            checkProcMount()
            checkCapabilitiesRestricted()
            checkSeccompRestricted()
            checkPrivilegeEscalation()
            checkRunAsNonRoot()
            checkRunAsUser()
        } else {
            checkHostPaths()
            if !isInUserNamespace { checkProcMount() }
            checkCapabilitiesBaseline()
            checkSeccompBaseline()
        }
    }

    mutating func report(_ path: FieldPath, _ reason: String, _ detail: String) {
        findings.append(
            FieldError(path, "violates PodSecurity \"\(level.rawValue):latest\": \(reason) (\(detail))"))
    }

    /// `relaxPolicyForUserNamespacePod`, KEP-127.
    var isInUserNamespace: Bool { spec["hostUsers"].map { !$0.bool } ?? false }

    /// Windows has none of these things.
    var isWindows: Bool { spec["os"]?.string("name") == "windows" }

    var podContext: ManifestNode? { spec["securityContext"] }
    func podContext(_ field: String) -> FieldPath { FieldPath("spec", "securityContext").field(field) }
}

// MARK: Baseline

extension PodSecurityCheck {
    private mutating func checkHostNamespaces() {
        for field in ["hostNetwork", "hostPID", "hostIPC"] where spec[field]?.bool == true {
            report(FieldPath("spec", field), "host namespaces", "\(field)=true")
        }
    }

    private mutating func checkPrivileged() {
        for container in containers where container.context?["privileged"]?.bool == true {
            report(
                container.context("privileged"), "privileged",
                "container \(quoted(container.name)) must not set securityContext.privileged=true")
        }
    }

    private mutating func checkHostPorts() {
        let isOnHost = spec["hostNetwork"]?.bool ?? false
        for container in containers {
            for (index, port) in container.node.list("ports").enumerated() {
                let path = container.path.field("ports").index(index)
                var number = port["hostPort"]?.integer ?? 0
                // Kubernetes sets it by default then.
                if number == 0, isOnHost { number = port["containerPort"]?.integer ?? 0 }
                if number != 0 {
                    report(
                        path.field(port["hostPort"] == nil ? "containerPort" : "hostPort"), "hostPort",
                        "container \(quoted(container.name)) uses hostPort \(number)")
                }
            }
        }
    }

    private mutating func checkHostsOfProbes() {
        for container in containers {
            for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
                checkHost(container.node[field], container.path.field(field), container)
            }
            for field in ["postStart", "preStop"] {
                checkHost(
                    container.node["lifecycle"]?[field], container.path.field("lifecycle").field(field), container)
            }
        }
    }

    private mutating func checkHost(_ node: ManifestNode?, _ path: FieldPath, _ container: Container) {
        for action in ["httpGet", "tcpSocket"] {
            guard let host = node?[action]?.string("host"), !host.isEmpty else { continue }
            report(
                path.field(action).field("host"), "probe or lifecycle host",
                "container \(quoted(container.name)) uses probe or lifecycle host \(quoted(host))")
        }
    }

    private mutating func checkAppArmor() {
        let allowed = ["RuntimeDefault", "Localhost"]
        func bad(_ context: ManifestNode?) -> String? {
            guard let profile = context?["appArmorProfile"] else { return nil }
            return allowed.contains(profile.string("type")) ? nil : profile.string("type")
        }
        if let type = bad(podContext) {
            report(
                podContext("appArmorProfile").field("type"), "forbidden AppArmor profile",
                "pod must not set AppArmor profile type to \(quoted(type))")
        }
        for container in containers {
            guard let type = bad(container.context) else { continue }
            report(
                container.context("appArmorProfile").field("type"), "forbidden AppArmor profile",
                "container \(quoted(container.name)) must not set AppArmor profile type to \(quoted(type))")
        }
        for entry in annotations?.entries ?? []
        where entry.key.hasPrefix("container.apparmor.security.beta.kubernetes.io/") {
            let value = entry.value.text
            if value.isEmpty || value == "runtime/default" || value.hasPrefix("localhost/") { continue }
            report(
                FieldPath("metadata", "annotations").key(entry.key), "forbidden AppArmor profile",
                "annotation must not set AppArmor profile type to \(quoted("\(entry.key)=\(value)"))")
        }
    }

    private mutating func checkSELinux() {
        let types = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]
        var all: [(String, ManifestNode?, FieldPath)] = [
            ("pod", podContext?["seLinuxOptions"], podContext("seLinuxOptions"))
        ]
        for container in containers {
            all.append(
                (
                    "container \(quoted(container.name))", container.context?["seLinuxOptions"],
                    container.context("seLinuxOptions")
                ))
        }
        for case (let setter, let options?, let path) in all {
            let detail = "\(setter) set forbidden securityContext.seLinuxOptions: "
            let type = options.string("type")
            if !types.contains(type) { report(path.field("type"), "seLinuxOptions", detail + "type \(quoted(type))") }
            for field in ["user", "role"] where !options.string(field).isEmpty {
                report(path.field(field), "seLinuxOptions", detail + "\(field) may not be set")
            }
        }
    }

    private mutating func checkSysctls() {
        for (index, sysctl) in (podContext?.list("sysctls") ?? []).enumerated() {
            let name = sysctl.string("name")
            if !Self.safeSysctls.contains(name) {
                report(podContext("sysctls").index(index).field("name"), "forbidden sysctls", name)
            }
        }
    }

    private static let safeSysctls: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat",
    ]

    private mutating func checkWindows() {
        let what = "must not set securityContext.windowsOptions.hostProcess=true"
        if podContext?["windowsOptions"]?["hostProcess"]?.bool == true {
            report(podContext("windowsOptions").field("hostProcess"), "hostProcess", "pod \(what)")
        }
        for container in containers where container.context?["windowsOptions"]?["hostProcess"]?.bool == true {
            report(
                container.context("windowsOptions").field("hostProcess"), "hostProcess",
                "container \(quoted(container.name)) \(what)")
        }
    }

    private mutating func checkHostPaths() {
        for (index, volume) in spec.list("volumes").enumerated() where volume["hostPath"] != nil {
            report(
                FieldPath("spec", "volumes").index(index).field("hostPath"), "hostPath volumes",
                "volume \(quoted(volume.string("name")))")
        }
    }

    private mutating func checkProcMount() {
        for container in containers {
            guard let type = container.context?["procMount"]?.text, type != "Default" else { continue }
            report(
                container.context("procMount"), "procMount",
                "container \(quoted(container.name)) must not set securityContext.procMount to \(quoted(type))")
        }
    }

    private mutating func checkCapabilitiesBaseline() {
        let allowed: Set<String> = [
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
            "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
        ]
        for container in containers { checkAdded(container, "non-default capabilities", allowed) }
    }

    private mutating func checkAdded(_ container: Container, _ reason: String, _ allowed: Set<String>) {
        for (index, name) in (container.context?["capabilities"]?.strings("add") ?? []).enumerated()
        where !allowed.contains(name) {
            report(
                container.context("capabilities").field("add").index(index), reason,
                "container \(quoted(container.name)) must not include \(quoted(name)) in securityContext.capabilities.add"
            )
        }
    }

    private mutating func checkSeccompBaseline() {
        _ = checkSeccompTypes()
    }

    /// What is set to a type that is not allowed. True where the pod sets one that is.
    private mutating func checkSeccompTypes() -> Bool {
        func type(_ context: ManifestNode?) -> (isAllowed: Bool, type: String)? {
            guard let type = context?["seccompProfile"]?.string("type") else { return nil }
            return (type == "RuntimeDefault" || type == "Localhost", type)
        }
        let pods = type(podContext)
        if let pods, !pods.isAllowed {
            report(
                podContext("seccompProfile").field("type"), "seccompProfile",
                "pod must not set securityContext.seccompProfile.type to \(quoted(pods.type))")
        }
        for container in containers {
            guard let own = type(container.context), !own.isAllowed else { continue }
            report(
                container.context("seccompProfile").field("type"), "seccompProfile",
                "container \(quoted(container.name)) must not set securityContext.seccompProfile.type to \(quoted(own.type))"
            )
        }
        return pods?.isAllowed ?? false
    }
}

// MARK: Restricted

extension PodSecurityCheck {
    private mutating func checkVolumes() {
        let allowed: Set<String> = [
            "name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
            "projected", "secret",
        ]
        for (index, volume) in spec.list("volumes").enumerated() {
            for entry in volume.entries where !entry.value.isNull && !allowed.contains(entry.key) {
                report(
                    FieldPath("spec", "volumes").index(index).field(entry.key), "restricted volume types",
                    "volume \(quoted(volume.string("name"))) uses restricted volume type \(quoted(entry.key))")
            }
        }
    }

    private mutating func checkCapabilitiesRestricted() {
        if isWindows { return }
        for container in containers {
            if !(container.context?["capabilities"]?.strings("drop") ?? []).contains("ALL") {
                report(
                    container.context("capabilities").field("drop"), "unrestricted capabilities",
                    "container \(quoted(container.name)) must set securityContext.capabilities.drop=[\"ALL\"]")
            }
            checkAdded(container, "unrestricted capabilities", ["NET_BIND_SERVICE"])
        }
    }

    private mutating func checkSeccompRestricted() {
        if isWindows { return }
        let count = findings.count
        let isSetByPod = checkSeccompTypes()
        // What is missing is only told where nothing is wrong, as the check of Kubernetes has it.
        guard findings.count == count, !isSetByPod else { return }
        for container in containers where container.context?["seccompProfile"] == nil {
            report(
                container.context("seccompProfile").field("type"), "seccompProfile",
                "pod or container \(quoted(container.name)) must set securityContext.seccompProfile.type to "
                    + "\"RuntimeDefault\" or \"Localhost\"")
        }
    }

    private mutating func checkPrivilegeEscalation() {
        if isWindows { return }
        for container in containers where container.context?["allowPrivilegeEscalation"]?.bool != false {
            report(
                container.context("allowPrivilegeEscalation"), "allowPrivilegeEscalation != false",
                "container \(quoted(container.name)) must set securityContext.allowPrivilegeEscalation=false")
        }
    }

    private mutating func checkRunAsNonRoot() {
        if isInUserNamespace { return }
        let count = findings.count
        let what = "must not set securityContext.runAsNonRoot=false"
        let pods = podContext?["runAsNonRoot"]?.bool
        if pods == false { report(podContext("runAsNonRoot"), "runAsNonRoot != true", "pod \(what)") }
        for container in containers where container.context?["runAsNonRoot"]?.bool == false {
            report(
                container.context("runAsNonRoot"), "runAsNonRoot != true",
                "container \(quoted(container.name)) \(what)")
        }
        guard findings.count == count, pods != true else { return }
        for container in containers where container.context?["runAsNonRoot"] == nil {
            report(
                container.context("runAsNonRoot"), "runAsNonRoot != true",
                "pod or container \(quoted(container.name)) must set securityContext.runAsNonRoot=true")
        }
    }

    private mutating func checkRunAsUser() {
        if isInUserNamespace { return }
        if podContext?["runAsUser"]?.integer == 0 {
            report(podContext("runAsUser"), "runAsUser=0", "pod must not set runAsUser=0")
        }
        for container in containers where container.context?["runAsUser"]?.integer == 0 {
            report(
                container.context("runAsUser"), "runAsUser=0",
                "container \(quoted(container.name)) must not set runAsUser=0")
        }
    }
}
