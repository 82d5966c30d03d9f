/// The fields of Service, core/v1 of Kubernetes 1.37.
extension APIType {
    private static let names = "a Service is variables and names here, and no proxy stands behind it"
    private static let given = "a Service has the address that it is given here"

    static let serviceFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.serviceSpec)),
        Field("status", .any, .ignored),
    ]

    static let serviceSpecFields: [Field] = [
        Field("ports", .list(.object(.servicePort))),
        Field("selector", .map(.string)),
        Field("clusterIP", .string, .noEffect(given), default: "None"),
        Field("clusterIPs", .list(.string), .noEffect(given)),
        Field("type", .choice(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])),
        Field("externalIPs", .list(.string), .noEffect(names)),
        Field("sessionAffinity", .choice(["ClientIP", "None"]), .noEffect(names), default: "None"),
        Field("loadBalancerIP", .string, .noEffect(names)),
        Field("loadBalancerSourceRanges", .list(.string), .noEffect(names)),
        Field("externalName", .string, .noEffect("a name for another name takes a DNS server")),
        Field("externalTrafficPolicy", .choice(["Local", "Cluster"]), .noEffect(names), default: "Cluster"),
        Field("healthCheckNodePort", .int32, .noEffect(names)),
        Field("publishNotReadyAddresses", .bool, .noEffect(names)),
        Field("sessionAffinityConfig", .object(.sessionAffinityConfig), .noEffect(names)),
        Field("ipFamilies", .list(.string), .noEffect(names)),
        Field(
            "ipFamilyPolicy", .choice(["SingleStack", "PreferDualStack", "RequireDualStack"]), .noEffect(names),
            default: "SingleStack"),
        Field("allocateLoadBalancerNodePorts", .bool, .noEffect(names), default: "true"),
        Field("loadBalancerClass", .string, .noEffect(names)),
        Field("internalTrafficPolicy", .choice(["Cluster", "Local"]), .noEffect(names), default: "Cluster"),
        Field("trafficDistribution", .string, .noEffect(names)),
    ]

    static let servicePortFields: [Field] = [
        Field("name", .string),
        Field("protocol", .choice(["TCP", "UDP", "SCTP"])),
        Field("appProtocol", .string, .ignored),
        Field("port", .int32),
        Field("targetPort", .intOrString),
        Field("nodePort", .int32, .noEffect("publish the container's port with hostPort")),
    ]

    static let sessionAffinityConfigFields: [Field] = [
        Field("clientIP", .object(.clientIPConfig))
    ]

    static let clientIPConfigFields: [Field] = [
        Field("timeoutSeconds", .int32)
    ]
}
