import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct PodTests {
    @Test func namesPathsAndPolicies() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.metadata.namespace = "team"
                $0.spec.restartPolicy = .onFailure
                $0.spec.terminationGracePeriodSeconds = 7
                $0.spec.initContainers = [
                    container("first"), container("side") { $0.isSidecar = true }, container("last"),
                ]
            }, uid: "u-1"
        ).plan
        #expect(plan.uid == "u-1")
        #expect(plan.namespace == "team")
        #expect(plan.name == "demo")
        #expect(plan.hostname == "demo")
        #expect(plan.restartPolicy == .onFailure)
        #expect(plan.terminationGracePeriod == 7)
        #expect(plan.podIPs == ["127.0.0.1"])
        #expect(plan.hostIPs == ["192.0.2.7", "2001:db8::7"])
        #expect(
            plan.paths
                == PodPlan.Paths(
                    state: "/var/lib/swiftlet/pods/u-1", run: "/run/swiftlet/pods/u-1",
                    logs: "/var/log/pods/team_demo_u-1",
                    cgroup: "swiftlet/podu-1"
                )
        )
        #expect(plan.containers.map(\.name) == ["first", "side", "last", "app"])
        #expect(plan.containers.map(\.kind) == [.initContainer, .sidecar, .initContainer, .app])
        #expect(try PodPlan(decoding: plan.encoded()) == plan)
    }

    /// Names that mean something to a path, a shell, a terminal or a C string; and each byte that a name may not have.
    static let unsafeNames: [String] =
        [
            "", "..", ".", "../x", "a/b", "/", "a/..", "-x", "é", "a\u{202e}b", String(repeating: "a", count: 300),
            "..a", ".a",
        ]
        + (0..<128).map { UnicodeScalar(UInt8($0)) }.filter {
            !"+-_.".unicodeScalars.contains($0) && !Character($0).isLetter && !Character($0).isNumber
        }
        .map { "a\($0)b" }

    @Test(arguments: unsafeNames)
    func aNameThatIsNoPathComponentIsRefused(_ name: String) {
        let errors = PodPlanner.plain.errors(pod(), uid: name)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("Refused metadata.uid: ") == true)
        let inPod = PodPlanner.plain.errors(pod { $0.metadata.name = name })
        #expect(inPod.first?.hasPrefix("Refused metadata.name: ") == true)
    }

    @Test(arguments: [
        ("demo", "", "demo"), ("demo", "web", "web"),
        (String(repeating: "a", count: 70), "", String(repeating: "a", count: 63)),
        (String(repeating: "a", count: 62) + "-.b", "", String(repeating: "a", count: 62)),
    ])
    func hostname(_ name: String, _ hostname: String, _ expected: String) throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.metadata.name = name
                $0.spec.hostname = hostname
            }, uid: "u"
        ).plan
        #expect(plan.hostname == expected)
        #expect(text("hostname", plan) == expected + "\n")
        #expect(plan.containers[0].environment.contains("HOSTNAME=\(expected)"))
    }

    func text(_ name: String, _ plan: PodPlan) -> String {
        plan.etcFiles.first { $0.path == name }.map { String(decoding: $0.content, as: UTF8.self) } ?? "missing"
    }

    @Test func hostsFile() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.hostAliases = [
                    HostAlias(ip: "10.1.2.3", hostnames: ["foo", "bar"]), HostAlias(ip: "::2", hostnames: ["six"]),
                ]
            }, uid: "u"
        ).plan
        #expect(plan.etcFiles.map(\.path) == ["hosts", "resolv.conf", "hostname"])
        #expect(plan.etcFiles.allSatisfy { $0.mode == 0o644 })
        #expect(
            text("hosts", plan) == """
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                127.0.0.1\tdemo

                # Entries added by HostAliases.
                10.1.2.3\tfoo\tbar
                ::2\tsix

                """
        )
    }

    @Test func hostNetwork() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.hostNetwork = true
                $0.spec.hostname = "ignored"
                $0.spec.hostAliases = [HostAlias(ip: "10.1.2.3", hostnames: ["foo"])]
                var port = ContainerPort()
                port.containerPort = 80
                port.hostPort = 80
                $0.spec.containers[0].ports = [port]
            }, uid: "u"
        ).plan
        #expect(plan.hostNetwork)
        #expect(plan.hostname == "Box")
        #expect(plan.ports == [])
        #expect(
            text("hosts", plan) == """
                # Kubernetes-managed hosts file (host network).
                127.0.0.1 localhost
                192.0.2.7 box

                # Entries added by HostAliases.
                10.1.2.3\tfoo

                """
        )
    }

    struct DNSCase: Sendable, CustomTestStringConvertible {
        var name: String
        var policy = DNSPolicy.clusterFirst
        var nameservers: [String] = []
        var searches: [String] = []
        var options: [DNSConfig.Option] = []
        var expected: String
        var notes: [String] = []
        var testDescription: String { name }
    }

    static let hostLines = "search example.com corp.example.com\nnameserver 192.0.2.53\n"

    @Test(arguments: [
        DNSCase(name: "ClusterFirst falls back to the host", expected: hostLines + "options ndots:1 rotate\n"),
        DNSCase(name: "Default", policy: .default, expected: hostLines + "options ndots:1 rotate\n"),
        DNSCase(
            name: "None", policy: .none, nameservers: ["192.0.2.1"], searches: ["ns1.svc.example", "my.dns.search"],
            options: [.init(name: "ndots", value: "2"), .init(name: "edns0")],
            expected: "search ns1.svc.example my.dns.search\nnameserver 192.0.2.1\noptions ndots:2 edns0\n"
        ),
        DNSCase(
            name: "merged", policy: .default, nameservers: ["192.0.2.53", "192.0.2.54"],
            searches: ["example.com", "x"],
            options: [.init(name: "ndots", value: "5"), .init(name: "rotate")],
            expected:
                "search example.com corp.example.com x\nnameserver 192.0.2.53\nnameserver 192.0.2.54\noptions ndots:5 rotate\n"
        ),
        DNSCase(
            name: "too many nameservers", policy: .none, nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"],
            expected: "nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\n",
            notes: [
                "nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
                    + "1.1.1.1 1.1.1.2 1.1.1.3"
            ]
        ),
        DNSCase(
            name: "too long a search", policy: .none, nameservers: ["1.1.1.1"],
            searches: ["a", String(repeating: "b", count: 254)], expected: "search a\nnameserver 1.1.1.1\n",
            notes: [
                "search line limits were exceeded, some search paths have been omitted, the applied search line is: a"
            ]
        ),
    ])
    func resolvConf(_ row: DNSCase) throws {
        let planned = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.dnsPolicy = row.policy
                $0.spec.dnsConfig.nameservers = row.nameservers
                $0.spec.dnsConfig.searches = row.searches
                $0.spec.dnsConfig.options = row.options
            }, uid: "u"
        )
        #expect(text("resolv.conf", planned.plan) == row.expected)
        #expect(planned.notes.map(\.message) == row.notes)
    }

    @Test func longSearchListsAreCut() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.dnsPolicy = .none
                $0.spec.dnsConfig.searches = (0..<40).map { "\($0)." + String(repeating: "a", count: 100) }
            }, uid: "u"
        ).plan
        let searches = text("resolv.conf", plan).split(separator: "\n")[0].dropFirst("search ".count)
        #expect(searches.utf8.count <= 2048)
        #expect(searches.hasPrefix("0.aaa"))
        #expect(searches.split(separator: " ").count == 19)
    }

    static func port(
        _ transport: ContainerPort.`Protocol`, _ inner: Int, _ outer: Int, _ ip: String = ""
    ) -> ContainerPort {
        var port = ContainerPort()
        port.protocol = transport
        port.containerPort = inner
        port.hostPort = outer
        port.hostIP = ip
        return port
    }

    @Test func ports() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.initContainers = [
                    container("init") { $0.ports = [Self.port(.tcp, 1, 1)] },
                    container("side") {
                        $0.isSidecar = true
                        $0.ports = [Self.port(.udp, 53, 5353, "::1")]
                    },
                ]
                $0.spec.containers[0].ports = [Self.port(.tcp, 80, 8080, "127.0.0.1"), Self.port(.tcp, 9000, 0)]
            }, uid: "u"
        ).plan
        #expect(
            plan.ports == [
                PortPlan(protocol: .udp, hostIP: "::1", hostPort: 5353, containerPort: 53),
                PortPlan(protocol: .tcp, hostIP: "127.0.0.1", hostPort: 8080, containerPort: 80),
            ]
        )
    }

    @Test func sctpIsRefusedWhereItIsPublished() throws {
        #expect(
            PodPlanner.plain.errors(pod(with: { $0.ports = [Self.port(.sctp, 80, 80)] })).map { $0.prefix(72) } == [
                "Refused spec.containers[0].ports[0].protocol: SCTP cannot be published: "
            ]
        )
        #expect(PodPlanner.plain.errors(pod(with: { $0.ports = [Self.port(.sctp, 80, 0)] })) == [])
    }
}
