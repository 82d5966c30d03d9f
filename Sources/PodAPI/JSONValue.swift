/// A value of JSON, or a part of a manifest. Objects keep the order of their members.
public indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The member of an object; nil where there is none, or where this is no object. Setting nil removes it; setting a
    /// member of what is no object makes it one.
    public subscript(_ key: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.key == key }?.value
        }
        set {
            var members = members
            if let index = members.firstIndex(where: { $0.key == key }) {
                if let newValue {
                    members[index].value = newValue
                } else {
                    members.remove(at: index)
                }
            } else if let newValue {
                members.append(Member(key, newValue))
            } else {
                return
            }
            self = .object(members)
        }
    }

    /// Members of members: `value[path: "metadata", "labels"]`.
    public subscript(path keys: String...) -> JSONValue? {
        get { self[path: keys[...]] }
        set { self[path: keys[...]] = newValue }
    }

    public subscript(path keys: ArraySlice<String>) -> JSONValue? {
        get {
            guard let first = keys.first else { return self }
            return self[first]?[path: keys.dropFirst()]
        }
        set {
            guard let first = keys.first else { return }
            if keys.count == 1 {
                self[first] = newValue
                return
            }
            var inner = self[first] ?? .object([])
            if newValue == nil, self[first] == nil { return }
            inner[path: keys.dropFirst()] = newValue
            self[first] = inner
        }
    }

    public var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    public var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    public var isNull: Bool { self == .null }

    /// Of an object whose values are strings: labels, annotations.
    public var dictionary: [String: String] {
        var result: [String: String] = [:]
        for member in members { if let text = member.value.string { result[member.key] = text } }
        return result
    }

    /// An object of strings, in the order of its keys.
    public init(_ dictionary: [String: String]) {
        self = .object(dictionary.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }

    /// Whether they are the same where the order of members counts for nothing.
    public func isEquivalent(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let theirs)):
            guard mine.count == theirs.count else { return false }
            return mine.allSatisfy { member in
                other[member.key].map { member.value.isEquivalent(to: $0) } ?? false
            }
        case (.array(let mine), .array(let theirs)):
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isEquivalent(to: $1) }
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            return Double(integer) == number
        default: return self == other
        }
    }
}
