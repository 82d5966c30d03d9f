public import PodAPI

/// What `kubectl apply` makes of three readings of an object: as it was applied last, as it is to be now, and as it is. What
/// has gone from the manifest since then goes from the object; what others have added stays (apimachinery
/// `strategicpatch.CreateThreeWayMergePatch`).
public struct ThreeWayMerge {
    /// `original`: nil where it has never been applied; then nothing goes.
    public static func merge(
        original: JSONValue?, modified: JSONValue, current: JSONValue, schema: MergeSchema = .object
    ) -> JSONValue {
        merge(original ?? .null, modified, current, schema, retainsKeys: false)
    }

    private static func merge(
        _ original: JSONValue, _ modified: JSONValue, _ current: JSONValue, _ schema: MergeSchema, retainsKeys: Bool
    ) -> JSONValue {
        guard case .object = current else { return withoutNulls(modified) }
        var result = current
        for member in original.members where modified[member.key] == nil { result[member.key] = nil }
        if retainsKeys { for member in current.members where modified[member.key] == nil { result[member.key] = nil } }
        for member in modified.members {
            let (inner, rule) = schema.member(member.key)
            let before = original[member.key] ?? .null
            switch (member.value, current[member.key]) {
            case (.null, _): result[member.key] = nil
            case (.object, let now?):
                result[member.key] = merge(before, member.value, now, inner, retainsKeys: false)
            case (.array(let items), .array(let now)?):
                result[member.key] = .array(merge(before.items, items, now, rule, inner))
            case (let value, _): result[member.key] = withoutNulls(value)
            }
        }
        return result
    }

    private static func merge(
        _ original: [JSONValue], _ modified: [JSONValue], _ current: [JSONValue], _ rule: MergeSchema.ListRule,
        _ schema: MergeSchema
    ) -> [JSONValue] {
        switch rule {
        case .atomic: return modified
        case .set:
            let gone = original.filter { !modified.contains($0) }
            let kept = current.filter { !gone.contains($0) }
            let all = kept + modified.filter { !kept.contains($0) }
            return MergeList.ordered(all, by: modified, previous: current) { $0 }
        case .merged(let keys, let retainsKeys):
            let merging = MergeList(keys: keys)
            guard (modified + current).allSatisfy({ merging.identity($0) != nil }) else { return modified }
            var result = current
            var places: [[String]] = []
            for item in original where merging.index(of: item, in: modified) == nil {
                if let index = merging.index(of: item, in: result) { result.remove(at: index) }
            }
            for item in modified {
                if let index = merging.index(of: item, in: result) {
                    let before = merging.index(of: item, in: original).map { original[$0] } ?? .null
                    result[index] = merge(before, item, result[index], schema, retainsKeys: retainsKeys)
                    places.append(merging.identity(result[index]) ?? [])
                } else {
                    result.append(withoutNulls(item))
                    places.append(merging.identity(item) ?? [])
                }
            }
            return MergeList.ordered(
                result, by: places, previous: current.compactMap(merging.identity), identity: merging.identity)
        }
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.filter { !$0.value.isNull }.map { JSONValue.Member($0.key, withoutNulls($0.value)) })
        default: value
        }
    }
}
