public import PodAPI

/// The addresses of the manifests' Services. No proxy stands behind them: a pod reaches, by the Service's name, what it runs
/// itself; an address of `range` is refused at once, since nothing listens there, and nothing sent to it leaves the host.
struct ClusterIPs {
    /// In every network namespace these are addresses of the loopback interface.
    static let range = "127.96.0.0/12"
    /// As 10.96.0.1 in most clusters. There is no API server, so nobody answers.
    static let kubernetes = "127.96.0.1"
    /// Of the address within the range.
    private static let bits: UInt32 = 20

    private var addresses: [String: String] = [:]

    /// The same name has the same address in every run, unless two names of one run meet. A Service that has an address of
    /// the range already keeps it.
    init(_ services: [Service]) {
        var taken: Set<String> = [Self.text(0), Self.kubernetes]
        for service in services where Self.isInRange(service.clusterIP) {
            taken.insert(service.clusterIP)
            addresses[Self.key(service)] = service.clusterIP
        }
        for key in services.map(Self.key).sorted() where addresses[key] == nil {
            // FNV-1a
            var hash: UInt32 = 2_166_136_261
            for byte in key.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
            var number = (hash ^ hash >> Self.bits) % (1 << Self.bits)
            while !taken.insert(Self.text(number)).inserted { number = (number + 1) % (1 << Self.bits) }
            addresses[key] = Self.text(number)
        }
    }

    private static func text(_ number: UInt32) -> String {
        "127.\(96 + number >> 16).\(number >> 8 & 255).\(number & 255)"
    }

    private static func isInRange(_ address: String) -> Bool {
        let parts = address.split(separator: ".").compactMap { UInt8($0) }
        return parts.count == 4 && parts[0] == 127 && parts[1] >> 4 == 96 >> 4
    }

    subscript(_ service: Service) -> String? { addresses[Self.key(service)] }

    /// nil: a headless Service whose pods are elsewhere, or a name for another name.
    func address(of service: Service, for pod: Pod, podIPs: [String]) -> String? {
        if service.kind == .externalName { return nil }
        if service.selects(pod) { return podIPs.first }
        return service.isHeadless ? nil : addresses[Self.key(service)]
    }

    private static func key(_ service: Service) -> String { "\(service.metadata.namespace)/\(service.metadata.name)" }
}

extension Service {
    /// The address that a new Service gets beside others.
    public func newClusterIP(beside others: [Service]) -> String? {
        var service = self
        service.clusterIP = ""
        return ClusterIPs(others + [service])[service]
    }
}
