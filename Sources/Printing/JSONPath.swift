import PodAPI

/// A template of kubectl's JSONPath dialect (client-go, `util/jsonpath`): text, and expressions in braces.
public struct JSONPath: Sendable, Equatable {
    /// What an expression is made of.
    indirect enum Node: Sendable, Equatable {
        case text(String)
        case field(String)
        case slice(Slice)
        case wildcard
        case recursive
        case filter(left: [Node], operator: String, right: [Node])
        case integer(Int64)
        case number(Double)
        case bool(Bool)
        case union([[Node]])
        case list([Node])
        /// `range` or `end`
        case identifier(String)
    }

    /// `[start:end:step]`; `[n]` is the slice of one element.
    struct Slice: Sendable, Equatable {
        var start: Int?
        var end: Int?
        var step: Int?
        /// `end` follows from `start`.
        var isIndex = false
    }

    let nodes: [Node]
    private let allowsMissingKeys: Bool

    /// - Parameter allowsMissingKeys: A field that is not there has no results, and is no error.
    public init(_ template: String, allowsMissingKeys: Bool = false) throws(JSONPathError) {
        var parser = JSONPathParser(template)
        nodes = try parser.template()
        self.allowsMissingKeys = allowsMissingKeys
    }

    /// A path as `--sort-by` and `-o custom-columns` take it: braces and the leading dot may be left out.
    public init(relaxed path: String, allowsMissingKeys: Bool = true) throws(JSONPathError) {
        try self.init(Self.relaxed(path), allowsMissingKeys: allowsMissingKeys)
    }

    private static func relaxed(_ path: String) throws(JSONPathError) -> String {
        var inner = path[...]
        if inner.isEmpty { return path }
        if inner.hasPrefix("{") {
            guard inner.hasSuffix("}"), inner.count > 1 else {
                throw JSONPathError(
                    "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
                )
            }
            inner = inner.dropFirst().dropLast()
        }
        if inner.hasPrefix(".") { inner = inner.dropFirst() }
        guard !inner.contains("{"), !inner.contains("}") else {
            throw JSONPathError(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
            )
        }
        return "{." + inner + "}"
    }

    /// The text that the template makes of a value.
    public func text(of value: JSONValue) throws(JSONPathError) -> String {
        try results(in: value).map { $0.map(Self.text).joined(separator: " ") }.joined()
    }

    /// The results of each expression and each piece of text, in order.
    public func results(in value: JSONValue) throws(JSONPathError) -> [[JSONValue]] {
        var evaluation = Evaluation(allowsMissingKeys: allowsMissingKeys)
        return try evaluation.results(of: nodes[...], in: value)
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .array, .object: ObjectText.compactJSON(value)
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): GoNumber.text(number)
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
    }
}

extension JSONPath {
    private struct Evaluation {
        let allowsMissingKeys: Bool
        /// Evaluates a run of nodes in `value`.
        mutating func results(of nodes: ArraySlice<Node>, in value: JSONValue) throws(JSONPathError) -> [[JSONValue]] {
            var all: [[JSONValue]] = []
            var index = nodes.startIndex
            while index < nodes.endIndex {
                let node = nodes[index]
                if case .list(let inner) = node, let word = Self.identifier(inner) {
                    guard word == "range" else {
                        throw JSONPathError(
                            word == "end" ? "not in range, nothing to end" : "unrecognized identifier \(word)")
                    }
                    let end = Self.end(of: nodes, after: index)
                    let items = try walk([value], inner.filter { $0 != .identifier("range") })
                    for item in items { all += try results(of: nodes[index + 1..<end], in: item) }
                    index = end + 1
                    continue
                }
                all.append(try walk([value], node))
                index += 1
            }
            return all
        }

        private static func identifier(_ nodes: [Node]) -> String? {
            for case .identifier(let word) in nodes { return word }
            return nil
        }

        /// Where the `end` of a range is; after the last node where there is none.
        private static func end(of nodes: ArraySlice<Node>, after start: Int) -> Int {
            var depth = 0
            for index in nodes.indices[(start + 1)...] {
                guard case .list(let inner) = nodes[index] else { continue }
                switch identifier(inner) {
                case "range": depth += 1
                case "end" where depth == 0: return index
                case "end": depth -= 1
                default: break
                }
            }
            return nodes.endIndex
        }

        private func walk(_ values: [JSONValue], _ nodes: [Node]) throws(JSONPathError) -> [JSONValue] {
            var values = values
            for node in nodes { values = try walk(values, node) }
            return values
        }

        private func walk(_ values: [JSONValue], _ node: Node) throws(JSONPathError) -> [JSONValue] {
            switch node {
            case .text(let text): return [.string(text)]
            case .integer(let number): return values.map { _ in .integer(number) }
            case .number(let number): return values.map { _ in .number(number) }
            case .bool(let value): return values.map { _ in .bool(value) }
            case .list(let nodes): return try walk(values, nodes)
            case .union(let lists):
                var result: [JSONValue] = []
                for list in lists { result += try walk(values, list) }
                return result
            case .field(let name):
                if values.isEmpty { return [] }
                let found = values.compactMap { $0[name] }
                if found.isEmpty, !allowsMissingKeys { throw JSONPathError("\(name) is not found") }
                return found
            case .wildcard: return values.flatMap(Self.children)
            case .recursive: return values.flatMap(Self.descendants)
            case .slice(let slice):
                var result: [JSONValue] = []
                for value in values { result += try Self.elements(of: value, slice) }
                return result
            case .filter(let left, let comparison, let right):
                var result: [JSONValue] = []
                for value in values { result += try filter(value, left, comparison, right) }
                return result
            case .identifier(let word): throw JSONPathError("unrecognized identifier \(word)")
            }
        }

        /// Members in the order of their names.
        private static func children(_ value: JSONValue) -> [JSONValue] {
            switch value {
            case .array(let items): items
            case .object(let members): members.sorted { $0.key < $1.key }.map(\.value)
            default: []
            }
        }

        private static func descendants(_ value: JSONValue) -> [JSONValue] {
            let inner = children(value)
            return inner.isEmpty ? [] : [value] + inner.flatMap(descendants)
        }

        private static func elements(of value: JSONValue, _ slice: Slice) throws(JSONPathError) -> ArraySlice<JSONValue>
        {
            if value.isNull { return [] }
            guard case .array(let items) = value else { throw JSONPathError("\(goType(value)) is not array or slice") }
            let count = items.count
            var start = slice.start ?? 0
            if start < 0 { start += count }
            var end = slice.end ?? count
            if end < 0 || end == 0 && slice.isIndex { end += count }
            if end == start { return [] }
            if start >= count || start < 0 {
                throw JSONPathError("array index out of bounds: index \(start), length \(count)")
            }
            if end > count || end < 0 {
                throw JSONPathError("array index out of bounds: index \(end - 1), length \(count)")
            }
            if start > end { throw JSONPathError("starting index \(start) is greater than ending index \(end)") }
            guard let step = slice.step else { return items[start..<end] }
            if step <= 0 { throw JSONPathError("step must be > 0") }
            return ArraySlice(stride(from: start, to: end, by: step).map { items[$0] })
        }

        private func filter(
            _ value: JSONValue, _ left: [Node], _ comparison: String, _ right: [Node]
        ) throws(JSONPathError) -> [JSONValue] {
            guard case .array(let items) = value else {
                throw JSONPathError("\(JSONPath.text(value)) is not array or slice and cannot be filtered")
            }
            var result: [JSONValue] = []
            for item in items {
                if comparison == "exists" {
                    let found = (try? walk([item], left)) ?? []
                    if !found.isEmpty { result.append(item) }
                    continue
                }
                let lefts = try walk([item], left)
                if lefts.isEmpty { continue }
                let rights = try walk([item], right)
                if rights.isEmpty { continue }
                guard lefts.count == 1, rights.count == 1 else {
                    throw JSONPathError("can only compare one element at a time")
                }
                if try Self.compare(lefts[0], comparison, rights[0]) { result.append(item) }
            }
            return result
        }

        private static func compare(
            _ left: JSONValue, _ comparison: String, _ right: JSONValue
        ) throws(JSONPathError) -> Bool {
            guard ["<", ">", "==", "!=", "<=", ">="].contains(comparison) else {
                throw JSONPathError("unrecognized filter operator \(comparison)")
            }
            let isLess: Bool?
            switch (left, right) {
            case (.bool, .bool): isLess = nil
            case (.integer(let left), .integer(let right)): isLess = left < right
            case (.number(let left), .number(let right)): isLess = left < right
            case (.string(let left), .string(let right)):
                isLess = left.utf8.lexicographicallyPrecedes(right.utf8)
            case (.null, _), (.array, _), (.object, _), (_, .null), (_, .array), (_, .object):
                throw JSONPathError("invalid type for comparison")
            default: throw JSONPathError("incompatible types for comparison")
            }
            switch comparison {
            case "==": return left == right
            case "!=": return left != right
            default:
                guard let isLess else { throw JSONPathError("invalid type for comparison") }
                switch comparison {
                case "<": return isLess
                case "<=": return isLess || left == right
                case ">": return !isLess && left != right
                default: return !isLess
                }
            }
        }

        /// What kubectl calls the type of a value.
        private static func goType(_ value: JSONValue) -> String {
            switch value {
            case .null: "<nil>"
            case .bool: "bool"
            case .integer: "int64"
            case .number: "float64"
            case .string: "string"
            case .array: "[]interface {}"
            case .object: "map[string]interface {}"
            }
        }
    }
}
