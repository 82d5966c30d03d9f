import PodAPI

/// `--sort-by`: objects by the value at a path. What is not there comes first; numbers, quantities (`100Mi`) and text are each
/// compared in their own way. The order of equal objects stays.
public struct ObjectOrder: Sendable {
    private let path: JSONPath
    private let template: String

    public init(_ path: String) throws(JSONPathError) {
        self.path = try JSONPath(relaxed: path)
        var inner = path[...]
        if inner.hasPrefix("{") { inner = inner.dropFirst().dropLast() }
        template = "{." + (inner.hasPrefix(".") ? inner.dropFirst() : inner) + "}"
    }

    public func sorted(_ objects: [JSONValue]) throws(JSONPathError) -> [JSONValue] {
        var keyed: [(key: Key, object: JSONValue)] = []
        keyed.reserveCapacity(objects.count)
        for object in objects {
            let value = try path.results(in: object).first?.first
            keyed.append((try Key(value), object))
        }
        if !objects.isEmpty, keyed.allSatisfy({ $0.key.isMissing }) {
            throw JSONPathError("couldn't find any field with path \"\(template)\" in the list of objects")
        }
        return keyed.enumerated().sorted {
            $0.element.key.precedes($1.element.key)
                || !$1.element.key.precedes($0.element.key) && $0.offset < $1.offset
        }.map(\.element.object)
    }

    private enum Key {
        case missing
        case integer(Int64)
        case number(Double)
        case text(String, Quantity?)

        init(_ value: JSONValue?) throws(JSONPathError) {
            switch value {
            case nil, .null: self = .missing
            case .integer(let number): self = .integer(number)
            case .number(let number): self = .number(number)
            case .string(let text): self = .text(text, Quantity(text))
            case .bool: throw JSONPathError("unsortable type: bool")
            case .array: throw JSONPathError("unsortable type: []interface {}")
            case .object: throw JSONPathError("unsortable type: map[string]interface {}")
            }
        }

        var isMissing: Bool {
            if case .missing = self { true } else { false }
        }

        func precedes(_ other: Key) -> Bool {
            switch (self, other) {
            case (.missing, .missing), (_, .missing): false
            case (.missing, _): true
            case (.integer(let mine), .integer(let theirs)): mine < theirs
            case (.number(let mine), .number(let theirs)): mine < theirs
            case (.integer(let mine), .number(let theirs)): Double(mine) < theirs
            case (.number(let mine), .integer(let theirs)): mine < Double(theirs)
            case (.text(_, let mine?), .text(_, let theirs?)): mine < theirs
            case (.text(let mine, _), .text(let theirs, _)): mine < theirs
            case (.text, _): false
            case (_, .text): true
            }
        }
    }
}
