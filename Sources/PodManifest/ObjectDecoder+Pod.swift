import PodAPI

extension ObjectDecoder {
    mutating func pod(_ node: ManifestNode) -> Pod {
        var spec = PodSpec()
        if let node = node["spec"] { spec = podSpec(node, at: FieldPath("spec")) }
        let metadata = metadata(node)
        applyAppArmorAnnotations(metadata.annotations, to: &spec)
        return Pod(metadata: metadata, spec: spec)
    }

    private mutating func podSpec(_ node: ManifestNode, at path: FieldPath) -> PodSpec {
        var spec = PodSpec()
        spec.restartPolicy = choice(node, "restartPolicy", default: spec.restartPolicy)
        spec.terminationGracePeriodSeconds =
            node["terminationGracePeriodSeconds"]?.integer ?? spec.terminationGracePeriodSeconds
        spec.activeDeadlineSeconds = node["activeDeadlineSeconds"]?.integer
        spec.hostNetwork = node["hostNetwork"]?.bool ?? false
        spec.namespaces = namespaces(node)
        spec.osName = node["os"]?.string("name") ?? ""
        spec.hostname = node.string("hostname")
        spec.subdomain = node.string("subdomain")
        spec.setHostnameAsFQDN = node["setHostnameAsFQDN"]?.bool ?? false
        spec.hostnameOverride = node.string("hostnameOverride")
        spec.enableServiceLinks = node["enableServiceLinks"]?.bool ?? true
        spec.nodeName = node.string("nodeName")
        spec.scheduling = scheduling(node, at: path)
        spec.serviceAccountName = node.string("serviceAccountName")
        if spec.serviceAccountName.isEmpty { spec.serviceAccountName = node.string("serviceAccount") }
        spec.hostAliases = node.list("hostAliases").map {
            HostAlias(ip: $0.string("ip"), hostnames: $0.strings("hostnames"))
        }
        spec.dnsPolicy = choice(node, "dnsPolicy", default: spec.dnsPolicy)
        if let node = node["dnsConfig"] { spec.dnsConfig = dnsConfig(node) }
        if let node = node["securityContext"] {
            spec.securityContext = podSecurityContext(node, at: path.field("securityContext"))
        }
        for (index, node) in node.list("volumes").enumerated() {
            if let volume = volume(node, at: path.field("volumes").index(index)) { spec.volumes.append(volume) }
        }
        for (index, node) in node.list("initContainers").enumerated() {
            let path = path.field("initContainers").index(index)
            var container = container(node, at: path)
            container.isSidecar = container.restartPolicy == .always
            spec.initContainers.append(container)
        }
        for (index, node) in node.list("containers").enumerated() {
            spec.containers.append(container(node, at: path.field("containers").index(index)))
        }
        spec.resources = resourceRequirements(node["resources"])
        if spec.hostNetwork { publishAllPorts(&spec) }
        spec.setDefaultRequests()
        return spec
    }

    /// defaultHostNetworkPorts: with the host's network, a container's port is the host's.
    private func publishAllPorts(_ spec: inout PodSpec) {
        func publish(_ container: inout Container) {
            for index in container.ports.indices where container.ports[index].hostPort == 0 {
                container.ports[index].hostPort = container.ports[index].containerPort
            }
        }
        for index in spec.initContainers.indices { publish(&spec.initContainers[index]) }
        for index in spec.containers.indices { publish(&spec.containers[index]) }
    }

    private func dnsConfig(_ node: ManifestNode) -> DNSConfig {
        var config = DNSConfig()
        config.nameservers = node.strings("nameservers")
        config.searches = node.strings("searches")
        config.options = node.list("options").map {
            DNSConfig.Option(name: $0.string("name"), value: $0["value"]?.text)
        }
        return config
    }

    private mutating func podSecurityContext(_ node: ManifestNode, at path: FieldPath) -> PodSecurityContext {
        var context = PodSecurityContext()
        context.runAsUser = node["runAsUser"]?.integer
        context.runAsGroup = node["runAsGroup"]?.integer
        context.runAsNonRoot = node["runAsNonRoot"]?.bool
        context.fsGroup = node["fsGroup"]?.integer
        context.fsGroupChangePolicy = choice(node, "fsGroupChangePolicy", default: .always)
        context.supplementalGroups = node.list("supplementalGroups").compactMap(\.integer)
        context.supplementalGroupsPolicy = choice(node, "supplementalGroupsPolicy", default: .merge)
        context.sysctls = node.list("sysctls").map { Sysctl(name: $0.string("name"), value: $0.string("value")) }
        context.seccompProfile = seccompProfile(node["seccompProfile"], at: path.field("seccompProfile"))
        context.appArmorProfile = appArmorProfile(node["appArmorProfile"], at: path.field("appArmorProfile"))
        context.seLinuxOptions = seLinuxOptions(node["seLinuxOptions"])
        return context
    }

    /// A volume without a source is an emptyDir (SetDefaults_Volume). So is one whose source has been refused, for then the
    /// mounts of it are not reported as well.
    private mutating func volume(_ node: ManifestNode, at path: FieldPath) -> Volume? {
        var source = Volume.Source.emptyDir(EmptyDir())
        if let (name, value) = onlySource(node, except: ["name"], at: path) {
            source = volumeSource(name, value, at: path.field(name)) ?? source
        }
        return Volume(name: node.string("name"), source: source)
    }

    private mutating func volumeSource(_ name: String, _ node: ManifestNode, at path: FieldPath) -> Volume.Source? {
        switch name {
        case "emptyDir":
            return emptyDir(node, at: path)
        case "hostPath":
            return .hostPath(path: node.string("path"), type: choice(node, "type", default: .unset))
        case "configMap":
            return .configMap(
                name: node.string("name"), items: keysToPaths(node), defaultMode: mode(node, "defaultMode") ?? 0o644,
                optional: node["optional"]?.bool ?? false)
        case "secret":
            return .secret(
                name: node.string("secretName"), items: keysToPaths(node),
                defaultMode: mode(node, "defaultMode") ?? 0o644, optional: node["optional"]?.bool ?? false)
        case "downwardAPI":
            return .downwardAPI(
                items: downwardAPIFiles(node, at: path), defaultMode: mode(node, "defaultMode") ?? 0o644)
        case "projected":
            return .projected(
                sources: projections(node, at: path), defaultMode: mode(node, "defaultMode") ?? 0o644)
        case "persistentVolumeClaim":
            return .persistentVolumeClaim(
                name: node.string("claimName"), readOnly: node["readOnly"]?.bool ?? false)
        case "ephemeral":
            return volumeClaimTemplate(node["volumeClaimTemplate"], at: path.field("volumeClaimTemplate")).map {
                .ephemeral($0)
            }
        case "image":
            return .image(reference: node.string("reference"))
        default:
            return nil
        }
    }

    private mutating func emptyDir(_ node: ManifestNode, at path: FieldPath) -> Volume.Source {
        let text = node.string("medium")
        let medium = EmptyDir.Medium(text)
        if medium == nil {
            report(
                path.field("medium"),
                "must be \"\" (disk), \"Memory\", \"HugePages\" or \"HugePages-SIZE\", is \(quoted(text))")
        }
        let limit = node["sizeLimit"].flatMap { Quantity($0.text) }
        return .emptyDir(
            EmptyDir(medium: medium ?? .disk, sizeLimit: limit, mode: mode(node, "mode") ?? EmptyDir().mode))
    }
}
