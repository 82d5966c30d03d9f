import PodAPI
import Testing

@Suite struct ProjectedValidationTests {
    static func projected(_ sources: VolumeProjection..., mode: UInt32 = 0o644) -> @Sendable (inout Pod) -> Void {
        { $0.spec.volumes[0].source = .projected(sources: sources, defaultMode: mode) }
    }

    static func downward(_ items: DownwardAPIFile..., mode: UInt32 = 0o644) -> @Sendable (inout Pod) -> Void {
        { $0.spec.volumes[0].source = .downwardAPI(items: items, defaultMode: mode) }
    }

    static func environment(_ source: EnvVar.Source) -> @Sendable (inout Pod) -> Void {
        { $0.spec.containers[0].env = [EnvVar(name: "V", source: source)] }
    }

    static let projection = "spec.volumes[0].projected"
    static let item = "spec.volumes[0].downwardAPI.items[0]"
    static let resource = "spec.containers[0].env[0].valueFrom.resourceFieldRef"
    static let file = "spec.containers[0].env[0].valueFrom.fileKeyRef"
    static let divisors =
        "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi and 1Ei are supported with the"

    static let cases: [PodCase] = [
        PodCase(
            "good projection", [],
            projected(
                .configMap(name: "c", items: [KeyToPath(key: "a", path: "a")], optional: false),
                .secret(name: "s", items: nil, optional: true),
                .downwardAPI(items: [DownwardAPIFile(path: "x/l", source: .field("metadata.labels"))]),
                .serviceAccountToken(audience: "", expirationSeconds: 600, path: "token"))),
        PodCase(
            "no names",
            [
                "\(projection).sources[0].configMap.name: required value",
                "\(projection).sources[1].secret.name: required value",
                "\(projection).sources[2].serviceAccountToken.path: required value",
            ],
            projected(
                .configMap(name: "", items: nil, optional: false), .secret(name: "", items: nil, optional: false),
                .serviceAccountToken(audience: "", expirationSeconds: 3600, path: ""))),
        PodCase(
            "one path twice", ["\(projection).sources[1].secret.items[0].path: conflicting duplicate paths: \"a\""],
            projected(
                .configMap(name: "c", items: [KeyToPath(key: "a", path: "a")], optional: false),
                .secret(name: "s", items: [KeyToPath(key: "a", path: "a")], optional: false))),
        PodCase(
            "a file above another",
            ["\(projection).sources[1].downwardAPI.items[0].path: conflicting duplicate paths: \"a\""],
            projected(
                .configMap(name: "c", items: [KeyToPath(key: "a", path: "a/b")], optional: false),
                .downwardAPI(items: [DownwardAPIFile(path: "a", source: .field("metadata.name"))]))),
        PodCase(
            "a token for nine minutes",
            [
                "\(projection).sources[0].serviceAccountToken.expirationSeconds: "
                    + "may not specify a duration less than 10 minutes: 540"
            ],
            projected(.serviceAccountToken(audience: "", expirationSeconds: 540, path: "t"))),
        PodCase(
            "a token for ever",
            [
                "\(projection).sources[0].serviceAccountToken.expirationSeconds: "
                    + "may not specify a duration larger than 2^32 seconds: 4294967297"
            ],
            projected(.serviceAccountToken(audience: "", expirationSeconds: 4_294_967_297, path: "t"))),
        PodCase(
            "a token upwards",
            ["\(projection).sources[0].serviceAccountToken.path: must not contain '..': \"a/../b\""],
            projected(.serviceAccountToken(audience: "", expirationSeconds: 3600, path: "a/../b"))),
        PodCase(
            "mode of a projection",
            ["\(projection).defaultMode: must be a number between 0 and 0777 (octal), both inclusive: 01000"],
            projected(mode: 0o1000)),
        PodCase("good items", [], downward(DownwardAPIFile(path: "a", source: .field("metadata.annotations['a/b']")))),
        PodCase(
            "a field for variables alone",
            [
                "\(item).fieldRef.fieldPath: unsupported value: \"status.podIP\": supported values: metadata.name, "
                    + "metadata.namespace, metadata.labels, metadata.annotations, metadata.uid, "
                    + "metadata.labels['KEY'], metadata.annotations['KEY']"
            ], downward(DownwardAPIFile(path: "a", source: .field("status.podIP")))),
        PodCase(
            "an item without container, absolute",
            [
                "\(item).path: must be a relative path: \"/a\"",
                "\(item).resourceFieldRef.containerName: required value",
            ],
            downward(DownwardAPIFile(path: "/a", source: .resource(ResourceFieldSelector(resource: "limits.cpu"))))),
        PodCase(
            "the atomic writer's names", ["\(item).path: must not start with '..': \"..data\""],
            downward(DownwardAPIFile(path: "..data", source: .field("metadata.name")))),
        PodCase(
            "a resource", [],
            environment(.resource(ResourceFieldSelector(resource: "limits.cpu", divisor: amount("1m"))))),
        PodCase(
            "an unknown resource",
            [
                "\(resource).resource: unsupported value: \"limit.cpu\" (did you mean \"limits.cpu\"?): supported "
                    + "values: limits.cpu, requests.cpu, limits.memory, requests.memory, limits.ephemeral-storage, "
                    + "requests.ephemeral-storage, limits.hugepages-SIZE, requests.hugepages-SIZE"
            ], environment(.resource(ResourceFieldSelector(resource: "limit.cpu")))),
        PodCase(
            "a divisor of another kind",
            ["\(resource).divisor: only divisor's values 1m and 1 are supported with the cpu resource: 1Mi"],
            environment(.resource(ResourceFieldSelector(resource: "limits.cpu", divisor: amount("1Mi"))))),
        PodCase(
            "a divisor of bytes", ["\(resource).divisor: \(divisors) memory resource: 1m"],
            environment(.resource(ResourceFieldSelector(resource: "limits.memory", divisor: amount("1m"))))),
        PodCase(
            "a divisor of pages", ["\(resource).divisor: \(divisors) hugepages resource: 2Mi"],
            environment(.resource(ResourceFieldSelector(resource: "limits.hugepages-2Mi", divisor: amount("2Mi"))))),
        PodCase(
            "an env file", [], environment(.fileKey(volume: "work", path: "a/b.env", key: "K", optional: false))),
        PodCase(
            "an env file without all",
            [
                "\(file).volumeName: required value", "\(file).path: required value", "\(file).key: required value",
            ], environment(.fileKey(volume: "", path: "", key: "", optional: false))),
        PodCase(
            "an env file elsewhere",
            [
                "\(file).volumeName: no volume named \"wrk\" (did you mean \"work\"?)",
                "\(file).path: must not contain '..': \"a/../../b\"",
                "\(file).key: a valid environment variable name must consist only of printable ASCII characters other "
                    + "than '=': \"a=b\"",
            ], environment(.fileKey(volume: "wrk", path: "a/../../b", key: "a=b", optional: false))),
        PodCase(
            "an env file on the host", ["\(file).volumeName: must be an emptyDir volume: \"work\""]
        ) {
            $0.spec.volumes[0].source = .hostPath(path: "/srv", type: .unset)
            environment(.fileKey(volume: "work", path: "a", key: "K", optional: false))(&$0)
        },
        PodCase("names", []) {
            $0.spec.hostname = "web"
            $0.spec.subdomain = "sub"
            $0.spec.setHostnameAsFQDN = true
        },
        PodCase(
            "a subdomain with a dot",
            [
                "spec.subdomain: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
                    + "must start and end with an alphanumeric character (for example 'my-name' or '123-abc'): \"a.b\""
            ]
        ) { $0.spec.subdomain = "a.b" },
        PodCase("an override", []) { $0.spec.hostnameOverride = "my.host.example" },
        PodCase("an override too long", ["spec.hostnameOverride: must be no more than 64 characters"]) {
            $0.spec.hostnameOverride = String(repeating: "a", count: 65)
        },
        PodCase(
            "an override and others",
            [
                "spec.hostnameOverride: may not be set when `hostNetwork` is true",
                "spec.hostnameOverride: may not be set when `setHostnameAsFQDN` is true",
            ]
        ) {
            $0.spec.hostnameOverride = "a"
            $0.spec.hostNetwork = true
            $0.spec.setHostnameAsFQDN = true
        },
    ]

    @Test(arguments: cases)
    func errors(_ row: PodCase) {
        let pod = validPod(row.change)
        #expect(pod.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }

    // MARK: Services

    @Test(arguments: [
        (Service(metadata: ObjectMeta(name: "web"), ports: [Service.Port(port: 80, targetPort: "http")]), []),
        (Service(metadata: ObjectMeta(name: "web"), clusterIP: "None"), []),
        (Service(metadata: ObjectMeta(name: "web"), kind: .externalName, externalName: "example.com."), []),
        (Service(metadata: ObjectMeta(name: "web")), ["spec.ports: required value"]),
        (
            Service(
                metadata: ObjectMeta(name: "web"), ports: [Service.Port(port: 80), Service.Port(name: "b", port: 80)]),
            ["spec.ports[0].name: required value", "spec.ports[1]: duplicate value: \"TCP/80\""]
        ),
        (
            Service(
                metadata: ObjectMeta(name: "web"), ports: [Service.Port(port: 0, targetPort: "70000", nodePort: 5)]),
            [
                "spec.ports[0].port: must be between 1 and 65535, inclusive: 0",
                "spec.ports[0].targetPort: must be between 1 and 65535, inclusive: 70000",
                "spec.ports[0].nodePort: may not be used when `type` is 'ClusterIP'",
            ]
        ),
        (
            Service(
                metadata: ObjectMeta(name: "web"), kind: .nodePort, ports: [Service.Port(port: 1)], clusterIP: "None"),
            ["spec.clusterIP: may not be set to 'None' for NodePort services"]
        ),
        (
            Service(metadata: ObjectMeta(name: "web"), kind: .externalName),
            ["spec.externalName: required value"]
        ),
        (
            Service(metadata: ObjectMeta(name: "web"), ports: [Service.Port(port: 1)], clusterIP: "10.0.0"),
            ["spec.clusterIP: must be a valid IP address (for example 10.9.8.7 or 2001:db8::ffff): \"10.0.0\""]
        ),
    ])
    func errorsOfServices(_ service: Service, _ errors: [String]) {
        #expect(service.validate().map { "\($0.path): \($0.message)" } == errors)
    }
}

/// nil counts as nothing.
private func amount(_ text: String) -> Quantity { Quantity(text) ?? Quantity(value: 0) }
