import PodAPI

/// Makes PodAPI values of nodes that the field checker has passed, with Kubernetes' defaults (pkg/apis/core/v1/defaults.go).
/// What is checked here is what the PodAPI types cannot hold: two sources in one volume, say.
struct ObjectDecoder {
    var errors: [FieldError] = []

    mutating func decode(_ node: ManifestNode, as kind: ManifestKind) -> Object? {
        switch kind {
        case .pod: .pod(pod(node))
        case .persistentVolume: persistentVolume(node).map(Object.persistentVolume)
        case .persistentVolumeClaim: persistentVolumeClaim(node).map(Object.persistentVolumeClaim)
        case .configMap: .configMap(configMap(node))
        case .secret: .secret(secret(node))
        case .service: .service(service(node))
        case .runtimeClass: .runtimeClass(runtimeClass(node))
        case .priorityClass: .priorityClass(priorityClass(node))
        }
    }

    mutating func report(_ path: FieldPath, _ message: String) {
        errors.append(FieldError(path, message))
    }

    mutating func metadata(_ node: ManifestNode, isNamespaced: Bool = true) -> ObjectMeta {
        let path = FieldPath("metadata")
        let node = node["metadata"]
        var name = node?.string("name") ?? ""
        if name.isEmpty, let prefix = node?.string("generateName"), !prefix.isEmpty { name = Self.generateName(prefix) }
        var namespace = node?.string("namespace") ?? ""
        if isNamespaced {
            if namespace.isEmpty { namespace = "default" }
        } else if !namespace.isEmpty {
            report(path.field("namespace"), "this kind has no namespace; leave it out")
        }
        return ObjectMeta(
            name: name, namespace: namespace, labels: node?.dictionary("labels") ?? [:],
            annotations: node?.dictionary("annotations") ?? [:])
    }

    /// As apiserver's SimpleNameGenerator: the prefix, cut so that the name has at most 63 characters, and five characters
    /// out of those which spell no words.
    private static func generateName(_ prefix: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        let suffix = (0..<5).map { _ in alphabet[Int.random(in: alphabet.indices)] }
        return String(prefix.prefix(58)) + String(suffix)
    }

    /// A value of an enumeration whose words the checker has compared; the default where it is left out or empty.
    func choice<Choice: RawRepresentable<String>>(_ node: ManifestNode?, _ key: String, default value: Choice) -> Choice
    {
        node?[key].flatMap { Choice(rawValue: $0.text) } ?? value
    }

    /// The one source that is given, by its field name. nil, and an error, where there are more.
    mutating func onlySource(
        _ node: ManifestNode, except others: [String] = [], at path: FieldPath
    ) -> (name: String, node: ManifestNode)? {
        let sources = node.entries.filter { !others.contains($0.key) && !$0.value.isNull }
        if sources.count > 1 {
            report(path, "only one source is allowed, given are \(sources.map(\.key).joined(separator: " and "))")
            return nil
        }
        return sources.first.map { ($0.key, $0.value) }
    }

    func keysToPaths(_ node: ManifestNode) -> [KeyToPath]? {
        let items = node.list("items")
        guard !items.isEmpty else { return nil }
        return items.map {
            KeyToPath(key: $0.string("key"), path: $0.string("path"), mode: mode($0, "mode"))
        }
    }

    func mode(_ node: ManifestNode, _ key: String) -> UInt32? {
        node[key]?.integer.map { UInt32(truncatingIfNeeded: $0) }
    }
}

/// ConfigMap and Secret.
extension ObjectDecoder {
    private mutating func configMap(_ node: ManifestNode) -> ConfigMap {
        ConfigMap(
            metadata: metadata(node), data: node.dictionary("data"), binaryData: bytes(node["binaryData"]),
            immutable: node["immutable"]?.bool ?? false)
    }

    private mutating func secret(_ node: ManifestNode) -> Secret {
        var data = bytes(node["data"])
        for (key, text) in node.dictionary("stringData") { data[key] = Array(text.utf8) }
        let type = node.string("type")
        return Secret(
            metadata: metadata(node), type: type.isEmpty ? "Opaque" : type, data: data,
            immutable: node["immutable"]?.bool ?? false)
    }

    private func bytes(_ node: ManifestNode?) -> [String: [UInt8]] {
        var values: [String: [UInt8]] = [:]
        for entry in node?.entries ?? [] { values[entry.key] = Base64.decode(entry.value.text) ?? [] }
        return values
    }
}
