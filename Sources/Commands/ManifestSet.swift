import ArgumentParser
import ObjectStore
import PodAPI
import PodManifest

/// The objects of all files of one command, read and validated, ready to be stored. Where one of them is wrong, all that is wrong
/// has been said, and nothing may be done.
struct ManifestSet {
    struct Item {
        let source: ManifestObject
        /// With its namespace, without what only the store knows.
        var json: JSONValue
        var key: ObjectKey { ObjectKey(json) }
        let kind: ResourceKind
        /// The state that the manifest was made of, where it names one.
        let resourceVersion: String?
    }

    private(set) var items: [Item] = []
    private let manifest: Manifest

    /// - Parameters:
    ///   - namespace: `--namespace`; nil: not given.
    ///   - validates: false where the objects are only named, as by `delete -f`.
    init(
        _ flags: ManifestFlags, namespace: String?, podSecurity: PodSecurityLevel? = nil, validates: Bool = true
    ) throws {
        if flags.paths.isEmpty { throw CommandError("error: must specify one of -f and -k", code: 2) }
        for path in flags.paths where path.hasPrefix("http://") || path.hasPrefix("https://") {
            throw CommandError("error: \(path): URLs are not fetched: download the file, and give its path", code: 2)
        }
        var manifest = ManifestReader(recursive: flags.recursive).read(paths: flags.paths)
        var seen: Set<ObjectKey> = []
        for object in manifest.objects {
            if validates { manifest.add(object.object.validate(), in: object) }
            var json = Self.bare(object.json)
            let resource = ResourceKind(kind: object.object.kind)
            guard let resource else { continue }
            json[path: "metadata", "name"] = .string(object.object.metadata.name)
            json[path: "metadata", "generateName"] = nil
            let own = json[path: "metadata", "namespace"]?.string ?? ""
            if resource.isNamespaced {
                if let namespace, !own.isEmpty, own != namespace {
                    let problem =
                        "the namespace from the provided object \"\(own)\" does not match the namespace \"\(namespace)\". "
                        + "You must pass '--namespace=\(own)' to perform this operation."
                    manifest.add([FieldError(FieldPath("metadata", "namespace"), problem)], in: object)
                }
                json[path: "metadata", "namespace"] = .string(own.isEmpty ? namespace ?? "default" : own)
            } else {
                json[path: "metadata", "namespace"] = nil
            }
            if !seen.insert(ObjectKey(json)).inserted {
                let problem = "\(resource.kind) \"\(object.object.metadata.name)\" is given twice"
                manifest.add([FieldError(FieldPath("metadata", "name"), problem)], in: object)
            }
            if let podSecurity {
                manifest.errors += object.podSecurityViolations(podSecurity).map {
                    manifest.diagnostic(for: $0, in: object)
                }
            }
            let version = object.json[path: "metadata", "resourceVersion"]?.string
            items.append(Item(source: object, json: json, kind: resource, resourceVersion: version))
        }
        self.manifest = manifest
        if validates { for note in manifest.notes { Output.error("note: \(note)") } }
        for error in manifest.errors { Output.error("\(error)") }
        if !manifest.errors.isEmpty { throw ExitCode(2) }
    }

    mutating func keep(_ isWanted: (Item) -> Bool) { items = items.filter(isWanted) }

    /// What the API server would not take from anybody.
    private static func bare(_ json: JSONValue) -> JSONValue {
        var json = json
        json["status"] = nil
        if case .object? = json["metadata"] {
            for field in [
                "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields",
                "deletionTimestamp", "deletionGracePeriodSeconds",
            ] { json[path: "metadata", field] = nil }
        }
        if json["kind"]?.string == "Service", json[path: "spec", "clusterIP"]?.string != "None" {
            json[path: "spec", "clusterIP"] = nil
            json[path: "spec", "clusterIPs"] = nil
        }
        if json["kind"]?.string == "Secret", let texts = json["stringData"], !texts.isNull {
            // Part of the data, so that a key that goes from the manifest goes from the Secret.
            var data = json["data"] ?? .object([])
            for (key, text) in texts.dictionary { data[key] = .string(Base64.encode(Array(text.utf8))) }
            json["data"] = data
            json["stringData"] = nil
        }
        return json
    }

    /// A line for an error in one of the objects.
    func diagnostic(_ error: FieldError, in item: Item) -> Diagnostic {
        manifest.diagnostic(for: error, in: item.source)
    }
}
