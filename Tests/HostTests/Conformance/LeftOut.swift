extension Row {
    /// The rows that make no sense on one host without an API server, each with the reason.
    static let leftOut = table([
        ("N004 N072", "needs an API server: get, patch, list and deletecollection of the object"),
        ("N035", "needs an API server: Lease is an object for the cluster's own parts"),
        ("N036 N037", "needs a cluster: pods are evicted from a node whose taints change"),
        ("N038", "needs an API server: Node objects"),
        ("N039 N040 N041", "needs an API server: PodTemplate objects"),
        ("N044 N045", "needs an API server: list and watch of pods by label"),
        ("N047 N049 N050", "needs an API server: list, patch and deletecollection of pods"),
        ("N023 N024", "ephemeral containers are added by an API server's subresource"),
        ("N051 N052", "needs an API server that speaks WebSocket"),
        ("N068", "needs an API server: discovery, watch and patch of RuntimeClass objects"),
        ("S001 S003 S004", "needs an API server: objects of CSI drivers"),
        ("S002", "needs an API server and a CSI driver"),
        ("S044 S045 S083", "needs an API server: patch, watch and deletecollection of storage objects"),
        ("S089 S090", "needs a cluster: VolumeAttachment objects tell which node a disk is attached to"),
        ("W002 W003", "needs a network between pods"),
        ("W004 W005", "needs a network between node and pods; a pod is reached by its hostPorts instead"),
    ])

    /// The rows that are known not to hold yet, each with the reason. They count as failures in the score.
    static let expectedFailures = table([
        ("N088", "a container that cannot be made is refused, not tried again")
    ])

    private static func table(_ reasons: [(ids: String, reason: String)]) -> [String: String] {
        var result: [String: String] = [:]
        for (ids, reason) in reasons {
            for id in ids.split(separator: " ") { result[String(id)] = reason }
        }
        return result
    }
}
