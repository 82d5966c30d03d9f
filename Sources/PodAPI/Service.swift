/// core/v1 Service, as far as one host has a use for it: its name, its address and its ports become variables and names.
public struct Service: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case loadBalancer = "LoadBalancer"
        case externalName = "ExternalName"
    }

    public struct Port: Sendable, Equatable {
        /// Empty only where it is the one port.
        public var name: String
        public var `protocol`: ContainerPort.`Protocol`
        public var port: Int
        /// A number or the name of a container's port; empty: `port`.
        public var targetPort: String
        public var nodePort: Int

        public init(
            name: String = "", protocol: ContainerPort.`Protocol` = .tcp, port: Int, targetPort: String = "",
            nodePort: Int = 0
        ) {
            self.name = name
            self.protocol = `protocol`
            self.port = port
            self.targetPort = targetPort
            self.nodePort = nodePort
        }
    }

    public var metadata: ObjectMeta
    public var kind: Kind
    public var selector: [String: String]
    public var ports: [Port]
    /// Empty: given here; `None`: a headless Service.
    public var clusterIP: String
    public var externalName: String

    public init(
        metadata: ObjectMeta, kind: Kind = .clusterIP, selector: [String: String] = [:], ports: [Port] = [],
        clusterIP: String = "", externalName: String = ""
    ) {
        self.metadata = metadata
        self.kind = kind
        self.selector = selector
        self.ports = ports
        self.clusterIP = clusterIP
        self.externalName = externalName
    }

    public var isHeadless: Bool { clusterIP == "None" }

    /// Whether the pod is one of those that serve it. A Service without a selector has none.
    public func selects(_ pod: Pod) -> Bool {
        !selector.isEmpty && metadata.namespace == pod.metadata.namespace
            && selector.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
    }
}
