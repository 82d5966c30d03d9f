import PodAPI

extension Planning {
    /// Where the Services of all namespaces are for this pod, in the order of their names.
    private var reachableServices: [(service: Service, address: String)] {
        services.compactMap { service in
            clusterIPs.address(of: service, for: pod, podIPs: podIPs).map { (service, $0) }
        }
    }

    /// `getServiceEnvVarMap` of the kubelet: Services of the pod's namespace where the pod wants them, and in any case the
    /// API server's.
    var serviceVariables: [(name: String, value: String)] {
        var list: [(name: String, value: String)] = []
        let own = reachableServices.filter { !$0.service.isHeadless }
        let isMaster = { (service: Service) in
            service.metadata.namespace == "default" && service.metadata.name == "kubernetes"
        }
        if !own.contains(where: { isMaster($0.service) }) {
            list += ServiceVariables.list(
                name: "kubernetes", address: ClusterIPs.kubernetes, ports: [Service.Port(name: "https", port: 443)])
        }
        for (service, address) in own {
            let isLinked = pod.spec.enableServiceLinks && service.metadata.namespace == pod.metadata.namespace
            guard isLinked || isMaster(service) else { continue }
            list += ServiceVariables.list(name: service.metadata.name, address: address, ports: service.ports)
        }
        return list
    }

    /// Lines for the pod's `/etc/hosts`, in the place of a cluster's DNS server.
    var serviceHosts: String {
        let reachable = reachableServices
        guard !reachable.isEmpty else { return "" }
        var text = "\n# Services of the manifests.\n"
        for (service, address) in reachable {
            let name = service.metadata.name
            let space = service.metadata.namespace
            var names = [
                "\(name).\(space).svc.\(PodHostname.clusterDomain)", "\(name).\(space).svc", "\(name).\(space)",
            ]
            if space == pod.metadata.namespace { names.append(name) }
            text += "\(address)\t\(names.joined(separator: "\t"))\n"
        }
        return text
    }

    /// A port that a Service would carry over to another one.
    mutating func noteServicePorts() {
        for service in services where service.kind != .externalName && service.selects(pod) {
            for port in service.ports where !port.targetPort.isEmpty {
                let target = Int(port.targetPort) ?? containerPort(named: port.targetPort)
                if target == port.port { continue }
                note(
                    FieldPath("metadata", "labels"),
                    "Service \(quoted(service.metadata.name)) selects this pod, but nothing carries its port "
                        + "\(port.port) over to \(port.targetPort): connect to the container's port"
                )
            }
        }
    }

    private func containerPort(named name: String) -> Int? {
        allContainers.lazy.flatMap(\.container.ports).first { $0.name == name }?.containerPort
    }
}
