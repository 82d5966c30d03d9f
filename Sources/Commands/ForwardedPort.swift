/// What `port-forward` is asked for: `8080:80`, `80`, `:80`, `8080:http` (splitPort and translateServicePortToTargetPort of
/// `kubectl/pkg/cmd/portforward`).
struct ForwardedPort: Equatable {
    enum Remote: Equatable {
        case number(UInt16)
        case name(String)
    }

    /// 0: a free one. nil: the remote's.
    var local: UInt16?
    var remote: Remote

    init(_ text: String) throws(CommandError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let last = parts.last, !last.isEmpty else { throw Self.malformed(text) }
        remote = try Self.remote(last, text)
        guard parts.count == 2 else { return }
        if parts[0].isEmpty {
            local = 0
        } else if let number = UInt16(parts[0]) {
            local = number
        } else {
            throw CommandError(
                "error: error parsing local port '\(parts[0])': it is no number from 0 to 65535", code: 2)
        }
    }

    static func remote(_ text: String, _ whole: String) throws(CommandError) -> Remote {
        if let number = UInt16(text) {
            if number == 0 { throw CommandError("error: remote port must be > 0", code: 2) }
            return .number(number)
        }
        if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { throw malformed(whole) }
        return .name(text)
    }

    private static func malformed(_ text: String) -> CommandError {
        CommandError("error: invalid port format '\(text)': [LOCAL_PORT:]REMOTE_PORT", code: 2)
    }
}
