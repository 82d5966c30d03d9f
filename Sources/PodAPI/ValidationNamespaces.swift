/// validateHostUsers, validatePodSpecSecurityContext and validateSysctls of `pkg/apis/core/validation`.
extension PodSpec {
    func validateNamespaces(_ path: FieldPath, _ validation: inout Validation) {
        if namespaces.hostPID, namespaces.shareProcessNamespace {
            validation.fail(
                path.field("shareProcessNamespace"), "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        if !namespaces.hostUsers {
            for (isSet, field) in [
                (hostNetwork, "hostNetwork"), (namespaces.hostPID, "hostPID"), (namespaces.hostIPC, "hostIPC"),
            ] where isSet {
                validation.fail(path.field(field), "may not be set when `hostUsers` is false")
            }
        }
        validateSysctls(path.field("securityContext").field("sysctls"), &validation)
    }

    private func validateSysctls(_ path: FieldPath, _ validation: inout Validation) {
        var names: Set<String> = []
        for (index, sysctl) in securityContext.sysctls.enumerated() {
            let name = path.index(index).field("name")
            validation.require(sysctl.name, name) { Sysctl.isValidName($0) ? nil : Self.nameRule + NameRules.shown($0) }
            if !sysctl.name.isEmpty { validation.unique(sysctl.name, in: &names, name, sysctl.name) }
            switch Sysctl.namespace(of: Sysctl.dotted(sysctl.name)) {
            case .net where hostNetwork: validation.fail(name, "may not be specified when 'hostNetwork' is true")
            case .ipc where namespaces.hostIPC: validation.fail(name, "may not be specified when 'hostIPC' is true")
            case .net, .ipc, nil: break
            }
            // Characters that no value has, but that have led out of a runtime (CVE-2022-0811).
            if sysctl.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || "+/".utf8.contains($0) }) {
                validation.fail(
                    path.index(index).field("value"),
                    "must not contain '+', '/' or control characters: \(NameRules.shown(sysctl.value))")
            }
        }
    }

    private static let nameRule =
        "must have at most \(Sysctl.maximumNameLength) characters and consist of names of lower case letters, digits, '-' and '_' "
        + "with '.' or '/' between them: "
}

extension SecurityContext {
    /// validateProcMountType.
    func validateProcMount(_ path: FieldPath, hostUsers: Bool, _ validation: inout Validation) {
        if procMount == .unmasked, hostUsers {
            validation.fail(path.field("procMount"), "`hostUsers` must be false to use `Unmasked`")
        }
    }
}
