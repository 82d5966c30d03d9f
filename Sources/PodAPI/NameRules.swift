/// The formats of names in Kubernetes (apimachinery `util/validation`). Each rule gives nil, or says what is wrong.
enum NameRules {
    static func dns1123Label(_ text: String) -> String? {
        if text.utf8.count > 63 { return "must be no more than 63 characters" }
        guard isLabel(text.utf8) else {
            return
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
                + "with an alphanumeric character (for example 'my-name' or '123-abc'): \(shown(text))"
        }
        return nil
    }

    static func dns1123Subdomain(_ text: String) -> String? {
        if text.utf8.count > 253 { return "must be no more than 253 characters" }
        guard isSubdomain(text) else {
            return
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
                + "and end with an alphanumeric character (for example 'example.com'): \(shown(text))"
        }
        return nil
    }

    /// `[PREFIX/]NAME`: keys of labels and annotations.
    static func qualifiedName(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last else {
            return "a qualified name has at most one '/' between an optional DNS prefix and a name: \(shown(text))"
        }
        if parts.count == 2 {
            if parts[0].isEmpty { return "prefix part must be non-empty: \(shown(text))" }
            if dns1123Subdomain(String(parts[0])) != nil {
                return "prefix part must be a DNS subdomain: \(shown(text))"
            }
        }
        if name.isEmpty { return "name part must be non-empty: \(shown(text))" }
        if name.utf8.count > 63 { return "name part must be no more than 63 characters" }
        guard isLabelText(name.utf8) else {
            return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + "alphanumeric character (for example 'MyName' or 'my.name'): \(shown(text))"
        }
        return nil
    }

    static func labelValue(_ text: String) -> String? {
        if text.utf8.count > 63 { return "must be no more than 63 characters" }
        guard text.isEmpty || isLabelText(text.utf8) else {
            return
                "a label's value must be empty or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                + "with an alphanumeric character: \(shown(text))"
        }
        return nil
    }

    /// IANA_SVC_NAME of RFC 6335.
    static func portName(_ text: String) -> String? {
        if text.utf8.count > 15 { return "must be no more than 15 characters" }
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ isLowerOrDigit($0) || $0 == dash }) else {
            return "must contain only alphanumeric characters (a-z, 0-9) and hyphens (-): \(shown(text))"
        }
        guard bytes.contains(where: { !isDigit($0) && $0 != dash }) else {
            return "must contain at least one letter (a-z): \(shown(text))"
        }
        if bytes.first == dash || bytes.last == dash { return "must not begin or end with a hyphen: \(shown(text))" }
        if zip(bytes, bytes.dropFirst()).contains(where: { $0 == dash && $1 == dash }) {
            return "must not contain consecutive hyphens: \(shown(text))"
        }
        return nil
    }

    /// A key of a ConfigMap or Secret; it becomes the name of a file.
    static func configMapKey(_ text: String) -> String? {
        if text.utf8.count > 253 { return "must be no more than 253 characters" }
        guard !text.isEmpty, text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == dash || $0 == dot || $0 == underscore })
        else {
            return "a valid config key must consist of alphanumeric characters, '-', '_' or '.': \(shown(text))"
        }
        if text == "." { return "must not be '.'" }
        if text == ".." { return "must not be '..'" }
        if text.hasPrefix("..") { return "must not start with '..'" }
        return nil
    }

    static func environmentName(_ text: String) -> String? {
        EnvVar.isValidName(text)
            ? nil
            : "a valid environment variable name must consist only of printable ASCII characters other than '=': \(shown(text))"
    }

    static func userID(_ value: Int64) -> String? {
        (0...0x7fff_ffff).contains(value) ? nil : "must be between 0 and 2147483647, inclusive: \(value)"
    }

    static func port(_ value: Int) -> String? {
        (1...65535).contains(value) ? nil : "must be between 1 and 65535, inclusive: \(value)"
    }

    static func isHTTPHeaderName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == dash }
    }

    static func fileMode(_ value: UInt32) -> String? {
        value <= 0o777
            ? nil : "must be a number between 0 and 0777 (octal), both inclusive: 0\(String(value, radix: 8))"
    }

    /// Below some directory: neither absolute nor upwards.
    static func descendingPath(_ text: String) -> String? {
        if text.hasPrefix("/") { return "must be a relative path: \(shown(text))" }
        return noBacksteps(text) ?? noNUL(text)
    }

    /// As `descendingPath`; the atomic writer keeps names that begin with `..` for itself.
    static func filePath(_ text: String) -> String? {
        if let problem = descendingPath(text) { return problem }
        return text.hasPrefix("..") ? "must not start with '..': \(shown(text))" : nil
    }

    static func noBacksteps(_ text: String) -> String? {
        text.split(separator: "/").contains("..") ? "must not contain '..': \(shown(text))" : nil
    }

    static func absolutePath(_ text: String) -> String? {
        text.hasPrefix("/") ? noNUL(text) : "must be an absolute path: \(shown(text))"
    }

    static func ipAddress(_ text: String) -> String? {
        IPAddress.isValid(text)
            ? nil : "must be a valid IP address (for example 10.9.8.7 or 2001:db8::ffff): \(shown(text))"
    }

    private static func noNUL(_ text: String) -> String? {
        text.utf8.contains(0) ? "must not contain a NUL byte" : nil
    }

    static func shown(_ text: String) -> String { DisplayText.quoted(text) }

    private static let dash = UInt8(ascii: "-")
    private static let dot = UInt8(ascii: ".")
    private static let underscore = UInt8(ascii: "_")

    private static func isSubdomain(_ text: String) -> Bool {
        text.utf8.split(separator: dot, omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
    }

    private static func isLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last) && bytes.allSatisfy { isLowerOrDigit($0) || $0 == dash }
    }

    private static func isLabelText(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == dash || $0 == dot || $0 == underscore }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

/// The text forms of IPv4 and IPv6 addresses (RFC 4291), without zones, and without leading zeros in IPv4.
public enum IPAddress {
    public static func isValid(_ text: String) -> Bool {
        text.contains(":") ? isIPv6(text) : isIPv4(text[...])
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                    part.utf8.count == 1 || !part.hasPrefix("0"), let value = Int(part)
                else { return false }
                return value <= 255
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count >= 3, groups.count <= 9 else { return false }
        let gaps = text.indices.filter { text[$0...].hasPrefix("::") }
        guard gaps.count <= 1, !text.contains(":::") else { return false }
        if groups[0].isEmpty, !text.hasPrefix("::") { return false }
        if groups[groups.count - 1].isEmpty, !text.hasSuffix("::") { return false }
        var length = 0
        for (index, group) in groups.enumerated() where !group.isEmpty {
            if group.contains(".") {
                guard index == groups.count - 1, isIPv4(group) else { return false }
                length += 2
            } else {
                guard group.utf8.count <= 4, group.utf8.allSatisfy({ isHex($0) }) else { return false }
                length += 1
            }
        }
        return gaps.isEmpty ? length == 8 : length <= 7
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
