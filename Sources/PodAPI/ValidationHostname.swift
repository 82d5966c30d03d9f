extension PodSpec {
    /// `hostname`, `subdomain`, `setHostnameAsFQDN` and `hostnameOverride` (KEP-4762).
    func validateHostname(_ path: FieldPath, _ validation: inout Validation) {
        if !hostname.isEmpty { validation.check(path.field("hostname"), NameRules.dns1123Label(hostname)) }
        if !subdomain.isEmpty { validation.check(path.field("subdomain"), NameRules.dns1123Label(subdomain)) }
        guard !hostnameOverride.isEmpty else { return }
        let path = path.field("hostnameOverride")
        if hostnameOverride.utf8.count > 64 {
            validation.fail(path, "must be no more than 64 characters")
        } else {
            validation.check(path, NameRules.dns1123Subdomain(hostnameOverride))
        }
        if hostNetwork { validation.fail(path, "may not be set when `hostNetwork` is true") }
        if setHostnameAsFQDN { validation.fail(path, "may not be set when `setHostnameAsFQDN` is true") }
    }
}
