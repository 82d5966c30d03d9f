public import PodAPI

/// The node that pods are scheduled to, in Kubernetes' own form:
///
///     apiVersion: v1
///     kind: Node
///     metadata:
///       labels: {disktype: ssd}      # besides those that every node has
///     spec:
///       taints: [{key: dedicated, value: db, effect: NoSchedule}]
///       unschedulable: false
///     status:
///       allocatable: {cpu: "2", memory: 4Gi}   # in the place of what the host has
public struct NodeFile: Sendable {
    /// Its name is empty where the file leaves it out. nil: there is no such file, or it has errors.
    public private(set) var node: Node?
    public private(set) var errors: [Diagnostic] = []

    /// A file that is missing is no error where `isOptional`.
    public init(path: String, isOptional: Bool) {
        do throws(ManifestFile.Failure) {
            guard let bytes = try ManifestFile.read(path, limit: SourceLimits().bytes, isOptional: isOptional) else {
                return
            }
            read(bytes, file: path)
        } catch {
            errors = [Diagnostic(file: path, message: error.message)]
        }
    }

    public init(_ bytes: [UInt8], file: String) {
        read(bytes, file: file)
    }

    private mutating func read(_ bytes: [UInt8], file: String) {
        let (documents, problems) = SettingsFile.documents(bytes, file: file)
        errors = problems
        guard errors.isEmpty else { return }
        guard documents.count == 1, let document = documents.first, document.string("kind") == "Node",
            document.string("apiVersion") == "v1"
        else {
            errors = [Diagnostic(file: file, message: "must hold one object of kind Node, apiVersion v1")]
            return
        }
        read(document, file: file)
    }

    private mutating func read(_ document: ManifestNode, file: String) {
        let check = SettingsFile.check(document, as: .node, file: file)
        errors = check.errors
        if check.isBroken { return }
        var decoder = ObjectDecoder()
        let node = decoder.node(document)
        for error in decoder.errors + node.validate() {
            let position = document.nearestPosition(of: error.path)
            errors.append(Diagnostic(file: file, position, path: error.path, message: error.message))
        }
        if errors.isEmpty { self.node = node }
    }
}
