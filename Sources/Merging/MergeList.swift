import PodAPI

/// A list whose elements are told apart by some of their fields.
struct MergeList {
    let keys: [MergeSchema.MergeKey]

    /// What an element is known by. nil: it lacks the first field.
    func identity(_ element: JSONValue) -> [String]? {
        var parts: [String] = []
        for (index, key) in keys.enumerated() {
            if let value = element[key.field], !value.isNull {
                parts.append(value.text)
            } else if index > 0, let value = key.defaultValue {
                parts.append(JSONValue.string(value).text)
            } else {
                return nil
            }
        }
        return parts
    }

    /// Where the element is that a patch means. Further fields that it leaves out stand for whatever there is, where there is
    /// only one such element.
    func index(of patch: JSONValue, in list: [JSONValue]) -> Int? {
        guard let wanted = identity(patch) else { return nil }
        let exact = list.firstIndex { identity($0) == wanted }
        if exact != nil || keys.count == 1 || keys.dropFirst().contains(where: { patch[$0.field] != nil }) {
            return exact
        }
        let similar = list.indices.filter { identity(list[$0])?.first == wanted[0] }
        return similar.count == 1 ? similar[0] : nil
    }

    /// Puts the elements into the order that `order` asks for; those that it does not name keep their places among
    /// `previous` (strategicpatch's `normalizeElementOrder`).
    static func ordered<Identity: Equatable>(
        _ elements: [JSONValue], by order: [Identity], previous: [Identity], identity: (JSONValue) -> Identity?
    ) -> [JSONValue] {
        func place(_ element: JSONValue, in list: [Identity]) -> Int? {
            identity(element).flatMap { list.firstIndex(of: $0) }
        }
        func sorted(_ list: [JSONValue], by order: [Identity]) -> [JSONValue] {
            list.enumerated().sorted { left, right in
                let (a, b) = (place(left.element, in: order) ?? .max, place(right.element, in: order) ?? .max)
                return a == b ? left.offset < right.offset : a < b
            }.map(\.element)
        }
        let named = sorted(elements.filter { place($0, in: order) != nil }, by: order)
        var others = sorted(elements.filter { place($0, in: order) == nil }, by: previous)[...]
        var result: [JSONValue] = []
        for element in named {
            while let other = others.first, let mine = place(other, in: previous),
                let its = place(element, in: previous), mine < its
            {
                result.append(other)
                others = others.dropFirst()
            }
            result.append(element)
        }
        return result + others
    }
}
