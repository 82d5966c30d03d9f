import PodAPI

/// A pod's names for itself, by the kubelet's rules (`GeneratePodHostNameAndDomain`, `GetNodenameForKernel`).
struct PodHostname: Equatable {
    /// The domain that Kubernetes' own clusters have by default.
    static let clusterDomain = "cluster.local"
    /// Bytes; the kernel has room for as many and a NUL.
    static let maximumLength = 64

    /// Without a domain.
    var hostname: String
    /// `<subdomain>.<namespace>.svc.cluster.local`; empty where the pod has no subdomain.
    var domain = ""
    /// What `hostname` prints. nil: the name and its domain together are longer than the kernel takes.
    var kernelName: String?

    /// Of a pod with a UTS namespace of its own.
    init(_ pod: Pod) {
        let spec = pod.spec
        if !spec.hostnameOverride.isEmpty {
            hostname = spec.hostnameOverride
            kernelName = hostname
            return
        }
        hostname = Self.truncated(spec.hostname.isEmpty ? pod.metadata.name : spec.hostname)
        if !spec.subdomain.isEmpty { domain = "\(spec.subdomain).\(pod.metadata.namespace).svc.\(Self.clusterDomain)" }
        kernelName = hostname
        if spec.setHostnameAsFQDN, !domain.isEmpty {
            kernelName = qualified.utf8.count <= Self.maximumLength ? qualified : nil
        }
    }

    /// Of a pod on the host's network.
    init(host: String) {
        hostname = host
        kernelName = host
    }

    var qualified: String { domain.isEmpty ? hostname : "\(hostname).\(domain)" }

    /// `truncatePodHostnameIfNeeded`
    private static func truncated(_ name: String) -> String {
        guard name.utf8.count > 63 else { return name }
        var cut = Array(name.utf8.prefix(63))
        while let last = cut.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { cut.removeLast() }
        return String(decoding: cut, as: UTF8.self)
    }
}
