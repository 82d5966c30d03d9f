/// The fields of meta/v1 of Kubernetes 1.37, and the two kinds of container that differ from Container in little.
extension APIType {
    static let objectMetaFields: [Field] = [
        Field("name", .string),
        Field("generateName", .string),
        Field("namespace", .string),
        Field("selfLink", .string, .ignored),
        Field("uid", .string, .ignored),
        Field("resourceVersion", .string, .ignored),
        Field("generation", .int64, .ignored),
        Field("creationTimestamp", .string, .ignored),
        Field("deletionTimestamp", .string, .noEffect("the object is created anew")),
        Field("deletionGracePeriodSeconds", .int64, .noEffect("the object is created anew")),
        Field("labels", .map(.string)),
        Field("annotations", .map(.string)),
        Field("ownerReferences", .list(.object(.ownerReference)), .noEffect("nothing owns an object on one host yet")),
        Field("finalizers", .list(.string), .noEffect("no controller waits for them")),
        Field("managedFields", .any, .ignored),
    ]

    static let ownerReferenceFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("name", .string),
        Field("uid", .string),
        Field("controller", .bool),
        Field("blockOwnerDeletion", .bool),
    ]

    static let labelSelectorFields: [Field] = [
        Field("matchLabels", .map(.string)),
        Field("matchExpressions", .list(.object(.labelSelectorRequirement))),
    ]

    static let labelSelectorRequirementFields: [Field] = [
        Field("key", .string),
        Field("operator", .choice(["In", "NotIn", "Exists", "DoesNotExist"])),
        Field("values", .list(.string)),
    ]

    static let ephemeralContainerFields: [Field] = containerFields + [Field("targetContainerName", .string)]
}
