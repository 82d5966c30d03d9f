import PodAPI

/// What has been read of one file: its documents become objects, errors and notes.
struct FileReading {
    private(set) var objects: [ManifestObject] = []
    private(set) var notes: [Diagnostic] = []
    private var errors: [Diagnostic] = []

    private let file: String
    private let limits: SourceLimits

    init(file: String, limits: SourceLimits) {
        self.file = file
        self.limits = limits
    }

    var isEmpty: Bool { objects.isEmpty && errors.isEmpty }

    /// By place, and cut off at the limit.
    var sortedErrors: [Diagnostic] {
        var sorted = errors.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
        if sorted.count > limits.errors {
            sorted.removeLast(sorted.count - limits.errors)
            sorted.append(
                Diagnostic(file: file, message: "more than \(limits.errors) errors; the others are not shown"))
        }
        return sorted
    }

    mutating func report(_ error: SourceError) {
        add(Diagnostic(file: file, error.position, message: error.message))
    }

    /// A document: an object, or a List of them.
    mutating func decode(_ document: ManifestNode, index: Int) {
        guard errors.count <= limits.errors else { return }
        guard case .mapping = document.content else {
            return report(
                SourceError(
                    position: document.position, message: "must be an object (a mapping), is \(document.description)"))
        }
        guard let list = listedKind(document) else {
            return decode(document, kind: nil, index: index, listPath: FieldPath())
        }
        for entry in document.entries where !["apiVersion", "kind", "metadata", "items"].contains(entry.key) {
            report(FieldPath().field(entry.key), entry.keyPosition, "unknown field \(quoted(entry.key))")
        }
        let version = list.element?.apiVersion ?? "v1"
        if document.string("apiVersion") != version {
            report(
                FieldPath("apiVersion"), document.nearestPosition(of: FieldPath("apiVersion")),
                "must be \"\(version)\" for kind \(document.string("kind"))")
        }
        guard let items = document["items"] else { return }
        guard case .sequence(let nodes) = items.content else {
            return report(FieldPath("items"), items.position, "must be a list, is \(items.description)")
        }
        for (number, node) in nodes.enumerated() {
            guard errors.count <= limits.errors else { return }
            let path = FieldPath("items").index(number)
            guard case .mapping = node.content else {
                report(path, node.position, "must be an object (a mapping), is \(node.description)")
                continue
            }
            decode(node, kind: list.element, index: index, listPath: path)
        }
    }

    /// For `List` no kind, for `PodList` Pod, whose items may leave it out; nil where it is no list.
    private func listedKind(_ node: ManifestNode) -> (element: ManifestKind?, Void)? {
        let kind = node.string("kind")
        if kind == "List" { return (nil, ()) }
        guard kind.hasSuffix("List"), let element = ManifestKind(rawValue: String(kind.dropLast(4))) else { return nil }
        return (element, ())
    }

    private mutating func decode(_ node: ManifestNode, kind expected: ManifestKind?, index: Int, listPath: FieldPath) {
        guard let kind = kind(of: node, expected: expected, listPath: listPath) else { return }
        var checker = FieldChecker(at: listPath, limit: limits.errors)
        checker.check(node, as: kind.type)
        for error in checker.errors { report(error.path, error.position, error.message) }
        for note in checker.notes where notes.count < limits.errors {
            notes.append(Diagnostic(file: file, note.position, path: note.path, message: note.message))
        }

        // A broken object is decoded as far as it goes, so that its other errors are found too.
        var decoder = ObjectDecoder()
        let object = decoder.decode(node, as: kind)
        let known = checker.errors.map(\.path)
        var faults = known
        for error in decoder.errors {
            let path = FieldPath(listPath.components + error.path.components)
            if path.follows(from: known, isRequired: error.message.hasPrefix("required")) { continue }
            report(path, node.nearestPosition(of: error.path), error.message)
            faults.append(path)
        }
        guard let object else { return }
        objects.append(
            ManifestObject(
                object: object, file: file, documentIndex: index, listPath: listPath, node: node, faults: faults))
    }

    private mutating func kind(
        of node: ManifestNode, expected: ManifestKind?, listPath: FieldPath
    ) -> ManifestKind? {
        func at(_ field: String) -> (FieldPath, SourcePosition) {
            (listPath.field(field), node.nearestPosition(of: FieldPath(field)))
        }
        let version = node.string("apiVersion")
        let name = node.string("kind")
        guard !name.isEmpty else {
            if let expected, version.isEmpty || version == expected.apiVersion { return expected }
            let (path, position) = at("kind")
            report(path, position, "required")
            return nil
        }
        guard let kind = ManifestKind(rawValue: name) else {
            let (path, position) = at("kind")
            var message = "\(quoted(name)) is not carried out"
            if let template = Self.templates[name] {
                message +=
                    ": nothing keeps pods running here; run the pod of its \(template), with kind: Pod and a name"
            } else {
                message += "; the kinds are \(ManifestKind.names)"
            }
            if let meant = Spelling.suggestion(for: name, among: ManifestKind.allCases.map(\.rawValue)) {
                message += " (did you mean \"\(meant)\"?)"
            }
            report(path, position, message)
            return nil
        }
        guard version == kind.apiVersion else {
            let (path, position) = at("apiVersion")
            report(
                path, position,
                "must be \"\(kind.apiVersion)\" for kind \(name)" + (version.isEmpty ? "" : ", is \(quoted(version))"))
            return nil
        }
        return kind
    }

    /// Where the kinds that make pods have the pod.
    private static let templates = [
        "Deployment": "spec.template", "ReplicaSet": "spec.template", "ReplicationController": "spec.template",
        "DaemonSet": "spec.template", "StatefulSet": "spec.template", "Job": "spec.template",
        "CronJob": "spec.jobTemplate.spec.template", "PodTemplate": "template",
    ]

    private mutating func report(_ path: FieldPath, _ position: SourcePosition, _ message: String) {
        add(Diagnostic(file: file, position, path: path, message: message))
    }

    private mutating func add(_ error: Diagnostic) {
        guard errors.count <= limits.errors else { return }
        errors.append(error)
    }
}

extension Diagnostic {
    init(file: String, _ position: SourcePosition?, path: FieldPath? = nil, message: String) {
        self.init(
            file: file, line: position.map { Int($0.line) }, column: position.map { Int($0.column) }, path: path,
            message: message)
    }
}

extension FieldPath {
    /// Whether an error here only follows from one that is known: of a field that could not be read, or a required one whose
    /// neighbour has a name that nobody knows.
    func follows(from known: [FieldPath], isRequired: Bool) -> Bool {
        known.contains { path in
            let other = path.components
            let isRelated = components.starts(with: other) || other.starts(with: components)
            return isRelated || isRequired && components.dropLast() == other.dropLast()
        }
    }
}
