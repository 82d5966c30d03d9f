/// The place of a field in an object, as Kubernetes writes it: `spec.containers[0].env[2].name`, `metadata.labels[app]`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    public enum Component: Sendable, Hashable {
        case field(String)
        case index(Int)
        /// A key of a map whose keys are data: labels, annotations, `data` of a ConfigMap.
        case key(String)
    }

    public var components: [Component]

    public init(_ components: [Component] = []) {
        self.components = components
    }

    /// `FieldPath("spec", "containers")`
    public init(_ fields: String...) {
        components = fields.map { .field($0) }
    }

    public func field(_ name: String) -> FieldPath { FieldPath(components + [.field(name)]) }
    public func index(_ index: Int) -> FieldPath { FieldPath(components + [.index(index)]) }
    public func key(_ key: String) -> FieldPath { FieldPath(components + [.key(key)]) }

    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .field(let name): text += text.isEmpty ? name : "." + name
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += "[\(key)]"
            }
        }
        return text
    }
}

/// One thing that is wrong with an object. `message` is lower case, without a full stop, and says what to do where it can.
public struct FieldError: Error, Sendable, Hashable {
    public var path: FieldPath
    public var message: String

    public init(_ path: FieldPath, _ message: String) {
        self.path = path
        self.message = message
    }
}
