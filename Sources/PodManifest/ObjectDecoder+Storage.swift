import PodAPI

extension ObjectDecoder {
    mutating func persistentVolume(_ node: ManifestNode) -> PersistentVolume? {
        let path = FieldPath("spec")
        let metadata = metadata(node, isNamespaced: false)
        guard let spec = node["spec"] else {
            report(path, "required")
            return nil
        }
        let capacity = quantity(spec["capacity"], at: path.field("capacity").key("storage"))
        let source = persistentVolumeSource(spec, at: path)
        guard let capacity, let source else { return nil }
        return PersistentVolume(
            metadata: metadata, capacity: capacity, accessModes: accessModes(spec),
            reclaimPolicy: choice(spec, "persistentVolumeReclaimPolicy", default: .retain),
            storageClassName: metadata.annotations[Self.classAnnotation] ?? spec.string("storageClassName"),
            volumeMode: choice(spec, "volumeMode", default: .filesystem),
            claimRef: spec["claimRef"].map {
                let namespace = $0.string("namespace")
                return PersistentVolume.ClaimReference(
                    namespace: namespace.isEmpty ? "default" : namespace, name: $0.string("name"), uid: $0.string("uid")
                )
            },
            nodeAffinity: spec["nodeAffinity"]?["required"].map(nodeSelector), source: source)
    }

    mutating func persistentVolumeClaim(_ node: ManifestNode) -> PersistentVolumeClaim? {
        claim(node, metadata(node), at: FieldPath("spec"))
    }

    /// Of the metadata, a name is kept, which the template may not have.
    mutating func volumeClaimTemplate(_ node: ManifestNode?, at path: FieldPath) -> VolumeClaimTemplate? {
        guard let node else {
            report(path, "required")
            return nil
        }
        let own = node["metadata"]
        let metadata = ObjectMeta(
            name: own?.string("name") ?? "", labels: own?.dictionary("labels") ?? [:],
            annotations: own?.dictionary("annotations") ?? [:])
        return claim(node, metadata, at: path.field("spec")).map { VolumeClaimTemplate(claim: $0) }
    }

    private mutating func claim(
        _ node: ManifestNode, _ metadata: ObjectMeta, at path: FieldPath
    ) -> PersistentVolumeClaim? {
        guard let spec = node["spec"] else {
            report(path, "required")
            return nil
        }
        let request = quantity(
            spec["resources"]?["requests"], at: path.field("resources").field("requests").key("storage"))
        guard let request else { return nil }
        return PersistentVolumeClaim(
            metadata: metadata, accessModes: accessModes(spec), request: request,
            storageClassName: metadata.annotations[Self.classAnnotation] ?? spec["storageClassName"]?.text,
            volumeMode: choice(spec, "volumeMode", default: .filesystem), volumeName: spec.string("volumeName"),
            selector: spec["selector"].map(labelSelector))
    }

    /// Deprecated, and where it is given it wins over the field (component-helpers, GetPersistentVolumeClaimClass).
    private static let classAnnotation = "volume.beta.kubernetes.io/storage-class"

    private static let otherVolumeFields = [
        "capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions",
        "volumeMode", "nodeAffinity", "volumeAttributesClassName",
    ]

    private mutating func persistentVolumeSource(_ node: ManifestNode, at path: FieldPath) -> PersistentVolume.Source? {
        let count = errors.count
        guard let (kind, source) = onlySource(node, except: Self.otherVolumeFields, at: path) else {
            if errors.count == count { report(path, "a source is required, such as hostPath or local") }
            return nil
        }
        switch kind {
        case "hostPath": return .hostPath(path: source.string("path"), type: choice(source, "type", default: .unset))
        case "local": return .local(path: source.string("path"))
        default: return .other(kind: kind)
        }
    }

    private mutating func quantity(_ list: ManifestNode?, at path: FieldPath) -> Quantity? {
        guard let text = list?["storage"]?.text, let quantity = Quantity(text) else {
            report(path, "required")
            return nil
        }
        return quantity
    }

    private func accessModes(_ spec: ManifestNode) -> [AccessMode] {
        spec.strings("accessModes").compactMap(AccessMode.init(rawValue:))
    }

    func labelSelector(_ node: ManifestNode) -> LabelSelector {
        LabelSelector(
            matchLabels: node.dictionary("matchLabels"),
            matchExpressions: node.list("matchExpressions").map {
                LabelSelector.Requirement(
                    key: $0.string("key"), operator: choice($0, "operator", default: .in), values: $0.strings("values"))
            })
    }

    func nodeSelector(_ node: ManifestNode) -> NodeSelector {
        NodeSelector(
            terms: node.list("nodeSelectorTerms").map {
                NodeSelector.Term(
                    matchExpressions: $0.list("matchExpressions").map(nodeRequirement),
                    matchFields: $0.list("matchFields").map(nodeRequirement))
            })
    }

    private func nodeRequirement(_ node: ManifestNode) -> NodeSelector.Requirement {
        NodeSelector.Requirement(
            key: node.string("key"), operator: choice(node, "operator", default: .in), values: node.strings("values"))
    }
}
