import PodAPI
import PodPlan
import Testing

@testable import PodPlanner

@Suite struct DownwardAPITests {
    static let node = NodeResources(capacity: [
        "cpu": Quantity(value: 4), "memory": Quantity(value: 8 << 30), "ephemeral-storage": Quantity(value: 1 << 40),
    ])

    var planner: PodPlanner {
        PodPlanner(
            host: box, users: { (root) throws(UserDatabase.Failure) in try boxUsers(of: root) }, node: { Self.node })
    }

    /// Resource, divisor, and what a container with limits 250m and 64Mi, and requests 125m and 32Mi, then sees.
    @Test(arguments: [
        ("limits.cpu", "0", "1"), ("limits.cpu", "1m", "250"), ("requests.cpu", "1", "1"),
        ("requests.cpu", "1m", "125"),
        ("limits.memory", "0", "67108864"), ("limits.memory", "1Mi", "64"), ("limits.memory", "1M", "68"),
        ("limits.memory", "1Gi", "1"), ("requests.memory", "1Ki", "32768"), ("requests.ephemeral-storage", "1", "0"),
        ("limits.ephemeral-storage", "1Gi", "1024"), ("limits.hugepages-2Mi", "1Mi", "4"),
        ("requests.hugepages-1Gi", "1", "0"),
    ])
    func resources(_ resource: String, _ divisor: String, _ expected: String) throws {
        let selector = ResourceFieldSelector(
            containerName: "app", resource: resource, divisor: try #require(Quantity(divisor)))
        try check(selector, expected) {
            $0.limits = ["cpu": amount("250m"), "memory": amount("64Mi"), "hugepages-2Mi": amount("4Mi")]
            $0.requests = ["cpu": amount("125m"), "memory": amount("32Mi")]
        }
    }

    /// Without limits: those of the node; without requests: nothing.
    @Test(arguments: [
        ("limits.cpu", "4"), ("limits.memory", "8589934592"), ("limits.ephemeral-storage", "1099511627776"),
        ("limits.hugepages-2Mi", "0"), ("requests.cpu", "0"), ("requests.memory", "0"),
    ])
    func defaults(_ resource: String, _ expected: String) throws {
        try check(ResourceFieldSelector(containerName: "app", resource: resource), expected) { _ in }
    }

    @Test func aPodLevelLimitComesBeforeTheNode() throws {
        let planned = try planner.plan(
            pod: pod {
                $0.spec.resources.limits = ["cpu": Quantity(value: 2)]
                $0.spec.containers[0].env = [
                    EnvVar(name: "CPU", source: .resource(ResourceFieldSelector(resource: "limits.cpu")))
                ]
            }, uid: "u")
        #expect(planned.plan.containers[0].environment.last == "CPU=2")
    }

    /// As a variable and as a file.
    func check(
        _ selector: ResourceFieldSelector, _ expected: String, _ change: (inout ResourceRequirements) -> Void
    ) throws {
        let plan = try planner.plan(
            pod: pod {
                change(&$0.spec.containers[0].resources)
                var own = selector
                own.containerName = ""
                $0.spec.containers[0].env = [EnvVar(name: "V", source: .resource(own))]
                $0.spec.volumes = [
                    Volume(
                        name: "info",
                        source: .downwardAPI(
                            items: [DownwardAPIFile(path: "v", source: .resource(selector))], defaultMode: 0o644))
                ]
                $0.spec.containers[0].volumeMounts = [mount("info", "/info")]
            }, uid: "u"
        ).plan
        #expect(plan.containers[0].environment.last == "V=\(expected)")
        #expect(
            plan.volumes == [
                VolumePlan(
                    name: "info", source: .files([FilePlan(path: "v", mode: 0o644, content: Array(expected.utf8))]))
            ])
    }

    @Test func aContainerThatIsNotThereIsNamed() {
        let selector = ResourceFieldSelector(containerName: "nobody", resource: "limits.cpu")
        #expect(
            planner.errors(pod { $0.spec.containers[0].env = [EnvVar(name: "V", source: .resource(selector))] }) == [
                "CreateContainerConfigError spec.containers[0].env[0].valueFrom.resourceFieldRef.containerName: "
                    + "container nobody not found"
            ])
    }

    @Test func fieldsBecomeFiles() throws {
        let items = [
            ("n", "metadata.name"), ("s", "metadata.namespace"), ("u", "metadata.uid"), ("l", "metadata.labels"),
            ("a", "metadata.annotations"), ("one", "metadata.labels['b']"), ("none", "metadata.annotations['x']"),
        ].map { DownwardAPIFile(path: $0.0, source: .field($0.1), mode: $0.0 == "n" ? 0o400 : nil) }
        let plan = try planner.plan(
            pod: pod {
                $0.metadata.labels = ["b": "2", "a": "1"]
                $0.metadata.annotations = ["text": "say \"hi\"\n\tü\u{a0}\u{7f}\u{1F600}\u{200b}\\"]
                $0.spec.volumes = [Volume(name: "info", source: .downwardAPI(items: items, defaultMode: 0o440))]
                $0.spec.containers[0].volumeMounts = [mount("info", "/info")]
            }, uid: "u-1"
        ).plan
        guard case .files(let files) = plan.volumes[0].source else {
            Issue.record("no files")
            return
        }
        let text = Dictionary(
            uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.content, as: UTF8.self)) })
        #expect(text["n"] == "demo" && text["s"] == "default" && text["u"] == "u-1")
        #expect(text["l"] == "a=\"1\"\nb=\"2\"")
        #expect(text["a"] == "text=\"say \\\"hi\\\"\\n\\tü\\u00a0\\x7f😀\\u200b\\\\\"")
        #expect(text["one"] == "2" && text["none"] == "")
        #expect(files.map(\.mode) == [0o400] + Array(repeating: 0o440, count: 6))
        #expect(plan.containers[0].mounts[0].readOnly)
    }

    // MARK: Projected

    static let configMaps = [ConfigMap(metadata: ObjectMeta(name: "c"), data: ["a": "one", "b": "two"])]
    static let secrets = [Secret(metadata: ObjectMeta(name: "s"), data: ["a": [7], "p": [8]])]

    func projected(_ sources: [VolumeProjection]) -> Pod {
        pod {
            $0.spec.volumes = [Volume(name: "all", source: .projected(sources: sources, defaultMode: 0o444))]
            $0.spec.containers[0].volumeMounts = [mount("all", "/all")]
        }
    }

    @Test func sourcesShareATree() throws {
        let plan = try planner.plan(
            pod: projected([
                .configMap(name: "c", items: nil, optional: false),
                .secret(name: "s", items: nil, optional: false),
                .secret(name: "s", items: [KeyToPath(key: "p", path: "deep/p", mode: 0o400)], optional: false),
                .configMap(name: "none", items: nil, optional: true),
                .downwardAPI(items: [DownwardAPIFile(path: "name", source: .field("metadata.name"))]),
            ]), configMaps: Self.configMaps, secrets: Self.secrets, uid: "u"
        ).plan
        #expect(
            plan.volumes[0].source
                == .files([
                    FilePlan(path: "b", mode: 0o444, content: Array("two".utf8)),
                    FilePlan(path: "a", mode: 0o444, content: [7]), FilePlan(path: "p", mode: 0o444, content: [8]),
                    FilePlan(path: "deep/p", mode: 0o400, content: [8]),
                    FilePlan(path: "name", mode: 0o444, content: Array("demo".utf8)),
                ]))
    }

    @Test(
        arguments: [
            ([nil, nil], nil, 0o444, 0), ([1000, 1000], nil, 0o600, 1000), ([1000, nil], nil, 0o444, 0),
            ([1000, 2000], nil, 0o444, 0), ([0, 0], nil, 0o600, 0), ([nil, nil], 50, 0o600, 0),
        ] as [([Int64?], Int64?, UInt32, UInt32)])
    func tokens(_ users: [Int64?], _ group: Int64?, _ mode: UInt32, _ owner: UInt32) throws {
        var pod = projected([
            .configMap(name: "c", items: nil, optional: false),
            .serviceAccountToken(audience: "", expirationSeconds: 3600, path: "a"),
        ])
        pod.spec.securityContext.fsGroup = group
        pod.spec.containers.append(container("second"))
        for (index, user) in users.enumerated() { pod.spec.containers[index].securityContext.runAsUser = user }
        let plan = try planner.plan(pod: pod, configMaps: Self.configMaps, uid: "u").plan
        #expect(
            plan.tokens
                == ServiceAccountTokens(
                    directory: "/var/lib/swiftlet/service-account", issuer: "https://box/swiftlet",
                    serviceAccount: "default", nodeName: "box",
                    tokens: [
                        ServiceAccountTokens.Token(
                            volume: 0, path: "a", mode: mode, audience: "https://box/swiftlet", lifetime: 3600,
                            owner: owner)
                    ]))
        // The token takes the place of the ConfigMap's file of that name.
        #expect(
            plan.volumes[0].source == .files([FilePlan(path: "b", mode: 0o444, content: Array("two".utf8))]))
        #expect(try planner.plan(pod: PodPlannerTests.pod(), uid: "u").plan.tokens == nil)
    }

    @Test(arguments: [
        (
            VolumeProjection.configMap(name: "x", items: nil, optional: false),
            "FailedMount spec.volumes[0].projected.sources[0].configMap.name: configmap \"x\" not found"
        ),
        (
            .secret(name: "x", items: nil, optional: false),
            "FailedMount spec.volumes[0].projected.sources[0].secret.name: secret \"x\" not found"
        ),
        (
            .secret(name: "s", items: [KeyToPath(key: "z", path: "z")], optional: false),
            "FailedMount spec.volumes[0].projected.sources[0].secret.items[0].key: references non-existent secret key: z"
        ),
        (
            .secret(
                name: "s", items: [KeyToPath(key: "a", path: "x"), KeyToPath(key: "p", path: "x/y")], optional: false),
            "FailedMount spec.volumes[0].projected.sources[0].secret: conflicting paths: \"x/y\" lies below another file"
        ),
    ])
    func errors(_ source: VolumeProjection, _ message: String) {
        #expect(planner.errors(projected([source]), configMaps: Self.configMaps, secrets: Self.secrets) == [message])
    }
}

/// nil counts as nothing.
private func amount(_ text: String) -> Quantity { Quantity(text) ?? Quantity(value: 0) }
