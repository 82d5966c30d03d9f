public import PodAPI

/// An object that is JSON already: of the store, or what a patch or a merge has made. It is checked as a manifest is; its
/// errors have no lines.
public struct StoredObject: Sendable {
    /// nil: too little of it is right.
    public private(set) var object: Object?
    /// Of the fields' names and types, and of Kubernetes' validation.
    public private(set) var errors: [FieldError] = []

    public init(_ json: JSONValue) {
        let name = json[path: "metadata", "name"]?.string ?? ""
        var reading = FileReading(
            file: "\((json["kind"]?.string ?? "object").lowercased())/\(name)", limits: SourceLimits())
        reading.decode(ManifestNode(json), index: 0)
        var manifest = Manifest()
        manifest.objects = reading.objects
        manifest.errors = reading.sortedErrors
        if let found = reading.objects.first { manifest.add(found.object.validate(), in: found) }
        errors = manifest.errors.map { FieldError($0.path ?? FieldPath(), $0.message) }
        object = reading.objects.first?.object
        if let uid = json[path: "metadata", "uid"]?.string { object?.uid = uid }
    }
}

extension ManifestNode {
    /// Without places.
    convenience init(_ value: JSONValue) {
        let nowhere = SourcePosition(line: 0, column: 0)
        switch value {
        case .null: self.init(.scalar("null", isPlain: true), at: nowhere)
        case .bool(let value): self.init(.scalar(value ? "true" : "false", isPlain: true), at: nowhere)
        case .integer, .number: self.init(.scalar(value.text, isPlain: true), at: nowhere)
        case .string(let text): self.init(.scalar(text, isPlain: false), at: nowhere)
        case .array(let items): self.init(.sequence(items.map { ManifestNode($0) }), at: nowhere)
        case .object(let members):
            self.init(
                .mapping(
                    members.map {
                        Entry(key: $0.key, keyIsPlain: false, keyPosition: nowhere, value: ManifestNode($0.value))
                    }), at: nowhere)
        }
    }
}
