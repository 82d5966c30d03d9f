extension Pod {
    /// Everything that is wrong with the pod (`ValidatePodCreate` of Kubernetes); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        spec.validate(FieldPath("spec"), &validation)
        return validation.errors
    }
}

extension PodSpec {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        let volumeNames = validateVolumes(path.field("volumes"), &validation)
        validateContainers(path, volumeNames, &validation)
        if terminationGracePeriodSeconds < 0 {
            validation.fail(
                path.field("terminationGracePeriodSeconds"),
                "must be greater than or equal to 0: \(terminationGracePeriodSeconds)"
            )
        }
        validateHostname(path, &validation)
        if let seconds = activeDeadlineSeconds, seconds < 1 || seconds > Int64(Int32.max) {
            validation.fail(
                path.field("activeDeadlineSeconds"), "must be between 1 and \(Int32.max), inclusive: \(seconds)")
        }
        scheduling.validate(path, &validation)
        if !nodeName.isEmpty { validation.check(path.field("nodeName"), NameRules.dns1123Subdomain(nodeName)) }
        if !serviceAccountName.isEmpty {
            validation.check(path.field("serviceAccountName"), NameRules.dns1123Subdomain(serviceAccountName))
        }
        for (index, alias) in hostAliases.enumerated() {
            let path = path.field("hostAliases").index(index)
            validation.check(path.field("ip"), NameRules.ipAddress(alias.ip))
            for (index, name) in alias.hostnames.enumerated() {
                validation.check(path.field("hostnames").index(index), NameRules.dns1123Subdomain(name))
            }
        }
        validateDNS(path.field("dnsConfig"), &validation)
        validateNamespaces(path, &validation)
        validateResources(path, &validation)
        let context = path.field("securityContext")
        if let user = securityContext.runAsUser { validation.check(context.field("runAsUser"), NameRules.userID(user)) }
        if let group = securityContext.runAsGroup {
            validation.check(context.field("runAsGroup"), NameRules.userID(group))
        }
        if let group = securityContext.fsGroup { validation.check(context.field("fsGroup"), NameRules.userID(group)) }
        for (index, group) in securityContext.supplementalGroups.enumerated() {
            validation.check(context.field("supplementalGroups").index(index), NameRules.userID(group))
        }
        securityContext.seccompProfile?.validate(context.field("seccompProfile"), &validation)
        securityContext.appArmorProfile?.validate(context.field("appArmorProfile"), &validation)
    }

    private func validateDNS(_ path: FieldPath, _ validation: inout Validation) {
        if dnsPolicy == .none, dnsConfig.nameservers.isEmpty {
            validation.fail(
                path.field("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
        }
        if dnsConfig.nameservers.count > 3 {
            validation.fail(path.field("nameservers"), "must not have more than 3 nameservers")
        }
        for (index, nameserver) in dnsConfig.nameservers.enumerated() {
            validation.check(path.field("nameservers").index(index), NameRules.ipAddress(nameserver))
        }
        if dnsConfig.searches.count > 32 {
            validation.fail(path.field("searches"), "must not have more than 32 search paths")
        }
        if dnsConfig.searches.joined(separator: " ").utf8.count > 2048 {
            validation.fail(
                path.field("searches"), "must not have more than 2048 characters (including spaces) in the search list")
        }
        for (index, search) in dnsConfig.searches.enumerated() where search != "." {
            let name = search.hasSuffix(".") ? String(search.dropLast()) : search
            validation.check(path.field("searches").index(index), NameRules.dns1123Subdomain(name))
        }
        for (index, option) in dnsConfig.options.enumerated() {
            let path = path.field("options").index(index)
            if option.name.isEmpty { validation.fail(path.field("name"), "required value") }
            let text = option.name + (option.value ?? "")
            if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
                validation.fail(path, "must not contain blanks or control characters")
            }
        }
    }

    // MARK: Volumes

    /// The names of the volumes.
    private func validateVolumes(_ path: FieldPath, _ validation: inout Validation) -> Set<String> {
        var names: Set<String> = []
        for (index, volume) in volumes.enumerated() {
            let path = path.index(index)
            validation.require(volume.name, path.field("name"), NameRules.dns1123Label)
            if !volume.name.isEmpty { validation.unique(volume.name, in: &names, path.field("name"), volume.name) }
            volume.source.validate(path, &validation)
        }
        return names
    }

    // MARK: Containers

    private func validateContainers(_ path: FieldPath, _ volumeNames: Set<String>, _ validation: inout Validation) {
        var names: Set<String> = []
        var hostPorts: Set<HostPort> = []
        for (index, container) in initContainers.enumerated() {
            let path = path.field("initContainers").index(index)
            container.validate(path, self, volumeNames, &validation)
            container.validateProbes(path, self, isPlainInit: !container.isSidecar, &validation)
            validation.unique(container.name, in: &names, path.field("name"), container.name)
            // Plain init containers run one at a time, so only a sidecar's ports can meet those of others.
            var own: Set<HostPort> = []
            if container.isSidecar {
                container.validateHostPorts(path, hostNetwork: hostNetwork, &hostPorts, &validation)
            } else {
                container.validateHostPorts(path, hostNetwork: hostNetwork, &own, &validation)
            }
        }
        if containers.isEmpty {
            validation.fail(path.field("containers"), "required value: a pod has at least one container")
        }
        for (index, container) in containers.enumerated() {
            let path = path.field("containers").index(index)
            container.validate(path, self, volumeNames, &validation)
            container.validateProbes(path, self, isPlainInit: false, &validation)
            validation.unique(container.name, in: &names, path.field("name"), container.name)
            container.validateHostPorts(path, hostNetwork: hostNetwork, &hostPorts, &validation)
        }
    }
}

extension Volume.Source {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        switch self {
        case .emptyDir(let emptyDir):
            let path = path.field("emptyDir")
            if let sizeLimit = emptyDir.sizeLimit, sizeLimit.value < 0 {
                validation.fail(path.field("sizeLimit"), "must be greater than or equal to 0")
            }
            if emptyDir.mode > 0o1777 {
                validation.fail(
                    path.field("mode"),
                    "must be a number between 0 and 01777 (octal), both inclusive: 0\(String(emptyDir.mode, radix: 8))")
            }
        case .hostPath(let hostPath, _):
            validation.require(hostPath, path.field("hostPath").field("path")) {
                NameRules.absolutePath($0) ?? NameRules.noBacksteps($0)
            }
        case .configMap(let name, let items, let defaultMode, _):
            let path = path.field("configMap")
            validation.require(name, path.field("name"), NameRules.dns1123Subdomain)
            Self.validate(items, defaultMode, path, &validation)
        case .secret(let name, let items, let defaultMode, _):
            let path = path.field("secret")
            validation.require(name, path.field("secretName"), NameRules.dns1123Subdomain)
            Self.validate(items, defaultMode, path, &validation)
        case .downwardAPI(let items, let defaultMode):
            let path = path.field("downwardAPI")
            validation.check(path.field("defaultMode"), NameRules.fileMode(defaultMode))
            items.validate(path, &validation) { _, _, _ in }
        case .projected(let sources, let defaultMode):
            sources.validate(defaultMode, path.field("projected"), &validation)
        case .persistentVolumeClaim(let name, _):
            validation.require(
                name, path.field("persistentVolumeClaim").field("claimName"), NameRules.dns1123Subdomain
            )
        case .ephemeral(let template):
            template.validate(path.field("ephemeral").field("volumeClaimTemplate"), &validation)
        case .image(let reference):
            if reference.isEmpty {
                validation.fail(path.field("image").field("reference"), "required value")
            }
        }
    }

    private static func validate(
        _ items: [KeyToPath]?, _ defaultMode: UInt32, _ path: FieldPath, _ validation: inout Validation
    ) {
        validation.check(path.field("defaultMode"), NameRules.fileMode(defaultMode))
        for (index, item) in (items ?? []).enumerated() {
            item.validate(path.field("items").index(index), &validation)
        }
    }
}
