/// A kernel parameter that a pod sets for itself (`spec.securityContext.sysctls`).
public struct Sysctl: Sendable, Equatable {
    /// The namespaces that may have a parameter of their own (component-helpers `util/sysctl/namespace.go`).
    public enum Namespace: String, Sendable {
        case ipc, net
    }

    /// Bytes (`SysctlMaxLength`).
    static let maximumNameLength = 253

    /// With `.` or `/` between the elements, as sysctl(8) takes them.
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The name with dots between its elements. Where the first separator is a slash, the two change places:
    /// `net/ipv4/conf/eno2.100/rp_filter` is `net.ipv4.conf.eno2/100.rp_filter` (`ConvertSysctlVariableToDotsSeparator`).
    public static func dotted(_ name: String) -> String {
        guard name.first(where: { $0 == "." || $0 == "/" }) == "/" else { return name }
        return swapped(name)
    }

    /// Relative to `/proc/sys`.
    public var path: String { Self.swapped(Self.dotted(name)) }

    /// nil: none that is known, so that the host's own would be set. `name` has dots.
    static func namespace(of name: String) -> Namespace? {
        if name == "kernel.sem" { return .ipc }
        let prefixes: [(String, Namespace)] = [
            ("kernel.shm", .ipc), ("kernel.msg", .ipc), ("fs.mqueue.", .ipc), ("net.", .net),
        ]
        return prefixes.first { name.hasPrefix($0.0) }?.1
    }

    /// `SysctlContainSlashFmt`: elements of lower case letters, digits, `-` and `_` that begin and end with one of the former.
    static func isValidName(_ name: String) -> Bool {
        if name.utf8.count > maximumNameLength { return false }
        return name.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "/" })
            .allSatisfy { isValidElement($0.utf8) }
    }

    private static func isValidElement(_ element: Substring.UTF8View) -> Bool {
        func isEdge(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard let first = element.first, let last = element.last, isEdge(first), isEdge(last) else { return false }
        return element.allSatisfy { isEdge($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func swapped(_ name: String) -> String {
        String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
}

/// The sysctls that pods may set on this host: the safe ones, and those that its owner allows (the kubelet's
/// `--allowed-unsafe-sysctls`; `pkg/kubelet/sysctl/allowlist.go`).
public struct SysctlAllowList: Sendable, Equatable {
    /// They concern the pod alone, and cost the host neither memory nor time (`safe_sysctls.go`; the kernels that they came
    /// with are older than those that swiftlet runs on).
    public static let safe = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat",
    ]

    private var names = Set(safe)
    private var prefixes: [String] = []

    public init() {}

    /// Adds a name, or a prefix with `*` at its end. Returns what is wrong with the pattern.
    public mutating func allow(_ pattern: String) -> String? {
        let isPrefix = pattern.hasSuffix("*")
        let stem = isPrefix ? String(pattern.dropLast()) : pattern
        // A prefix may end within an element.
        guard Sysctl.isValidName(isPrefix ? stem + "0" : stem) else {
            return
                "sysctl \(NameRules.shown(pattern)) must have at most \(Sysctl.maximumNameLength) characters and consist of "
                + "names of lower case letters, digits, '-' and '_' with '.' or '/' between them, with '*' at its end only"
        }
        let dotted = Sysctl.dotted(stem)
        guard Sysctl.namespace(of: dotted) != nil else {
            return "the sysctl \(NameRules.shown(pattern)) is not known to be namespaced: it would be the host's"
        }
        if isPrefix { prefixes.append(dotted) } else { names.insert(dotted) }
        return nil
    }

    public func allows(_ name: String) -> Bool {
        let name = Sysctl.dotted(name)
        return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
}
