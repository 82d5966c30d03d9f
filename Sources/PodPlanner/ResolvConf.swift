import PodAPI

/// A resolv.conf(5) as values; read, merged and limited by the kubelet's rules (`pkg/kubelet/network/dns/dns.go`).
struct ResolvConf: Equatable {
    static let maximumNameservers = 3
    static let maximumSearches = 32
    /// Bytes of the search line's list.
    static let maximumSearchLength = 2048
    static let maximumDomainLength = 253

    var nameservers: [String] = []
    var searches: [String] = []
    var options: [String] = []

    init() {}

    /// `nameserver` lines add up; of `search` and `options` lines the last one counts.
    init(parsing text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let keyword = fields.first else { continue }
            switch keyword {
            case "nameserver":
                if fields.count > 1 { nameservers.append(String(fields[1])) }
            case "search":
                searches = fields.dropFirst().map {
                    $0 != "." && $0.hasSuffix(".") ? String($0.dropLast()) : String($0)
                }
            case "options":
                options = fields.dropFirst().map(String.init)
            default:
                break
            }
        }
    }

    /// What a pod gets. There is no cluster DNS, so `ClusterFirst` falls back to the host's file, as the kubelet does
    /// without `--cluster-dns`. `limited` is told each limit that cut something off.
    init(policy: DNSPolicy, config: DNSConfig, host: String, limited: (String) -> Void) {
        if policy != .none { self.init(parsing: host) } else { self.init() }
        nameservers = Self.unique(nameservers + config.nameservers)
        searches = Self.unique(searches + config.searches)
        merge(config.options)
        limit(limited)
    }

    /// The order of the lines is containerd's.
    var text: String {
        var text = ""
        if !searches.isEmpty { text += "search \(searches.joined(separator: " "))\n" }
        for nameserver in nameservers { text += "nameserver \(nameserver)\n" }
        if !options.isEmpty { text += "options \(options.joined(separator: " "))\n" }
        return text
    }

    private mutating func merge(_ added: [DNSConfig.Option]) {
        for option in added {
            let text = option.value.map { $0.isEmpty ? option.name : "\(option.name):\($0)" } ?? option.name
            if let index = options.firstIndex(where: { $0.prefix { $0 != ":" } == option.name[...] }) {
                options[index] = text
            } else {
                options.append(text)
            }
        }
    }

    private mutating func limit(_ limited: (String) -> Void) {
        if nameservers.count > Self.maximumNameservers {
            nameservers.removeSubrange(Self.maximumNameservers...)
            limited(
                "nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
                    + nameservers.joined(separator: " ")
            )
        }
        let before = searches.count
        searches = searches.prefix(Self.maximumSearches).filter { $0.utf8.count <= Self.maximumDomainLength }
        while searches.joined(separator: " ").utf8.count > Self.maximumSearchLength { searches.removeLast() }
        if searches.count != before {
            limited(
                "search line limits were exceeded, some search paths have been omitted, the applied search line is: "
                    + searches.joined(separator: " ")
            )
        }
    }

    private static func unique(_ list: [String]) -> [String] {
        var seen: Set<String> = []
        return list.filter { seen.insert($0).inserted }
    }
}
