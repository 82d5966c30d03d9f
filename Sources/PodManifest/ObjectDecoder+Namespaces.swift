import PodAPI

extension ObjectDecoder {
    /// Of a pod's `spec`.
    func namespaces(_ node: ManifestNode) -> PodNamespaces {
        var namespaces = PodNamespaces()
        namespaces.hostPID = node["hostPID"]?.bool ?? false
        namespaces.hostIPC = node["hostIPC"]?.bool ?? false
        namespaces.shareProcessNamespace = node["shareProcessNamespace"]?.bool ?? false
        namespaces.hostUsers = node["hostUsers"]?.bool ?? true
        return namespaces
    }
}
