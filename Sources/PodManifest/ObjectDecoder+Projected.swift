import PodAPI

/// Downward API and projected volumes.
extension ObjectDecoder {
    func resourceField(_ node: ManifestNode) -> ResourceFieldSelector {
        ResourceFieldSelector(
            containerName: node.string("containerName"), resource: node.string("resource"),
            divisor: node["divisor"].flatMap { Quantity($0.text) } ?? Quantity(value: 0))
    }

    mutating func downwardAPIFiles(_ node: ManifestNode, at path: FieldPath) -> [DownwardAPIFile] {
        var files: [DownwardAPIFile] = []
        for (index, item) in node.list("items").enumerated() {
            let path = path.field("items").index(index)
            let source: DownwardAPIFile.Source
            switch (item["fieldRef"], item["resourceFieldRef"]) {
            case (let field?, nil): source = .field(field.string("fieldPath"))
            case (nil, let resource?): source = .resource(resourceField(resource))
            case (nil, nil):
                report(path, "one of fieldRef and resourceFieldRef is required")
                continue
            case (_?, _?):
                report(path, "fieldRef and resourceFieldRef can not be specified simultaneously")
                continue
            }
            files.append(DownwardAPIFile(path: item.string("path"), source: source, mode: mode(item, "mode")))
        }
        return files
    }

    mutating func projections(_ node: ManifestNode, at path: FieldPath) -> [VolumeProjection] {
        var sources: [VolumeProjection] = []
        for (index, item) in node.list("sources").enumerated() {
            let path = path.field("sources").index(index)
            let count = errors.count
            guard let (kind, node) = onlySource(item, at: path) else {
                if errors.count == count {
                    report(path, "required: one of secret, configMap, downwardAPI, serviceAccountToken")
                }
                continue
            }
            let optional = node["optional"]?.bool ?? false
            switch kind {
            case "secret":
                sources.append(.secret(name: node.string("name"), items: keysToPaths(node), optional: optional))
            case "configMap":
                sources.append(.configMap(name: node.string("name"), items: keysToPaths(node), optional: optional))
            case "downwardAPI":
                sources.append(.downwardAPI(items: downwardAPIFiles(node, at: path.field(kind))))
            case "serviceAccountToken":
                sources.append(
                    .serviceAccountToken(
                        audience: node.string("audience"),
                        expirationSeconds: node["expirationSeconds"]?.integer ?? 3600, path: node.string("path")))
            default: break
            }
        }
        return sources
    }
}
