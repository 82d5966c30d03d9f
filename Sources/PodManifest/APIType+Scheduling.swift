/// The fields that place a pod in a cluster, core/v1 of Kubernetes 1.37.
extension APIType {
    static let nodeFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.nodeSpec)),
        Field("status", .object(.nodeStatus)),
    ]

    static let nodeSpecFields: [Field] = [
        Field("taints", .list(.object(.taint))),
        Field("unschedulable", .bool),
        Field("podCIDR", .string, .ignored),
        Field("podCIDRs", .list(.string), .ignored),
        Field("providerID", .string, .ignored),
        Field("configSource", .any, .ignored),
        Field("externalID", .string, .ignored),
    ]

    static let nodeStatusFields: [Field] = [
        Field("allocatable", .map(.quantity)),
        Field("capacity", .map(.quantity), .ignored),
        Field("addresses", .any, .ignored),
        Field("conditions", .any, .ignored),
        Field("config", .any, .ignored),
        Field("daemonEndpoints", .any, .ignored),
        Field("declaredFeatures", .any, .ignored),
        Field("features", .any, .ignored),
        Field("images", .any, .ignored),
        Field("nodeInfo", .any, .ignored),
        Field("phase", .any, .ignored),
        Field("runtimeHandlers", .any, .ignored),
        Field("volumesAttached", .any, .ignored),
        Field("volumesInUse", .any, .ignored),
    ]

    static let taintFields: [Field] = [
        Field("key", .string),
        Field("value", .string),
        Field("effect", .choice(["NoSchedule", "PreferNoSchedule", "NoExecute"])),
        Field("timeAdded", .string, .ignored),
    ]

    static let runtimeClassFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("handler", .string),
        Field("overhead", .object(.runtimeClassOverhead)),
        Field("scheduling", .object(.runtimeClassScheduling)),
    ]

    static let runtimeClassOverheadFields: [Field] = [
        Field("podFixed", .map(.quantity))
    ]

    static let runtimeClassSchedulingFields: [Field] = [
        Field("nodeSelector", .map(.string)),
        Field("tolerations", .list(.object(.toleration))),
    ]

    static let priorityClassFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("value", .int32),
        Field("globalDefault", .bool),
        Field("description", .string),
        Field("preemptionPolicy", .choice(["PreemptLowerPriority", "Never"])),
    ]

    static let affinityFields: [Field] = [
        Field("nodeAffinity", .object(.nodeAffinity)),
        Field("podAffinity", .object(.podAffinity)),
        Field("podAntiAffinity", .object(.podAntiAffinity)),
    ]

    static let tolerationFields: [Field] = [
        Field("key", .string),
        Field("operator", .choice(["Exists", "Equal", "Lt", "Gt"])),
        Field("value", .string),
        Field("effect", .choice(["NoSchedule", "PreferNoSchedule", "NoExecute"])),
        Field(
            "tolerationSeconds", .int64,
            .noEffect("a pod that tolerates a taint of this node stays; taints are read when it is started")),
    ]

    static let podReadinessGateFields: [Field] = [
        Field("conditionType", .string)
    ]

    static let topologySpreadConstraintFields: [Field] = [
        Field("maxSkew", .int32),
        Field("topologyKey", .string),
        Field("whenUnsatisfiable", .choice(["DoNotSchedule", "ScheduleAnyway"])),
        Field("labelSelector", .object(.labelSelector)),
        Field("minDomains", .int32),
        Field("nodeAffinityPolicy", .choice(["Ignore", "Honor"]), .ignored),
        Field("nodeTaintsPolicy", .choice(["Ignore", "Honor"]), .ignored),
        Field("matchLabelKeys", .list(.string)),
    ]

    static let podSchedulingGateFields: [Field] = [
        Field("name", .string)
    ]

    static let podResourceClaimFields: [Field] = [
        Field("name", .string),
        Field("resourceClaimName", .string),
        Field("resourceClaimTemplateName", .string),
    ]

    static let podSchedulingGroupFields: [Field] = [
        Field("podGroupName", .string)
    ]

    static let evictionResponderFields: [Field] = [
        Field("name", .string),
        Field("priority", .int32),
    ]

    static let nodeAffinityFields: [Field] = [
        Field("requiredDuringSchedulingIgnoredDuringExecution", .object(.nodeSelector)),
        Field(
            "preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.preferredSchedulingTerm)),
            .noEffect("there is one node to choose from")),
    ]

    static let podAffinityFields: [Field] = [
        Field("requiredDuringSchedulingIgnoredDuringExecution", .list(.object(.podAffinityTerm))),
        Field(
            "preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.weightedPodAffinityTerm)),
            .noEffect("there is one node to choose from")),
    ]

    static let podAntiAffinityFields: [Field] = [
        Field("requiredDuringSchedulingIgnoredDuringExecution", .list(.object(.podAffinityTerm))),
        Field(
            "preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.weightedPodAffinityTerm)),
            .noEffect("there is one node to choose from")),
    ]

    static let nodeSelectorFields: [Field] = [
        Field("nodeSelectorTerms", .list(.object(.nodeSelectorTerm)))
    ]

    static let preferredSchedulingTermFields: [Field] = [
        Field("weight", .int32),
        Field("preference", .object(.nodeSelectorTerm)),
    ]

    static let podAffinityTermFields: [Field] = [
        Field("labelSelector", .object(.labelSelector)),
        Field("namespaces", .list(.string)),
        Field("topologyKey", .string),
        Field("namespaceSelector", .object(.labelSelector)),
        Field("matchLabelKeys", .list(.string)),
        Field("mismatchLabelKeys", .list(.string)),
    ]

    static let weightedPodAffinityTermFields: [Field] = [
        Field("weight", .int32),
        Field("podAffinityTerm", .object(.podAffinityTerm)),
    ]

    static let nodeSelectorTermFields: [Field] = [
        Field("matchExpressions", .list(.object(.nodeSelectorRequirement))),
        Field("matchFields", .list(.object(.nodeSelectorRequirement))),
    ]

    static let nodeSelectorRequirementFields: [Field] = [
        Field("key", .string),
        Field("operator", .choice(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"])),
        Field("values", .list(.string)),
    ]
}
