extension DownwardAPIFile {
    /// `validateDownwardAPIVolumeFile`
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        validation.require(self.path, path.field("path"), NameRules.filePath)
        switch source {
        case .field(let field):
            validation.check(
                path.field("fieldRef").field("fieldPath"),
                FieldReference.problem(of: field, plain: FieldReference.plainInVolumes))
        case .resource(let selector):
            let path = path.field("resourceFieldRef")
            if selector.containerName.isEmpty { validation.fail(path.field("containerName"), "required value") }
            selector.validate(path, &validation)
        }
        if let mode { validation.check(path.field("mode"), NameRules.fileMode(mode)) }
    }
}

extension ResourceFieldSelector {
    private static let plain = ["cpu", "memory", "ephemeral-storage"].flatMap { ["limits." + $0, "requests." + $0] }
    private static let byteDivisors = [
        "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
    ]

    /// `validateContainerResourceFieldSelector`
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        validation.require(resource, path.field("resource")) { resource in
            if Self.plain.contains(resource) { return nil }
            if resource.hasPrefix("limits.hugepages-") || resource.hasPrefix("requests.hugepages-") { return nil }
            return "unsupported value: \(NameRules.shown(resource))"
                + "\(Suggestion.text(for: resource, in: Self.plain)): supported values: "
                + (Self.plain + ["limits.hugepages-SIZE", "requests.hugepages-SIZE"]).joined(separator: ", ")
        }
        guard divisor != Quantity(value: 0) else { return }
        let isCPU = resource.hasSuffix(".cpu")
        if !(isCPU ? ["1m", "1"] : Self.byteDivisors).contains(divisor.description) {
            let kind =
                isCPU
                ? "cpu"
                : resource.hasSuffix(".memory")
                    ? "memory" : resource.hasSuffix(".ephemeral-storage") ? "local ephemeral storage" : "hugepages"
            let allowed =
                isCPU ? "1m and 1" : Self.byteDivisors.dropLast().joined(separator: ", ") + " and 1Ei"
            validation.fail(
                path.field("divisor"),
                "only divisor's values \(allowed) are supported with the \(kind) resource: \(divisor)")
        }
    }
}

extension FieldReference {
    /// What is wrong with a `fieldPath` where the paths `plain` are known (`validateObjectFieldSelector`).
    static func problem(of field: String, plain: [String]) -> String? {
        if field.isEmpty { return "required value" }
        if let (map, key) = subscripted(field) {
            return NameRules.qualifiedName(map == .annotations ? key.lowercased() : key)
        }
        if plain.contains(field) { return nil }
        let known = plain + ["metadata.labels['KEY']", "metadata.annotations['KEY']"]
        let suggestion = Suggestion.text(for: field, in: plain)
        return
            "unsupported value: \(NameRules.shown(field))\(suggestion): supported values: \(known.joined(separator: ", "))"
    }
}

extension KeyToPath {
    /// `validateKeyToPath`
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        if key.isEmpty { validation.fail(path.field("key"), "required value") }
        validation.require(self.path, path.field("path"), NameRules.filePath)
        if let mode { validation.check(path.field("mode"), NameRules.fileMode(mode)) }
    }
}

/// Files of one volume: their paths must be those of files side by side.
struct PathConflicts {
    private var files: Set<String> = []
    private var directories: Set<String> = []

    /// Whether the path is one that is taken, or lies below a file, or above one.
    mutating func insert(_ path: String) -> Bool {
        let elements = path.split(separator: "/").map(String.init)
        let parents = elements.indices.dropLast().map { elements[...$0].joined(separator: "/") }
        let clean = elements.joined(separator: "/")
        let conflicts =
            files.contains(clean) || directories.contains(clean) || parents.contains(where: files.contains)
        files.insert(clean)
        directories.formUnion(parents)
        return conflicts
    }
}

extension [VolumeProjection] {
    /// `validateProjectionSources`
    func validate(_ defaultMode: UInt32, _ path: FieldPath, _ validation: inout Validation) {
        validation.check(path.field("defaultMode"), NameRules.fileMode(defaultMode))
        var conflicts = PathConflicts()
        func add(_ file: String, _ path: FieldPath, _ validation: inout Validation) {
            guard !file.isEmpty, conflicts.insert(file) else { return }
            validation.fail(path, "conflicting duplicate paths: \(NameRules.shown(file))")
        }
        func check(_ items: [KeyToPath]?, _ path: FieldPath, _ validation: inout Validation) {
            for (index, item) in (items ?? []).enumerated() {
                let path = path.field("items").index(index)
                item.validate(path, &validation)
                add(item.path, path.field("path"), &validation)
            }
        }
        for (index, source) in enumerated() {
            let path = path.field("sources").index(index)
            switch source {
            case .secret(let name, let items, _):
                let path = path.field("secret")
                validation.require(name, path.field("name"), NameRules.dns1123Subdomain)
                check(items, path, &validation)
            case .configMap(let name, let items, _):
                let path = path.field("configMap")
                validation.require(name, path.field("name"), NameRules.dns1123Subdomain)
                check(items, path, &validation)
            case .downwardAPI(let items):
                items.validate(path.field("downwardAPI"), &validation) { add($0, $1, &$2) }
            case .serviceAccountToken(_, let expiration, let file):
                let path = path.field("serviceAccountToken")
                validation.require(file, path.field("path"), NameRules.filePath)
                add(file, path.field("path"), &validation)
                if expiration < 600 {
                    validation.fail(
                        path.field("expirationSeconds"),
                        "may not specify a duration less than 10 minutes: \(expiration)")
                } else if expiration > 1 << 32 {
                    validation.fail(
                        path.field("expirationSeconds"),
                        "may not specify a duration larger than 2^32 seconds: \(expiration)")
                }
            }
        }
    }
}

extension [DownwardAPIFile] {
    /// `path` is that of the volume source; `add` is told of each file's path.
    func validate(
        _ path: FieldPath, _ validation: inout Validation,
        _ add: (_ file: String, _ path: FieldPath, inout Validation) -> Void
    ) {
        for (index, file) in enumerated() {
            let path = path.field("items").index(index)
            file.validate(path, &validation)
            add(file.path, path.field("path"), &validation)
        }
    }
}
