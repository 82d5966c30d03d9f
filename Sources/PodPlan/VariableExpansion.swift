/// `$(VAR)` in commands, arguments and environment values (third_party/forked/golang/expansion of Kubernetes).
public enum VariableExpansion {
    /// Replaces `$(NAME)` by the variable's value and `$$` by `$`. A reference to an unknown variable, and anything else
    /// that begins with `$`, stays as it is.
    public static func expand(_ text: String, _ variables: [String: String]) -> String {
        expand(text) { variables[$0] }
    }

    /// As a volume mount's `subPathExpr`: a variable that is unknown or empty is an error (`ExpandContainerVolumeMounts`).
    /// Returns what is missing, where something is.
    public static func expandAll(_ text: String, _ variables: [String: String]) -> (text: String, missing: Set<String>)
    {
        var missing: Set<String> = []
        let expanded = expand(text) { name in
            let value = variables[name] ?? ""
            if value.isEmpty { missing.insert(name) }
            return value
        }
        return (expanded, missing)
    }

    private static func expand(_ text: String, _ value: (String) -> String?) -> String {
        let input = Array(text.utf8)
        guard input.contains(UInt8(ascii: "$")) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            guard input[index] == UInt8(ascii: "$"), index + 1 < input.count else {
                output.append(input[index])
                index += 1
                continue
            }
            switch input[index + 1] {
            case UInt8(ascii: "$"):
                output.append(UInt8(ascii: "$"))
                index += 2
            case UInt8(ascii: "("):
                guard let end = input[(index + 2)...].firstIndex(of: UInt8(ascii: ")")) else {
                    output += [UInt8(ascii: "$"), UInt8(ascii: "(")]
                    index += 2
                    continue
                }
                let name = String(decoding: input[(index + 2)..<end], as: UTF8.self)
                output += value(name).map { Array($0.utf8) } ?? Array(input[index...end])
                index = end + 1
            default:
                output += [UInt8(ascii: "$"), input[index + 1]]
                index += 2
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
