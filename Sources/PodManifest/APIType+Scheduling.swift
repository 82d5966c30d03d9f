/// The fields that place a pod in a cluster, core/v1 of Kubernetes 1.37.
extension APIType {
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
        Field("tolerationSeconds", .int64),
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
        Field("nodeAffinityPolicy", .choice(["Ignore", "Honor"])),
        Field("nodeTaintsPolicy", .choice(["Ignore", "Honor"])),
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
        Field("preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.preferredSchedulingTerm))),
    ]

    static let podAffinityFields: [Field] = [
        Field("requiredDuringSchedulingIgnoredDuringExecution", .list(.object(.podAffinityTerm))),
        Field("preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.weightedPodAffinityTerm))),
    ]

    static let podAntiAffinityFields: [Field] = [
        Field("requiredDuringSchedulingIgnoredDuringExecution", .list(.object(.podAffinityTerm))),
        Field("preferredDuringSchedulingIgnoredDuringExecution", .list(.object(.weightedPodAffinityTerm))),
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
