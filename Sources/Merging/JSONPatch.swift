public import PodAPI

/// A JSON patch (RFC 6902): operations that are carried out one after another, all or none.
public struct JSONPatch {
    public static func apply(_ patch: JSONValue, to value: JSONValue) throws(PatchError) -> JSONValue {
        guard case .array(let operations) = patch else {
            throw PatchError("a JSON patch must be a list of operations")
        }
        var result = value
        for operation in operations { try apply(operation, &result) }
        return result
    }

    private static func apply(_ operation: JSONValue, _ document: inout JSONValue) throws(PatchError) {
        guard let name = operation["op"]?.string else { throw PatchError("an operation lacks its \"op\"") }
        guard let text = operation["path"]?.string else { throw PatchError("\(name) operation lacks its \"path\"") }
        let path = try Pointer(text)
        func from() throws(Missing) -> Pointer {
            guard let text = operation["from"]?.string else { throw .other("it lacks its \"from\"") }
            do throws(PatchError) { return try Pointer(text) } catch { throw .other(error.description) }
        }
        func value() throws(Missing) -> JSONValue {
            guard let value = operation["value"] else { throw .other("it lacks its \"value\"") }
            return value
        }
        do throws(Missing) {
            switch name {
            case "add": try add(value(), at: path.parts[...], &document)
            case "remove": _ = try remove(path.parts[...], &document)
            // Also a member that is not there, as the API server's library does it.
            case "replace": try set(value(), at: path.parts[...], &document)
            case "move":
                let from = try from()
                if path.parts.starts(with: from.parts), path.parts.count > from.parts.count {
                    throw Missing.other("\(from.text) cannot move into itself")
                }
                try add(remove(from.parts[...], &document), at: path.parts[...], &document)
            case "copy": try add(find(try from().parts[...], document), at: path.parts[...], &document)
            case "test":
                let wanted = try value()
                let found = (try? find(path.parts[...], document)) ?? .null
                guard found.isEquivalent(to: wanted) else {
                    throw Missing.test("the value there is \(found.text), not \(wanted.text)")
                }
            default: throw Missing.other("unknown operation")
            }
        } catch {
            switch error {
            case .path(let part):
                throw PatchError(
                    "error in \(name) for path: '\(path.text)': there is no \(DisplayText.quoted(part))")
            case .other(let text): throw PatchError("error in \(name) for path: '\(path.text)': \(text)")
            case .test(let text): throw PatchError("testing value \(path.text) failed: \(text)")
            }
        }
    }

    private enum Missing: Error {
        case path(String)
        case other(String)
        case test(String)
    }

    /// RFC 6901.
    private struct Pointer {
        var text: String
        var parts: [String] = []

        init(_ text: String) throws(PatchError) {
            self.text = text
            if text.isEmpty { return }
            guard text.hasPrefix("/") else {
                throw PatchError("\(DisplayText.quoted(text)) is no JSON pointer: it begins with a slash")
            }
            parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
                var result = ""
                var isEscape = false
                for character in part {
                    if isEscape {
                        result += character == "1" ? "/" : character == "0" ? "~" : "~\(character)"
                        isEscape = false
                    } else if character == "~" {
                        isEscape = true
                    } else {
                        result.append(character)
                    }
                }
                return isEscape ? result + "~" : result
            }
        }
    }

    private static func index(_ part: String, below count: Int) throws(Missing) -> Int {
        guard let index = Int(part), part == String(index), index >= 0, index < count else { throw .path(part) }
        return index
    }

    private static func find(_ path: ArraySlice<String>, _ value: JSONValue) throws(Missing) -> JSONValue {
        guard let part = path.first else { return value }
        switch value {
        case .object:
            guard let member = value[part] else { throw .path(part) }
            return try find(path.dropFirst(), member)
        case .array(let items):
            return try find(path.dropFirst(), items[try index(part, below: items.count)])
        default: throw .path(part)
        }
    }

    /// Changes what is around the last part of the path.
    private static func change(
        _ path: ArraySlice<String>, _ value: inout JSONValue, _ body: (String, inout JSONValue) throws(Missing) -> Void
    ) throws(Missing) {
        guard let part = path.first else { return }
        if path.count == 1 { return try body(part, &value) }
        switch value {
        case .object:
            guard var member = value[part] else { throw .path(part) }
            try change(path.dropFirst(), &member, body)
            value[part] = member
        case .array(var items):
            let index = try index(part, below: items.count)
            try change(path.dropFirst(), &items[index], body)
            value = .array(items)
        default: throw .path(part)
        }
    }

    private static func add(
        _ new: JSONValue, at path: ArraySlice<String>, _ document: inout JSONValue
    ) throws(Missing) {
        if path.isEmpty {
            document = new
            return
        }
        try change(path, &document) { (part, value) throws(Missing) in
            switch value {
            case .object: value[part] = new
            case .array(var items):
                if part == "-" {
                    items.append(new)
                } else {
                    items.insert(new, at: try index(part, below: items.count + 1))
                }
                value = .array(items)
            default: throw .path(part)
            }
        }
    }

    private static func set(
        _ new: JSONValue, at path: ArraySlice<String>, _ document: inout JSONValue
    ) throws(Missing) {
        if path.isEmpty {
            document = new
            return
        }
        try change(path, &document) { (part, value) throws(Missing) in
            switch value {
            case .object: value[part] = new
            case .array(var items):
                items[try index(part, below: items.count)] = new
                value = .array(items)
            default: throw .path(part)
            }
        }
    }

    private static func remove(
        _ path: ArraySlice<String>, _ document: inout JSONValue
    ) throws(Missing) -> JSONValue {
        let removed = try find(path, document)
        if path.isEmpty { document = .null }
        try change(path, &document) { (part, value) throws(Missing) in
            switch value {
            case .object: value[part] = nil
            case .array(var items):
                items.remove(at: try index(part, below: items.count))
                value = .array(items)
            default: throw .path(part)
            }
        }
        return removed
    }
}
