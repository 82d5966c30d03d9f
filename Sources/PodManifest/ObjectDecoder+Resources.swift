import PodAPI

extension ObjectDecoder {
    func resourceRequirements(_ node: ManifestNode?) -> ResourceRequirements {
        guard let node else { return ResourceRequirements() }
        return ResourceRequirements(limits: resourceList(node["limits"]), requests: resourceList(node["requests"]))
    }

    private func resourceList(_ node: ManifestNode?) -> ResourceList {
        var list = ResourceList()
        for entry in node?.entries ?? [] { list[entry.key] = Quantity(entry.value.text) }
        return list
    }
}
