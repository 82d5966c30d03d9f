import PodAPI

/// The pod's `/etc/hosts`, byte for byte as the kubelet writes it (`pkg/kubelet/kubelet_pods.go`).
enum EtcHosts {
    static func managed(podIPs: [String], name: PodHostname, aliases: [HostAlias]) -> String {
        var text = """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters

            """
        let names = name.domain.isEmpty ? name.hostname : "\(name.qualified)\t\(name.hostname)"
        for address in podIPs { text += "\(address)\t\(names)\n" }
        return text + entries(of: aliases)
    }

    /// For a pod on the host's network: the host's own file.
    static func hostNetwork(hostsFile: String, aliases: [HostAlias]) -> String {
        "# Kubernetes-managed hosts file (host network).\n" + hostsFile + entries(of: aliases)
    }

    private static func entries(of aliases: [HostAlias]) -> String {
        guard !aliases.isEmpty else { return "" }
        var text = "\n# Entries added by HostAliases.\n"
        for alias in aliases { text += "\(alias.ip)\t\(alias.hostnames.joined(separator: "\t"))\n" }
        return text
    }
}
