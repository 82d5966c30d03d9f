public import PodAPI

/// A JSON merge patch (RFC 7386): objects merge, null removes a member, all else replaces what was there.
public struct MergePatch {
    public static func apply(_ patch: JSONValue, to value: JSONValue) -> JSONValue {
        guard case .object(let members) = patch else { return patch }
        var result = value
        if case .object = result {} else { result = .object([]) }
        for member in members {
            result[member.key] = member.value.isNull ? nil : apply(member.value, to: result[member.key] ?? .null)
        }
        return result
    }
}
