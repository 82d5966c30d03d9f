import PodAPI

/// What a set of files holds. Where `errors` is not empty, nothing may be done with the objects but to look for more errors.
public struct Manifest: Sendable {
    public var objects: [ManifestObject] = []
    public var errors: [Diagnostic] = []
    /// Fields that are accepted without an effect, each with the reason.
    public var notes: [Diagnostic] = []

    public init() {}

    /// Adds what was found in the object after decoding, without what only follows from an error that is known.
    public mutating func add(_ found: [FieldError], in object: ManifestObject) {
        for error in found {
            let diagnostic = diagnostic(for: error, in: object)
            let isRequired = error.message.hasPrefix("required")
            if diagnostic.path?.follows(from: object.faults, isRequired: isRequired) != true {
                errors.append(diagnostic)
            }
        }
    }

    /// A line for an error that was found in the object after decoding. Where the field is left out, the place is that of
    /// the nearest field around it.
    public func diagnostic(for error: FieldError, in object: ManifestObject) -> Diagnostic {
        let path = object.writtenPath(error.path)
        let position = object.node.nearestPosition(of: path)
        return Diagnostic(
            file: object.file, line: Int(position.line), column: Int(position.column),
            path: FieldPath(object.listPath.components + path.components), message: error.message)
    }
}

/// An object and where it comes from.
public struct ManifestObject: Sendable {
    public var object: Object
    /// As given by the user; `stdin` for standard input.
    public var file: String
    /// Counts from 0 within the file.
    public var documentIndex: Int

    /// `items[2]` for an object of a List, else empty.
    let listPath: FieldPath
    let node: ManifestNode
    /// Where errors have been found in it before it was made.
    let faults: [FieldPath]

    /// A Secret is checked with its `stringData` merged into its `data`: where the user wrote the key.
    func writtenPath(_ path: FieldPath) -> FieldPath {
        guard path.components.first == .field("data"), path.components.count > 1, node.position(of: path) == nil
        else { return path }
        let other = FieldPath([.field("stringData")] + path.components.dropFirst())
        return node.position(of: other) == nil ? path : other
    }

    /// The place of a field (both count from 1): of its value where that is a scalar, of its key otherwise. nil where the
    /// field is left out.
    public func position(of path: FieldPath) -> (line: Int, column: Int)? {
        node.position(of: path).map { (Int($0.line), Int($0.column)) }
    }
}
