import PodAPI

extension ObjectDecoder {
    mutating func container(_ node: ManifestNode, at path: FieldPath) -> Container {
        var container = Container()
        container.name = node.string("name")
        container.image = node.string("image")
        container.command = node.strings("command")
        container.args = node.strings("args")
        container.workingDir = node.string("workingDir")
        container.ports = node.list("ports").map(port)
        for (index, node) in node.list("env").enumerated() {
            if let variable = environmentVariable(node, at: path.field("env").index(index)) {
                container.env.append(variable)
            }
        }
        for (index, node) in node.list("envFrom").enumerated() {
            if let source = environmentSource(node, at: path.field("envFrom").index(index)) {
                container.envFrom.append(source)
            }
        }
        container.volumeMounts = node.list("volumeMounts").map(volumeMount)
        container.volumeDevices = node.list("volumeDevices").map {
            VolumeDevice(name: $0.string("name"), devicePath: $0.string("devicePath"))
        }
        container.resources = resourceRequirements(node["resources"])
        container.restartsOnResize = node.list("resizePolicy").filter {
            $0.string("restartPolicy") == "RestartContainer"
        }.map { $0.string("resourceName") }
        if let node = node["securityContext"] {
            container.securityContext = securityContext(node, at: path.field("securityContext"))
        }
        restart(node, of: &container)
        streams(node, of: &container)
        container.livenessProbe = node["livenessProbe"].map(probe)
        container.readinessProbe = node["readinessProbe"].map(probe)
        container.startupProbe = node["startupProbe"].map(probe)
        container.lifecycle = lifecycle(node["lifecycle"])
        let messagePath = node.string("terminationMessagePath")
        if !messagePath.isEmpty { container.terminationMessagePath = messagePath }
        container.terminationMessagePolicy = choice(node, "terminationMessagePolicy", default: .file)
        return container
    }

    private func port(_ node: ManifestNode) -> ContainerPort {
        var port = ContainerPort()
        port.name = node.string("name")
        port.containerPort = Int(node["containerPort"]?.integer ?? 0)
        port.hostPort = Int(node["hostPort"]?.integer ?? 0)
        port.hostIP = node.string("hostIP")
        port.protocol = choice(node, "protocol", default: .tcp)
        return port
    }

    private func volumeMount(_ node: ManifestNode) -> VolumeMount {
        var mount = VolumeMount()
        mount.name = node.string("name")
        mount.mountPath = node.string("mountPath")
        mount.readOnly = node["readOnly"]?.bool ?? false
        mount.subPath = node.string("subPath")
        mount.subPathExpr = node.string("subPathExpr")
        mount.mountPropagation = choice(node, "mountPropagation", default: .none)
        mount.recursiveReadOnly = choice(node, "recursiveReadOnly", default: .disabled)
        mount.bindMountOptions = node.strings("bindMountOptions")
        return mount
    }

    private mutating func environmentVariable(_ node: ManifestNode, at path: FieldPath) -> EnvVar? {
        let name = node.string("name")
        guard let source = node["valueFrom"] else { return EnvVar(name: name, source: .value(node.string("value"))) }
        let path = path.field("valueFrom")
        if !node.string("value").isEmpty { report(path, "not allowed together with value") }
        guard let (kind, node) = onlySource(source, at: path) else {
            if source.entries.allSatisfy(\.value.isNull) {
                report(path, "required: one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef")
            }
            return nil
        }
        let optional = node["optional"]?.bool ?? false
        switch kind {
        case "fieldRef":
            return EnvVar(name: name, source: .field(node.string("fieldPath")))
        case "configMapKeyRef":
            return EnvVar(
                name: name,
                source: .configMapKey(name: node.string("name"), key: node.string("key"), optional: optional))
        case "secretKeyRef":
            return EnvVar(
                name: name, source: .secretKey(name: node.string("name"), key: node.string("key"), optional: optional))
        case "resourceFieldRef":
            return EnvVar(name: name, source: .resource(resourceField(node)))
        case "fileKeyRef":
            return EnvVar(
                name: name,
                source: .fileKey(
                    volume: node.string("volumeName"), path: node.string("path"), key: node.string("key"),
                    optional: optional))
        default:
            return nil
        }
    }

    private mutating func environmentSource(_ node: ManifestNode, at path: FieldPath) -> EnvFromSource? {
        guard let (kind, source) = onlySource(node, except: ["prefix"], at: path) else {
            if errors.last?.path != path { report(path, "required: one of configMapRef, secretRef") }
            return nil
        }
        let name = source.string("name")
        let optional = source["optional"]?.bool ?? false
        let prefix = node.string("prefix")
        return kind == "secretRef"
            ? EnvFromSource(prefix: prefix, source: .secret(name: name, optional: optional))
            : EnvFromSource(prefix: prefix, source: .configMap(name: name, optional: optional))
    }

    private mutating func securityContext(_ node: ManifestNode, at path: FieldPath) -> SecurityContext {
        var context = SecurityContext()
        context.runAsUser = node["runAsUser"]?.integer
        context.runAsGroup = node["runAsGroup"]?.integer
        context.runAsNonRoot = node["runAsNonRoot"]?.bool
        context.readOnlyRootFilesystem = node["readOnlyRootFilesystem"]?.bool ?? false
        context.privileged = node["privileged"]?.bool ?? false
        context.allowPrivilegeEscalation = node["allowPrivilegeEscalation"]?.bool
        let capabilities = node["capabilities"]
        context.addCapabilities = (capabilities?.strings("add") ?? []).map(capabilityName)
        context.dropCapabilities = (capabilities?.strings("drop") ?? []).map(capabilityName)
        context.seccompProfile = seccompProfile(node["seccompProfile"], at: path.field("seccompProfile"))
        context.appArmorProfile = appArmorProfile(node["appArmorProfile"], at: path.field("appArmorProfile"))
        context.seLinuxOptions = seLinuxOptions(node["seLinuxOptions"])
        context.procMount = choice(node, "procMount", default: .masked)
        return context
    }

    /// Kubernetes' names have no `CAP_`; manifests often do, and most runtimes take both.
    private func capabilityName(_ name: String) -> String {
        let name = name.uppercased()
        return name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
    }
}
