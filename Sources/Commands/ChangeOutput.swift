import ArgumentParser
import PodAPI
import PodManifest
import Printing

/// `-o` of verbs that change objects.
enum ObjectFormat: String, ExpressibleByArgument, CaseIterable {
    case name, json, yaml
}

/// What a verb that changes objects prints of them: a line each, or the objects.
struct ChangeOutput {
    let format: ObjectFormat?
    private(set) var objects: [JSONValue] = []

    init(_ format: ObjectFormat?) {
        self.format = format
    }

    /// - Parameter operation: `created`, `configured (dry run)`
    mutating func add(_ object: JSONValue, _ kind: ResourceKind, _ operation: String) {
        switch format {
        case nil: Output.line("\(kind.qualifiedSingular)/\(object.name) \(operation)")
        case .name: Output.line("\(kind.qualifiedSingular)/\(object.name)")
        case .json, .yaml: objects.append(object)
        }
    }

    func finish() {
        guard let first = objects.first else { return }
        let whole = objects.count == 1 ? first : ObjectText.list(objects)
        Output.write(1, Array((format == .json ? ObjectText.json(whole) : ObjectText.yaml(whole)).utf8))
    }
}
