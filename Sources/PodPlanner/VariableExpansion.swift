/// `$(VAR)` in commands, arguments and environment values (third_party/forked/golang/expansion of Kubernetes).
enum VariableExpansion {
    /// Replaces `$(NAME)` by the variable's value and `$$` by `$`. A reference to an unknown variable, and anything else
    /// that begins with `$`, stays as it is.
    static func expand(_ text: String, _ variables: [String: String]) -> String {
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
                output += variables[name].map { Array($0.utf8) } ?? Array(input[index...end])
                index = end + 1
            default:
                output += [UInt8(ascii: "$"), input[index + 1]]
                index += 2
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
