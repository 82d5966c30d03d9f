/// What two published ports may not have in common.
struct HostPort: Hashable {
    var port: Int
    var `protocol`: ContainerPort.`Protocol`
    var address: String
}

extension Container {
    func validate(_ path: FieldPath, _ pod: PodSpec, _ volumeNames: Set<String>, _ validation: inout Validation) {
        validation.require(name, path.field("name"), NameRules.dns1123Label)
        if image.first?.isWhitespace ?? false || image.last?.isWhitespace ?? false {
            validation.fail(path.field("image"), "must not have leading or trailing whitespace")
        }
        if !workingDir.isEmpty { validation.check(path.field("workingDir"), NameRules.absolutePath(workingDir)) }
        if !terminationMessagePath.isEmpty {
            validation.check(path.field("terminationMessagePath"), NameRules.absolutePath(terminationMessagePath))
        }
        validatePorts(path.field("ports"), pod, &validation)
        validateEnvironment(path, pod, &validation)
        validateMounts(path.field("volumeMounts"), pod, volumeNames, &validation)
        validateDevices(path.field("volumeDevices"), pod, &validation)
        resources.validate(container: path.field("resources"), &validation)
        securityContext.validate(path.field("securityContext"), &validation)
        securityContext.validateProcMount(
            path.field("securityContext"), hostUsers: pod.namespaces.hostUsers, &validation)
        validateRestartPolicy(path, &validation)
    }

    // MARK: Ports

    private func validatePorts(_ path: FieldPath, _ pod: PodSpec, _ validation: inout Validation) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = path.index(index)
            if !port.name.isEmpty {
                validation.check(path.field("name"), NameRules.portName(port.name))
                validation.unique(port.name, in: &names, path.field("name"), port.name)
            }
            if port.containerPort == 0 {
                validation.fail(path.field("containerPort"), "required value")
            } else {
                validation.check(path.field("containerPort"), NameRules.port(port.containerPort))
            }
            if port.hostPort != 0 {
                validation.check(path.field("hostPort"), NameRules.port(port.hostPort))
                if pod.hostNetwork, port.hostPort != port.containerPort {
                    validation.fail(path.field("hostPort"), "must match `containerPort` when `hostNetwork` is true")
                }
            }
            if !port.hostIP.isEmpty { validation.check(path.field("hostIP"), NameRules.ipAddress(port.hostIP)) }
        }
    }

    /// Adds the container's published ports to `seen`. On the host's network every port is one (Kubernetes sets hostPort
    /// to containerPort there).
    func validateHostPorts(
        _ path: FieldPath, hostNetwork: Bool, _ seen: inout Set<HostPort>, _ validation: inout Validation
    ) {
        for (index, port) in ports.enumerated() {
            let number = port.hostPort == 0 && hostNetwork ? port.containerPort : port.hostPort
            guard number != 0 else { continue }
            let key = HostPort(port: number, protocol: port.protocol, address: port.hostIP)
            validation.unique(
                key, in: &seen,
                path.field("ports").index(index).field(port.hostPort == 0 ? "containerPort" : "hostPort"),
                "\(port.protocol.rawValue)/\(port.hostIP)/\(number)"
            )
        }
    }

    // MARK: Environment

    private func validateEnvironment(_ path: FieldPath, _ pod: PodSpec, _ validation: inout Validation) {
        for (index, variable) in env.enumerated() {
            let path = path.field("env").index(index)
            validation.require(variable.name, path.field("name"), NameRules.environmentName)
            switch variable.source {
            case .value: break
            case .field(let field):
                validation.check(
                    path.field("valueFrom").field("fieldRef").field("fieldPath"),
                    FieldReference.problem(of: field, plain: FieldReference.plain))
            case .resource(let selector):
                selector.validate(path.field("valueFrom").field("resourceFieldRef"), &validation)
            case .fileKey(let volume, let file, let key, _):
                validateFileKey(volume, file, key, path.field("valueFrom").field("fileKeyRef"), pod, &validation)
            case .configMapKey(let name, let key, _):
                validateKey(name, key, path.field("valueFrom").field("configMapKeyRef"), &validation)
            case .secretKey(let name, let key, _):
                validateKey(name, key, path.field("valueFrom").field("secretKeyRef"), &validation)
            }
        }
        for (index, source) in envFrom.enumerated() {
            let path = path.field("envFrom").index(index)
            if !source.prefix.isEmpty {
                validation.check(path.field("prefix"), NameRules.environmentName(source.prefix))
            }
            switch source.source {
            case .configMap(let name, _):
                validation.require(name, path.field("configMapRef").field("name"), NameRules.dns1123Subdomain)
            case .secret(let name, _):
                validation.require(name, path.field("secretRef").field("name"), NameRules.dns1123Subdomain)
            }
        }
    }

    private func validateKey(_ name: String, _ key: String, _ path: FieldPath, _ validation: inout Validation) {
        validation.require(name, path.field("name"), NameRules.dns1123Subdomain)
        validation.require(key, path.field("key"), NameRules.configMapKey)
    }

    /// `validateFileKeySelector`; the file's volume must be an emptyDir (KEP-3721).
    private func validateFileKey(
        _ volume: String, _ file: String, _ key: String, _ path: FieldPath, _ pod: PodSpec,
        _ validation: inout Validation
    ) {
        validation.require(volume, path.field("volumeName")) { name in
            guard let found = pod.volumes.first(where: { $0.name == name }) else {
                return "no volume named \(NameRules.shown(name))"
                    + Suggestion.text(for: name, in: pod.volumes.map(\.name))
            }
            if case .emptyDir = found.source { return nil }
            return "must be an emptyDir volume: \(NameRules.shown(name))"
        }
        validation.require(file, path.field("path"), NameRules.filePath)
        validation.require(key, path.field("key")) { key in
            key.utf8.count > 128 ? "must be no more than 128 characters" : NameRules.environmentName(key)
        }
    }

    // MARK: Mounts

    private func validateMounts(
        _ path: FieldPath, _ pod: PodSpec, _ volumeNames: Set<String>, _ validation: inout Validation
    ) {
        var mountPaths: Set<String> = []
        for (index, mount) in volumeMounts.enumerated() {
            let path = path.index(index)
            validation.require(mount.name, path.field("name")) { name in
                if volumeNames.contains(name) { return nil }
                return "no volume named \(NameRules.shown(name))\(Suggestion.text(for: name, in: volumeNames))"
            }
            validation.require(mount.mountPath, path.field("mountPath")) { mountPath in
                if mountPath.contains(":") { return "must not contain ':': \(NameRules.shown(mountPath))" }
                return mountPath.utf8.contains(0) ? "must not contain a NUL byte" : nil
            }
            if !mount.mountPath.isEmpty, !mountPaths.insert(mount.mountPath).inserted {
                validation.fail(path.field("mountPath"), "must be unique: \(NameRules.shown(mount.mountPath))")
            }
            if !mount.subPath.isEmpty {
                validation.check(path.field("subPath"), NameRules.descendingPath(mount.subPath))
            }
            mount.validateOptions(path, pod, privileged: securityContext.privileged, &validation)
        }
    }
}

extension SecurityContext {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        if let user = runAsUser { validation.check(path.field("runAsUser"), NameRules.userID(user)) }
        if let group = runAsGroup { validation.check(path.field("runAsGroup"), NameRules.userID(group)) }
        for (list, field) in [(addCapabilities, "add"), (dropCapabilities, "drop")] {
            for (index, name) in list.enumerated() where !CapabilityNames.isKnown(name) {
                validation.fail(
                    path.field("capabilities").field(field).index(index),
                    "unknown capability \(NameRules.shown(name))"
                        + Suggestion.text(for: name.uppercased(), in: CapabilityNames.all)
                )
            }
        }
        seccompProfile?.validate(path.field("seccompProfile"), &validation)
        appArmorProfile?.validate(path.field("appArmorProfile"), &validation)
        guard allowPrivilegeEscalation == false else { return }
        if privileged {
            validation.fail(path, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        }
        if addCapabilities.contains(where: { CapabilityNames.bare($0) == "SYS_ADMIN" }) {
            validation.fail(path, "cannot set `allowPrivilegeEscalation` to false and `capabilities.add` CAP_SYS_ADMIN")
        }
    }
}

/// The capabilities of capabilities(7).
public enum CapabilityNames {
    /// Without `CAP_`; the place in the list is the capability's number.
    public static let all = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ]

    /// In upper case and without `CAP_`; container runtimes take a name either way.
    public static func bare(_ name: String) -> String {
        let upper = name.uppercased()
        return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
    }

    static func isKnown(_ name: String) -> Bool {
        bare(name) == "ALL" || all.contains(bare(name))
    }
}
