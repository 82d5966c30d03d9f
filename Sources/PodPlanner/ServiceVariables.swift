import PodAPI

/// The variables of a Service (`pkg/kubelet/envvars/envvars.go`): Kubernetes' own, and those of Docker's links.
enum ServiceVariables {
    static func list(
        name: String, address: String, ports: [Service.Port]
    ) -> [(name: String, value: String)] {
        guard let first = ports.first else { return [] }
        let prefix = variableName(name)
        let port = prefix + "_SERVICE_PORT"
        var list = [(prefix + "_SERVICE_HOST", address), (port, "\(first.port)")]
        for port in ports where !port.name.isEmpty {
            list.append(("\(prefix)_SERVICE_PORT_\(variableName(port.name))", "\(port.port)"))
        }
        let host = address.contains(":") ? "[\(address)]" : address
        for (index, port) in ports.enumerated() {
            let transport = port.protocol.rawValue.lowercased()
            let url = "\(transport)://\(host):\(port.port)"
            if index == 0 { list.append((prefix + "_PORT", url)) }
            let portPrefix = "\(prefix)_PORT_\(port.port)_\(port.protocol.rawValue)"
            list += [
                (portPrefix, url), (portPrefix + "_PROTO", transport), (portPrefix + "_PORT", "\(port.port)"),
                (portPrefix + "_ADDR", address),
            ]
        }
        return list
    }

    private static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
}
