public import PodAPI

/// A strategic merge patch (`kubectl patch --type=strategic`): lists merge by their elements' keys, and `$patch`,
/// `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…` say what a merge alone cannot
/// (apimachinery `util/strategicpatch/patch.go`).
public struct StrategicPatch {
    private static let deletePrefix = "$deleteFromPrimitiveList/"
    private static let orderPrefix = "$setElementOrder/"

    /// The object with the patch applied. A member that is null goes.
    public static func apply(
        _ patch: JSONValue, to object: JSONValue, schema: MergeSchema = .object
    ) throws(PatchError) -> JSONValue {
        guard case .object = patch else { throw PatchError("a patch must be an object") }
        return try merge(patch, into: object, schema)
    }

    private static func merge(
        _ patch: JSONValue, into object: JSONValue, _ schema: MergeSchema
    ) throws(PatchError) -> JSONValue {
        if let directive = patch["$patch"] {
            var rest = patch
            rest["$patch"] = nil
            switch directive.string {
            case "merge": return try merge(rest, into: object, schema)
            case "replace": return rest
            case "delete": return .object([])
            default: throw unknown(directive)
            }
        }
        var result = object
        if case .object = result {} else { result = .object([]) }
        if let names = patch["$retainKeys"] {
            guard case .array(let list) = names else { throw PatchError("$retainKeys must be a list of fields") }
            let kept = Set(list.compactMap(\.string))
            for member in patch.members where !member.key.hasPrefix("$") && !member.value.isNull {
                guard kept.contains(member.key) else {
                    throw PatchError(
                        "$retainKeys must name the field \(DisplayText.quoted(member.key)), which the patch sets")
                }
            }
            for member in result.members where !kept.contains(member.key) { result[member.key] = nil }
        }
        for member in patch.members where !member.key.hasPrefix("$") {
            try merge(member, into: &result, schema)
        }
        for member in patch.members where member.key.hasPrefix("$") {
            try arrange(member, in: &result, from: object, patch, schema)
        }
        return result
    }

    private static func merge(
        _ member: JSONValue.Member, into result: inout JSONValue, _ schema: MergeSchema
    ) throws(PatchError) {
        let (inner, rule) = schema.member(member.key)
        switch (member.value, result[member.key]) {
        case (.null, _):
            result[member.key] = nil
        case (.object, let old):
            let merged = try merge(member.value, into: old ?? .object([]), inner)
            let isDeleted = member.value["$patch"]?.string == "delete"
            result[member.key] = isDeleted ? nil : merged
        case (.array(let items), let old):
            result[member.key] = .array(try merge(items, into: old?.items ?? [], rule, inner))
        default:
            result[member.key] = member.value
        }
    }

    private static func merge(
        _ patch: [JSONValue], into list: [JSONValue], _ rule: MergeSchema.ListRule, _ schema: MergeSchema
    ) throws(PatchError) -> [JSONValue] {
        switch rule {
        case .atomic: return patch
        case .set: return ordered(list + patch.filter { !list.contains($0) }, by: patch, from: list, rule)
        case .merged(let keys, _):
            let merging = MergeList(keys: keys)
            var result = list
            var replacesAll = false
            var additions: [JSONValue] = []
            for item in patch {
                guard case .object(let members) = item else {
                    throw PatchError("an element of the list must be an object with the field \(keys[0].field)")
                }
                let directive = item["$patch"]
                if directive?.string == "replace" && members.count == 1 {
                    replacesAll = true
                    continue
                }
                guard merging.identity(item) != nil else {
                    throw PatchError("\(item.text) does not contain declared merge key: \(keys[0].field)")
                }
                var rest = item
                rest["$patch"] = nil
                switch directive?.string {
                case "delete"?:
                    if let index = merging.index(of: rest, in: result) { result.remove(at: index) }
                case "replace"?:
                    if let index = merging.index(of: rest, in: result) { result[index] = rest }
                case "merge"?, nil:
                    if let directive, directive.string == nil { throw unknown(directive) }
                    additions.append(rest)
                case _?: throw unknown(directive ?? .null)
                }
            }
            if replacesAll { return additions }
            for item in additions {
                if let index = merging.index(of: item, in: result) {
                    result[index] = try merge(item, into: result[index], schema)
                } else {
                    result.append(try merge(item, into: .object([]), schema))
                }
            }
            // An element that the patch adds comes before those that it does not name.
            let places = additions.compactMap { merging.index(of: $0, in: result).map { result[$0] } }
            return ordered(result, by: places, from: list, rule)
        }
    }

    /// `$deleteFromPrimitiveList/finalizers`, `$setElementOrder/containers`
    private static func arrange(
        _ member: JSONValue.Member, in result: inout JSONValue, from old: JSONValue, _ patch: JSONValue,
        _ schema: MergeSchema
    ) throws(PatchError) {
        if member.key == "$retainKeys" { return }
        guard case .array(let items) = member.value else { throw PatchError("\(member.key) must be a list") }
        if member.key.hasPrefix(deletePrefix) {
            let name = String(member.key.dropFirst(deletePrefix.count))
            guard let list = result[name]?.items else { return }
            result[name] = .array(list.filter { item in !items.contains { $0 == item } })
        } else if member.key.hasPrefix(orderPrefix) {
            let name = String(member.key.dropFirst(orderPrefix.count))
            guard let list = result[name]?.items else { return }
            let rule = schema.member(name).rule
            for item in patch[name]?.items ?? [] where item["$patch"] == nil {
                let isNamed: Bool
                if case .merged(let keys, _) = rule {
                    isNamed = MergeList(keys: keys).index(of: item, in: items) != nil
                } else {
                    isNamed = items.contains(item)
                }
                guard isNamed else {
                    throw PatchError("\(member.key) does not name \(item.text), which the patch sets")
                }
            }
            result[name] = .array(ordered(list, by: items, from: old[name]?.items ?? [], rule))
        } else {
            throw PatchError("unknown directive \(DisplayText.quoted(member.key))")
        }
    }

    private static func ordered(
        _ list: [JSONValue], by order: [JSONValue], from old: [JSONValue], _ rule: MergeSchema.ListRule
    ) -> [JSONValue] {
        guard case .merged(let keys, _) = rule else { return MergeList.ordered(list, by: order, previous: old) { $0 } }
        let merging = MergeList(keys: keys)
        return MergeList.ordered(
            list, by: order.compactMap(merging.identity), previous: old.compactMap(merging.identity),
            identity: merging.identity)
    }

    private static func unknown(_ directive: JSONValue) -> PatchError {
        PatchError(
            "unknown $patch \(DisplayText.quoted(directive.string ?? directive.text)): merge, replace and delete are known"
        )
    }
}
