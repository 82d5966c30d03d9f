import PodAPI

extension ObjectDecoder {
    mutating func service(_ node: ManifestNode) -> Service {
        let spec = node["spec"]
        var service = Service(
            metadata: metadata(node), kind: choice(spec, "type", default: .clusterIP),
            selector: spec?.dictionary("selector") ?? [:], clusterIP: spec?.string("clusterIP") ?? "",
            externalName: spec?.string("externalName") ?? "")
        if service.clusterIP.isEmpty, let first = spec?.strings("clusterIPs").first { service.clusterIP = first }
        service.ports = (spec?.list("ports") ?? []).map { node in
            Service.Port(
                name: node.string("name"), protocol: choice(node, "protocol", default: .tcp),
                port: Int(node["port"]?.integer ?? 0), targetPort: node.string("targetPort"),
                nodePort: Int(node["nodePort"]?.integer ?? 0))
        }
        return service
    }
}
