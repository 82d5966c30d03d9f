import PodAPI
import Testing

@Suite struct ObjectValidationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var object: Object
        var errors: [String]

        init(_ name: String, _ object: Object, _ errors: [String]) {
            self.name = name
            self.object = object
            self.errors = errors
        }

        var testDescription: String { name }
    }

    static func volume(_ change: (inout PersistentVolume) -> Void) -> Object {
        var volume = PersistentVolume(
            metadata: ObjectMeta(name: "pv"), capacity: Quantity(value: 1), accessModes: [.readWriteOnce],
            source: .hostPath(path: "/srv", type: .unset)
        )
        change(&volume)
        return .persistentVolume(volume)
    }

    static func claim(_ change: (inout PersistentVolumeClaim) -> Void) -> Object {
        var claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "pvc"), accessModes: [.readWriteOnce], request: Quantity(value: 1)
        )
        change(&claim)
        return .persistentVolumeClaim(claim)
    }

    static func configMap(_ data: [String: String], _ binary: [String: [UInt8]] = [:]) -> Object {
        .configMap(ConfigMap(metadata: ObjectMeta(name: "c"), data: data, binaryData: binary))
    }

    static func secret(_ type: String, _ data: [String: [UInt8]], annotations: [String: String] = [:]) -> Object {
        .secret(Secret(metadata: ObjectMeta(name: "s", annotations: annotations), type: type, data: data))
    }

    static func affinity(_ requirements: NodeSelector.Requirement...) -> NodeSelector {
        NodeSelector(terms: [NodeSelector.Term(matchExpressions: requirements)])
    }

    static let volumes: [Row] = [
        Row("good", volume { _ in }, []),
        Row(
            "no capacity", volume { $0.capacity = Quantity(value: 0) },
            ["spec.capacity[storage]: must be greater than zero"]),
        Row("no modes", volume { $0.accessModes = [] }, ["spec.accessModes: at least 1 access mode is required"]),
        Row(
            "ReadWriteOncePod in company", volume { $0.accessModes = [.readWriteOncePod, .readWriteOnce] },
            ["spec.accessModes: may not use ReadWriteOncePod with other access modes"]
        ),
        Row("ReadWriteOncePod alone", volume { $0.accessModes = [.readWriteOncePod] }, []),
        Row(
            "class", volume { $0.storageClassName = "Fast" },
            ["spec.storageClassName: \(PodValidationTests.subdomain)\"Fast\""]
        ),
        Row(
            "path upwards", volume { $0.source = .hostPath(path: "/srv/..", type: .unset) },
            ["spec.hostPath.path: must not contain '..': \"/srv/..\""]
        ),
        Row(
            "relative path", volume { $0.source = .hostPath(path: "srv", type: .unset) },
            ["spec.hostPath.path: must be an absolute path: \"srv\""]),
        Row(
            "recycle the root",
            volume {
                $0.source = .hostPath(path: "/", type: .unset)
                $0.reclaimPolicy = .recycle
            }, ["spec.persistentVolumeReclaimPolicy: may not be 'Recycle' for a hostPath mount of '/'"]
        ),
        Row(
            "local without affinity", volume { $0.source = .local(path: "/srv") },
            ["spec.nodeAffinity: required value: a local volume requires node affinity"]
        ),
        Row(
            "local with affinity",
            volume {
                $0.source = .local(path: "/srv")
                $0.nodeAffinity = affinity(.init(key: "kubernetes.io/hostname", operator: .in, values: ["a"]))
            }, []
        ),
        Row(
            "affinity without terms", volume { $0.nodeAffinity = NodeSelector(terms: []) },
            ["spec.nodeAffinity.required.nodeSelectorTerms: must have at least one node selector term"]
        ),
        Row(
            "affinity's values",
            volume {
                $0.nodeAffinity = affinity(
                    .init(key: "a", operator: .in), .init(key: "a", operator: .exists, values: ["x"]),
                    .init(key: "a", operator: .gt, values: ["x"]), .init(key: "a", operator: .lt, values: [])
                )
            },
            [
                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values: must be specified when `operator` is "
                    + "'In' or 'NotIn'",
                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[1].values: may not be specified when `operator` "
                    + "is 'Exists' or 'DoesNotExist'",
                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[2].values[0]: must be a whole number when "
                    + "`operator` is 'Lt' or 'Gt'",
                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[3].values: must be specified single value when "
                    + "`operator` is 'Lt' or 'Gt'",
            ]
        ),
        Row(
            "claimRef", volume { $0.claimRef = .init(namespace: "", name: "A") },
            [
                "spec.claimRef.name: \(PodValidationTests.subdomain)\"A\"", "spec.claimRef.namespace: required value",
            ]
        ),
    ]

    static let claims: [Row] = [
        Row("good", claim { _ in }, []),
        Row("no modes", claim { $0.accessModes = [] }, ["spec.accessModes: at least 1 access mode is required"]),
        Row(
            "no request", claim { $0.request = Quantity(value: 0) },
            ["spec.resources.requests[storage]: must be greater than zero"]
        ),
        Row("empty class", claim { $0.storageClassName = "" }, []),
        Row(
            "volume name", claim { $0.volumeName = "a/b" }, ["spec.volumeName: \(PodValidationTests.subdomain)\"a/b\""]),
        Row(
            "selector",
            claim {
                $0.selector = LabelSelector(
                    matchLabels: ["a/": "x"],
                    matchExpressions: [
                        .init(key: "a", operator: .notIn), .init(key: "a", operator: .doesNotExist, values: ["b"]),
                    ]
                )
            },
            [
                "spec.selector.matchLabels[a/]: name part must be non-empty: \"a/\"",
                "spec.selector.matchExpressions[0].values: must be specified when `operator` is 'In' or 'NotIn'",
                "spec.selector.matchExpressions[1].values: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ]
        ),
    ]

    static let data: [Row] = [
        Row("good keys", configMap(["a.b_c-D": "", ".hidden": ""]), []),
        Row(
            "bad keys", configMap(["..": "", "..x": "", "a/b": ""]),
            [
                "data[..]: must not be '..'", "data[..x]: must not start with '..'",
                "data[a/b]: a valid config key must consist of alphanumeric characters, '-', '_' or '.': \"a/b\"",
            ]
        ),
        Row("a key in both", configMap(["k": ""], ["k": []]), ["data[k]: duplicate of key present in binaryData"]),
        Row(
            "too large", configMap(["k": String(repeating: "x", count: 1_048_576)], ["b": [0]]),
            ["data: may not be more than 1048576 bytes: it has 1048577"]
        ),
        Row("as large as may be", configMap(["k": String(repeating: "x", count: 1_048_576)]), []),
        Row("opaque", secret("Opaque", [:]), []),
        Row("own type", secret("example.com/x", [:]), []),
        Row(
            "tls", secret("kubernetes.io/tls", ["tls.crt": []]),
            ["data[tls.key]: required value for type kubernetes.io/tls"]
        ),
        Row(
            "ssh-auth", secret("kubernetes.io/ssh-auth", ["ssh-privatekey": []]),
            ["data[ssh-privatekey]: required value for type kubernetes.io/ssh-auth"]
        ),
        Row(
            "basic-auth", secret("kubernetes.io/basic-auth", [:]),
            ["data[username]: required value: a basic-auth secret has a username or a password"]
        ),
        Row("basic-auth with a password", secret("kubernetes.io/basic-auth", ["password": [1]]), []),
        Row(
            "dockerconfigjson", secret("kubernetes.io/dockerconfigjson", [:]),
            ["data[.dockerconfigjson]: required value for type kubernetes.io/dockerconfigjson"]
        ),
        Row(
            "dockercfg", secret("kubernetes.io/dockercfg", [:]),
            ["data[.dockercfg]: required value for type kubernetes.io/dockercfg"]
        ),
        Row(
            "service account token", secret("kubernetes.io/service-account-token", [:]),
            ["metadata.annotations[kubernetes.io/service-account.name]: required value"]
        ),
    ]

    @Test(arguments: volumes + claims + data)
    func errors(_ row: Row) {
        #expect(row.object.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }

    @Test(arguments: [
        ("1.2.3.4", true), ("255.255.255.255", true), ("0.0.0.0", true), ("256.1.1.1", false), ("1.2.3", false),
        ("01.2.3.4", false), ("1.2.3.4.5", false), ("1..3.4", false), ("+1.2.3.4", false), ("", false), ("::", true),
        ("::1", true), ("1::", true), ("2001:db8::ffff", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
        ("1:2:3:4:5:6:7:8:9", false), ("1::2::3", false), (":::", false), (":1:2:3:4:5:6:7", false),
        ("1:2:3:4:5:6:7:", false),
        ("::ffff:1.2.3.4", true), ("1.2.3.4::", false), ("fe80::1%eth0", false), ("12345::", false), ("g::", false),
    ])
    func addresses(_ text: String, _ isValid: Bool) {
        let pod = validPod { $0.spec.hostAliases = [HostAlias(ip: text, hostnames: ["a"])] }
        #expect(pod.validate().isEmpty == isValid)
    }
}
