import PodAPI
import Testing

@Suite struct PodValidationTests {
    @Test func aValidPodHasNoErrors() {
        #expect(validPod().validate() == [])
        #expect(Object.pod(validPod()).validate() == [])
    }

    static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (for example 'my-name' or '123-abc'): "
    static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
        + "with an alphanumeric character (for example 'example.com'): "

    static let metadata: [PodCase] = [
        PodCase("name missing", ["metadata.name: required value"]) { $0.metadata.name = "" },
        PodCase("name with a dot", []) { $0.metadata.name = "a.b" },
        PodCase("name upwards", ["metadata.name: \(subdomain)\"..\""]) { $0.metadata.name = ".." },
        PodCase("name with a slash", ["metadata.name: \(subdomain)\"a/b\""]) { $0.metadata.name = "a/b" },
        PodCase("name with an escape sequence", ["metadata.name: \(subdomain)\"\\u{1b}[2J\""]) {
            $0.metadata.name = "\u{1b}[2J"
        },
        PodCase("name too long", ["metadata.name: must be no more than 253 characters"]) {
            $0.metadata.name = String(repeating: "a", count: 254)
        },
        PodCase("namespace with a dot", ["metadata.namespace: \(label)\"a.b\""]) { $0.metadata.namespace = "a.b" },
        PodCase("good labels", []) { $0.metadata.labels = ["app": "", "example.com/My_Name.1": "V-1_x.y"] },
        PodCase(
            "label key with two slashes",
            [
                "metadata.labels[a/b/c]: a qualified name has at most one '/' between an optional DNS prefix and a name: \"a/b/c\""
            ]
        ) { $0.metadata.labels = ["a/b/c": ""] },
        PodCase("label key with an empty name", ["metadata.labels[a/]: name part must be non-empty: \"a/\""]) {
            $0.metadata.labels = ["a/": ""]
        },
        PodCase(
            "label value",
            [
                "metadata.labels[app]: a label's value must be empty or consist of alphanumeric characters, '-', '_' or '.', and "
                    + "must start and end with an alphanumeric character: \"-x\""
            ]
        ) { $0.metadata.labels = ["app": "-x"] },
        PodCase("label value too long", ["metadata.labels[app]: must be no more than 63 characters"]) {
            $0.metadata.labels = ["app": String(repeating: "x", count: 64)]
        },
        PodCase("annotations may have any value", []) { $0.metadata.annotations = ["Example.com/x": "a\nb -"] },
        PodCase("annotations too large", ["metadata.annotations: may not be more than 262144 bytes: they have 262145"])
        {
            $0.metadata.annotations = ["a": String(repeating: "x", count: 262_144)]
        },
    ]

    static let spec: [PodCase] = [
        PodCase("no container", ["spec.containers: required value: a pod has at least one container"]) {
            $0.spec.containers = []
        },
        PodCase(
            "a deadline of no time", ["spec.activeDeadlineSeconds: must be between 1 and 2147483647, inclusive: 0"]
        ) { $0.spec.activeDeadlineSeconds = 0 },
        PodCase("negative grace", ["spec.terminationGracePeriodSeconds: must be greater than or equal to 0: -1"]) {
            $0.spec.terminationGracePeriodSeconds = -1
        },
        PodCase("hostname", ["spec.hostname: \(label)\"a.b\""]) { $0.spec.hostname = "a.b" },
        PodCase("node name", ["spec.nodeName: \(subdomain)\"A\""]) { $0.spec.nodeName = "A" },
        PodCase("service account", ["spec.serviceAccountName: \(subdomain)\"a_b\""]) {
            $0.spec.serviceAccountName = "a_b"
        },
        PodCase(
            "host alias",
            [
                "spec.hostAliases[0].ip: must be a valid IP address (for example 10.9.8.7 or 2001:db8::ffff): \"1.2.3\"",
                "spec.hostAliases[0].hostnames[1]: \(subdomain)\"b c\"",
            ]
        ) { $0.spec.hostAliases = [HostAlias(ip: "1.2.3", hostnames: ["a", "b c"])] },
        PodCase(
            "dnsPolicy None",
            ["spec.dnsConfig.nameservers: must provide at least one DNS nameserver when `dnsPolicy` is None"]
        ) { $0.spec.dnsPolicy = .none },
        PodCase("four nameservers", ["spec.dnsConfig.nameservers: must not have more than 3 nameservers"]) {
            $0.spec.dnsConfig.nameservers = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "::1"]
        },
        PodCase(
            "nameserver no address",
            [
                "spec.dnsConfig.nameservers[0]: must be a valid IP address (for example 10.9.8.7 or 2001:db8::ffff): \"dns\""
            ]
        ) { $0.spec.dnsConfig.nameservers = ["dns"] },
        PodCase("33 searches", ["spec.dnsConfig.searches: must not have more than 32 search paths"]) {
            $0.spec.dnsConfig.searches = (0..<33).map { "s\($0)" }
        },
        PodCase(
            "long searches",
            ["spec.dnsConfig.searches: must not have more than 2048 characters (including spaces) in the search list"]
        ) {
            $0.spec.dnsConfig.searches = (0..<32).map { _ in String(repeating: "a", count: 63) + ".x" }
        },
        PodCase("searches with dots", []) { $0.spec.dnsConfig.searches = [".", "example.com."] },
        PodCase("option without a name", ["spec.dnsConfig.options[0].name: required value"]) {
            $0.spec.dnsConfig.options = [.init(name: "", value: "5")]
        },
        PodCase(
            "option with a line break", ["spec.dnsConfig.options[0]: must not contain blanks or control characters"]
        ) { $0.spec.dnsConfig.options = [.init(name: "ndots", value: "1\nnameserver 1.2.3.4")] },
        PodCase(
            "ids of the pod",
            [
                "spec.securityContext.runAsUser: must be between 0 and 2147483647, inclusive: -1",
                "spec.securityContext.runAsGroup: must be between 0 and 2147483647, inclusive: 4294967296",
                "spec.securityContext.supplementalGroups[1]: must be between 0 and 2147483647, inclusive: 2147483648",
                "spec.securityContext.seccompProfile.localhostProfile: must not contain '..': \"a/../b\"",
                "spec.securityContext.appArmorProfile.localhostProfile: must not be padded with whitespace: \" p\"",
            ]
        ) {
            $0.spec.securityContext.runAsUser = -1
            $0.spec.securityContext.runAsGroup = 4_294_967_296
            $0.spec.securityContext.supplementalGroups = [1, 2_147_483_648]
            $0.spec.securityContext.seccompProfile = .localhost("a/../b")
            $0.spec.securityContext.appArmorProfile = .localhost(" p")
        },
    ]

    private static func rule(
        _ action: ContainerRestartRule.Action, _ comparison: ContainerRestartRule.ExitCodes.Operator?, _ values: [Int32]
    ) -> ContainerRestartRule {
        .init(action: action, exitCodes: .init(operator: comparison, values: values))
    }

    static let containers: [PodCase] = [
        PodCase("container without a name", ["spec.containers[0].name: required value"]) {
            $0.spec.containers[0].name = ""
        },
        PodCase("container name with a dot", ["spec.containers[0].name: \(label)\"a.b\""]) {
            $0.spec.containers[0].name = "a.b"
        },
        PodCase("one name for init and app", ["spec.containers[0].name: duplicate value: \"app\""]) {
            $0.spec.initContainers = [container("app")]
        },
        PodCase("restartPolicy of an app container", []) { $0.spec.containers[0].restartPolicy = .never },
        PodCase(
            "rules without a restartPolicy",
            [
                "spec.containers[0].restartPolicy: required value: must specify restartPolicy when restart rules are used"
            ]
        ) { $0.spec.containers[0].restartPolicyRules = [rule(.restart, .in, [1])] },
        PodCase(
            "an empty rule",
            [
                "spec.containers[0].restartPolicyRules[0].action: unsupported value: \"\": supported values: \"Restart\", \"RestartAllContainers\"",
                "spec.containers[0].restartPolicyRules[0].exitCodes: required value: must be specified",
            ]
        ) {
            $0.spec.containers[0].restartPolicy = .never
            $0.spec.containers[0].restartPolicyRules = [.init(action: nil, exitCodes: nil)]
        },
        PodCase(
            "a rule without an operator, and with too many codes",
            [
                "spec.containers[0].restartPolicyRules[0].exitCodes.operator: unsupported value: \"\": supported values: \"In\", \"NotIn\"",
                "spec.containers[0].restartPolicyRules[0].exitCodes.values: too many: 256: must have at most 255 items",
            ]
        ) {
            $0.spec.containers[0].restartPolicy = .never
            $0.spec.containers[0].restartPolicyRules = [rule(.restart, nil, Array(0..<256))]
        },
        PodCase("too many rules", ["spec.containers[0].restartPolicyRules: too many: 21: must have at most 20 items"]) {
            $0.spec.containers[0].restartPolicy = .never
            $0.spec.containers[0].restartPolicyRules = Array(repeating: rule(.restart, .notIn, [0]), count: 21)
        },
        PodCase("a sidecar", []) { $0.spec.initContainers = [container("side", sidecar: true)] },
        PodCase("image with a blank", ["spec.containers[0].image: must not have leading or trailing whitespace"]) {
            $0.spec.containers[0].image = "nginx "
        },
        PodCase("no image", []) { $0.spec.containers[0].image = "" },
        PodCase("relative workingDir", ["spec.containers[0].workingDir: must be an absolute path: \"srv\""]) {
            $0.spec.containers[0].workingDir = "srv"
        },
        PodCase(
            "relative terminationMessagePath",
            ["spec.containers[0].terminationMessagePath: must be an absolute path: \"log\""]
        ) { $0.spec.containers[0].terminationMessagePath = "log" },
    ]

    static let ports: [PodCase] = [
        PodCase("no containerPort", ["spec.containers[0].ports[0].containerPort: required value"]) {
            $0.spec.containers[0].ports = [port(0)]
        },
        PodCase(
            "ports out of range",
            [
                "spec.containers[0].ports[0].containerPort: must be between 1 and 65535, inclusive: 65536",
                "spec.containers[0].ports[0].hostPort: must be between 1 and 65535, inclusive: -1",
            ]
        ) { $0.spec.containers[0].ports = [port(65536, host: -1)] },
        PodCase("long port name", ["spec.containers[0].ports[0].name: must be no more than 15 characters"]) {
            $0.spec.containers[0].ports = [port(80, name: "abcdefghijklmnop")]
        },
        PodCase(
            "port name of digits", ["spec.containers[0].ports[0].name: must contain at least one letter (a-z): \"80\""]
        ) {
            $0.spec.containers[0].ports = [port(80, name: "80")]
        },
        PodCase(
            "port name with two hyphens",
            ["spec.containers[0].ports[0].name: must not contain consecutive hyphens: \"a--b\""]
        ) { $0.spec.containers[0].ports = [port(80, name: "a--b")] },
        PodCase(
            "port name with capitals",
            [
                "spec.containers[0].ports[0].name: must contain only alphanumeric characters (a-z, 0-9) and hyphens (-): \"Web\""
            ]
        ) { $0.spec.containers[0].ports = [port(80, name: "Web")] },
        PodCase(
            "port name ending in a hyphen",
            ["spec.containers[0].ports[0].name: must not begin or end with a hyphen: \"a-\""]
        ) {
            $0.spec.containers[0].ports = [port(80, name: "a-")]
        },
        PodCase("port name twice", ["spec.containers[0].ports[1].name: duplicate value: \"web\""]) {
            $0.spec.containers[0].ports = [port(80, name: "web"), port(81, name: "web")]
        },
        PodCase(
            "hostIP",
            [
                "spec.containers[0].ports[0].hostIP: must be a valid IP address (for example 10.9.8.7 or 2001:db8::ffff): \"localhost\""
            ]
        ) { $0.spec.containers[0].ports = [port(80, host: 80, ip: "localhost")] },
        PodCase(
            "hostNetwork with another hostPort",
            ["spec.containers[0].ports[0].hostPort: must match `containerPort` when `hostNetwork` is true"]
        ) {
            $0.spec.hostNetwork = true
            $0.spec.containers[0].ports = [port(80, host: 8080)]
        },
        PodCase(
            "one hostPort in two containers", ["spec.containers[1].ports[0].hostPort: duplicate value: \"TCP//8080\""]
        ) {
            $0.spec.containers[0].ports = [port(80, host: 8080)]
            $0.spec.containers.append(container("two", ports: [port(81, host: 8080)]))
        },
        PodCase(
            "one hostPort in a sidecar and an app container",
            ["spec.containers[0].ports[0].hostPort: duplicate value: \"TCP/127.0.0.1/8080\""]
        ) {
            $0.spec.initContainers = [container("side", sidecar: true, ports: [port(80, host: 8080, ip: "127.0.0.1")])]
            $0.spec.containers[0].ports = [port(80, host: 8080, ip: "127.0.0.1")]
        },
        PodCase(
            "one port of the host's network in two containers",
            ["spec.containers[1].ports[0].containerPort: duplicate value: \"TCP//80\""]
        ) {
            $0.spec.hostNetwork = true
            $0.spec.containers[0].ports = [port(80)]
            $0.spec.containers.append(container("two", ports: [port(80)]))
        },
        PodCase("one hostPort, but init, UDP and another address", []) {
            $0.spec.initContainers = [container("init", ports: [port(80, host: 8080)])]
            $0.spec.containers[0].ports = [
                port(80, host: 8080), port(80, host: 8080, .udp), port(80, host: 8080, ip: "127.0.0.1"),
            ]
        },
    ]

    static let security: [PodCase] = [
        PodCase(
            "ids of a container",
            [
                "spec.containers[0].securityContext.runAsUser: must be between 0 and 2147483647, inclusive: 2147483648",
                "spec.containers[0].securityContext.runAsGroup: must be between 0 and 2147483647, inclusive: -2",
                "spec.containers[0].securityContext.seccompProfile.localhostProfile: must be a relative path: \"/etc/p.json\"",
                "spec.containers[1].securityContext.seccompProfile.localhostProfile: required value: must be set when seccomp type is Localhost",
                "spec.containers[1].securityContext.appArmorProfile.localhostProfile: required value: must be set when AppArmor type is Localhost",
            ]
        ) {
            $0.spec.containers[0].securityContext.runAsUser = 2_147_483_648
            $0.spec.containers[0].securityContext.runAsGroup = -2
            $0.spec.containers[0].securityContext.seccompProfile = .localhost("/etc/p.json")
            $0.spec.containers.append(container("second"))
            $0.spec.containers[1].securityContext.seccompProfile = .localhost("")
            $0.spec.containers[1].securityContext.appArmorProfile = .localhost("")
        },
        PodCase(
            "unknown capability",
            [
                "spec.containers[0].securityContext.capabilities.add[1]: unknown capability \"NET_ADMN\" (did you mean \"NET_ADMIN\"?)",
                "spec.containers[0].securityContext.capabilities.drop[0]: unknown capability \"EVERYTHING\"",
            ]
        ) {
            $0.spec.containers[0].securityContext.addCapabilities = ["CAP_SYS_TIME", "NET_ADMN"]
            $0.spec.containers[0].securityContext.dropCapabilities = ["EVERYTHING", "ALL"]
        },
        PodCase(
            "privileged without escalation",
            [
                "spec.containers[0].securityContext: cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            ]
        ) {
            $0.spec.containers[0].securityContext.privileged = true
            $0.spec.containers[0].securityContext.allowPrivilegeEscalation = false
        },
        PodCase(
            "CAP_SYS_ADMIN without escalation",
            [
                "spec.containers[0].securityContext: cannot set `allowPrivilegeEscalation` to false and `capabilities.add` CAP_SYS_ADMIN"
            ]
        ) {
            $0.spec.containers[0].securityContext.addCapabilities = ["SYS_ADMIN"]
            $0.spec.containers[0].securityContext.allowPrivilegeEscalation = false
        },
    ]

    @Test(arguments: metadata + spec + containers + ports + security)
    func errors(_ row: PodCase) {
        var pod = validPod()
        row.change(&pod)
        #expect(pod.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }

    @Test func allErrorsAreReportedAtOnce() {
        let pod = validPod {
            $0.metadata.name = "A"
            $0.spec.volumes.append($0.spec.volumes[0])
            $0.spec.containers[0].volumeMounts = [mount("wrk", "/a:b")]
            $0.spec.hostname = "_"
        }
        #expect(
            pod.validate().map(\.path.description) == [
                "metadata.name", "spec.volumes[1].name", "spec.containers[0].volumeMounts[0].name",
                "spec.containers[0].volumeMounts[0].mountPath", "spec.hostname",
            ]
        )
    }
}
