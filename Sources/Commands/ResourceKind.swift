/// A kind of objects as a user may name it on the command line.
struct ResourceKind: Sendable, Hashable {
    let kind: String
    /// In lower case, as in the paths of the API server.
    let plural: String
    let shortNames: [String]
    let apiVersion: String
    let isNamespaced: Bool
    /// It is not stored, but shows what is there: no verb changes it.
    let isReadOnly: Bool

    private init(
        _ kind: String, _ plural: String, _ shortNames: [String] = [], _ apiVersion: String = "v1",
        isNamespaced: Bool = true, isReadOnly: Bool = false
    ) {
        self.kind = kind
        self.plural = plural
        self.shortNames = shortNames
        self.apiVersion = apiVersion
        self.isNamespaced = isNamespaced
        self.isReadOnly = isReadOnly
    }

    static let pod = ResourceKind("Pod", "pods", ["po"])
    static let service = ResourceKind("Service", "services", ["svc"])
    static let configMap = ResourceKind("ConfigMap", "configmaps", ["cm"])
    static let secret = ResourceKind("Secret", "secrets")
    static let persistentVolumeClaim = ResourceKind("PersistentVolumeClaim", "persistentvolumeclaims", ["pvc"])
    static let persistentVolume = ResourceKind("PersistentVolume", "persistentvolumes", ["pv"], isNamespaced: false)
    static let storageClass = ResourceKind(
        "StorageClass", "storageclasses", ["sc"], "storage.k8s.io/v1", isNamespaced: false)
    static let runtimeClass = ResourceKind("RuntimeClass", "runtimeclasses", [], "node.k8s.io/v1", isNamespaced: false)
    static let priorityClass = ResourceKind(
        "PriorityClass", "priorityclasses", ["pc"], "scheduling.k8s.io/v1", isNamespaced: false)
    static let event = ResourceKind("Event", "events", ["ev"], isReadOnly: true)
    static let namespace = ResourceKind("Namespace", "namespaces", ["ns"], isNamespaced: false, isReadOnly: true)
    static let node = ResourceKind("Node", "nodes", ["no"], isNamespaced: false, isReadOnly: true)

    static let all: [ResourceKind] = [
        pod, service, configMap, secret, persistentVolumeClaim, persistentVolume, storageClass, runtimeClass,
        priorityClass, event, namespace, node,
    ]

    /// What `all` stands for: kubectl's category, as far as there are such kinds here.
    static let everyday: [ResourceKind] = [pod, service]

    var singular: String { kind.lowercased() }

    /// The part of the API that it is in; empty for the first, `v1`.
    var group: String { apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? "" }

    /// As in messages of the API server: `pods`, `priorityclasses.scheduling.k8s.io`.
    var resource: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// As in what kubectl says of an object: `pod/x`, `priorityclass.scheduling.k8s.io/x`.
    var qualifiedSingular: String { group.isEmpty ? singular : "\(singular).\(group)" }

    /// `Pod`, as a manifest has it.
    init?(kind: String) {
        guard let found = Self.all.first(where: { $0.kind == kind }) else { return nil }
        self = found
    }

    /// Plural, singular or short name in any case, also with version and group: `pods.v1.`, `pvc`,
    /// `priorityclass.scheduling.k8s.io`.
    init?(named text: String) {
        let word = text.lowercased()
        let parts = word.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard
            let found = Self.all.first(where: {
                $0.plural == name || $0.singular == name || $0.shortNames.contains(name)
            })
        else { return nil }
        if parts.count == 2 {
            let version = found.apiVersion.split(separator: "/").last.map(String.init) ?? ""
            guard [found.group, "\(version).\(found.group)"].contains(String(parts[1])) else { return nil }
        }
        self = found
    }
}
