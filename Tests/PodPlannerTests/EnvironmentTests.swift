import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct EnvironmentTests {
    static let configMaps = [
        ConfigMap(metadata: ObjectMeta(name: "c"), data: ["A": "1", "B": "2", "dotted.key": "3"]),
        ConfigMap(metadata: ObjectMeta(name: "d"), data: ["A": "d"]),
        ConfigMap(metadata: ObjectMeta(name: "other", namespace: "elsewhere"), data: ["A": "x"]),
    ]
    static let secrets = [
        Secret(metadata: ObjectMeta(name: "s"), data: ["TOKEN": Array("t0p".utf8)]),
        Secret(metadata: ObjectMeta(name: "binary"), data: ["RAW": [0xff, 0xfe], "NUL": [0x61, 0]]),
    ]

    func environment(_ change: (inout Container) -> Void) throws -> [String] {
        try PodPlanner.plain.app(pod(with: change), configMaps: Self.configMaps, secrets: Self.secrets).ownEnvironment
    }

    func errors(_ change: (inout Container) -> Void) -> [String] {
        PodPlanner.plain.errors(pod(with: change), configMaps: Self.configMaps, secrets: Self.secrets)
    }

    static let defaults = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=demo", "HOME=/root",
    ]

    @Test func nothingButTheDefaults() throws {
        #expect(try environment { _ in } == Self.defaults)
    }

    @Test(
        arguments: [(nil, "HOME=/root"), (0, "HOME=/root"), (1000, "HOME=/home/git"), (4000, "HOME=/")]
            as [(Int64?, String)])
    func home(_ user: Int64?, _ expected: String) throws {
        #expect(try environment { $0.securityContext.runAsUser = user }.contains(expected))
    }

    @Test func theManifestReplacesDefaults() throws {
        let list = try environment {
            $0.env = [EnvVar(name: "PATH", source: .value("/bin")), EnvVar(name: "HOME", source: .value("/x\ny"))]
        }
        #expect(list == ["HOSTNAME=demo", "PATH=/bin", "HOME=/x\ny"])
    }

    @Test func envFromThenEnv() throws {
        let list = try environment {
            $0.envFrom = [
                EnvFromSource(source: .configMap(name: "c", optional: false)),
                EnvFromSource(source: .configMap(name: "d", optional: false)),
                EnvFromSource(prefix: "S_", source: .secret(name: "s", optional: false)),
                EnvFromSource(source: .configMap(name: "none", optional: true)),
                EnvFromSource(source: .secret(name: "none", optional: true)),
            ]
            $0.env = [EnvVar(name: "B", source: .value("$(A)-$(S_TOKEN)"))]
        }
        #expect(list.dropFirst(3) == ["A=d", "B=d-t0p", "dotted.key=3", "S_TOKEN=t0p"])
    }

    @Test func keysThatAreNoNamesAreSkippedWithANote() throws {
        let planned = try PodPlanner.plain.plan(
            pod: pod(with: { $0.envFrom = [EnvFromSource(source: .configMap(name: "odd", optional: false))] }),
            configMaps: [ConfigMap(metadata: ObjectMeta(name: "odd"), data: ["A=B": "1", "é": "2", "ok": "3"])],
            uid: "u"
        )
        #expect(planned.plan.containers[0].ownEnvironment.dropFirst(3) == ["ok=3"])
        #expect(
            planned.notes == [
                PlanNote(
                    FieldPath("spec", "containers").index(0).field("envFrom").index(0),
                    "keys [A=B, é] of ConfigMap odd were skipped: they are no names for variables"
                )
            ]
        )
    }

    @Test(arguments: [
        ("plain", "plain"), ("$(A)", "1"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"), ("$(A", "$(A"), ("$A", "$A"),
        ("a$", "a$"),
        ("$(NONE)", "$(NONE)"), ("$(LATER)", "$(LATER)"), ("$(A)$(A)", "11"), ("$()", "$()"), ("$($(A))", "$($(A))"),
        ("é$(A)ü", "é1ü"), ("$(HOSTNAME)", "$(HOSTNAME)"), ("$(E)", ""),
    ])
    func expansion(_ text: String, _ expected: String) throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.env = [
                    EnvVar(name: "A", source: .value("1")), EnvVar(name: "E", source: .value("")),
                    EnvVar(name: "X", source: .value(text)), EnvVar(name: "LATER", source: .value("z")),
                ]
            })
        )
        #expect(app.environment.contains("X=\(expected)"))
    }

    @Test func commandAndArgsSeeEveryDeclaredVariable() throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.command = ["$(A)", "$$(A)", "$(NONE)"]
                $0.args = ["$(LATER)", "$(PATH)"]
                $0.env = [EnvVar(name: "A", source: .value("1")), EnvVar(name: "LATER", source: .value("$(A)2"))]
            })
        )
        #expect(app.argv == ["1", "$(A)", "$(NONE)", "12", "$(PATH)"])
    }

    static let fields: [(String, String)] = [
        ("metadata.name", "demo"), ("metadata.namespace", "default"), ("metadata.uid", "u-1"),
        ("metadata.labels['app']", "web"), ("metadata.labels['none']", ""), ("metadata.annotations['note']", "a b"),
        ("spec.nodeName", "box"), ("spec.serviceAccountName", "default"), ("status.hostIP", "192.0.2.7"),
        ("status.hostIPs", "192.0.2.7,2001:db8::7"), ("status.podIP", "127.0.0.1"), ("status.podIPs", "127.0.0.1"),
    ]

    @Test(arguments: fields)
    func fieldRef(_ field: String, _ expected: String) throws {
        #expect(try environment { $0.env = [EnvVar(name: "F", source: .field(field))] }.last == "F=\(expected)")
    }

    @Test func fieldRefOnTheHostNetwork() throws {
        let app = try PodPlanner.plain.app(
            pod {
                $0.spec.hostNetwork = true
                $0.spec.containers[0].env = ["status.podIP", "status.podIPs"].map {
                    EnvVar(name: $0, source: .field($0))
                }
            }
        )
        #expect(app.environment.suffix(2) == ["status.podIP=192.0.2.7", "status.podIPs=192.0.2.7,2001:db8::7"])
        #expect(app.environment.contains("HOSTNAME=Box"))
    }

    @Test func keys() throws {
        let list = try environment {
            $0.env = [
                EnvVar(name: "X", source: .configMapKey(name: "c", key: "B", optional: false)),
                EnvVar(name: "Y", source: .secretKey(name: "s", key: "TOKEN", optional: false)),
                EnvVar(name: "Z", source: .secretKey(name: "s", key: "none", optional: true)),
                EnvVar(name: "W", source: .configMapKey(name: "none", key: "B", optional: true)),
            ]
        }
        #expect(list.dropFirst(3) == ["X=2", "Y=t0p"])
    }

    @Test func whatIsMissingIsNamedAllAtOnce() {
        let list = errors {
            $0.env = [
                EnvVar(name: "A", source: .configMapKey(name: "c", key: "none", optional: false)),
                EnvVar(name: "B", source: .secretKey(name: "s", key: "none", optional: false)),
                EnvVar(name: "C", source: .configMapKey(name: "other", key: "A", optional: false)),
                EnvVar(name: "D", source: .secretKey(name: "none", key: "A", optional: false)),
                EnvVar(name: "E", source: .field("status.phase")),
            ]
            $0.envFrom = [
                EnvFromSource(source: .configMap(name: "none", optional: false)),
                EnvFromSource(source: .secret(name: "none", optional: false)),
            ]
        }
        let container = "CreateContainerConfigError spec.containers[0]"
        #expect(
            list == [
                "\(container).envFrom[0].configMapRef.name: configmap \"none\" not found",
                "\(container).envFrom[1].secretRef.name: secret \"none\" not found",
                "\(container).env[0].valueFrom.configMapKeyRef.key: couldn't find key none in ConfigMap default/c",
                "\(container).env[1].valueFrom.secretKeyRef.key: couldn't find key none in Secret default/s",
                "\(container).env[2].valueFrom.configMapKeyRef.name: configmap \"other\" not found",
                "\(container).env[3].valueFrom.secretKeyRef.name: secret \"none\" not found",
                "\(container).env[4].valueFrom.fieldRef.fieldPath: no field \"status.phase\" that a variable could have",
            ]
        )
    }

    @Test func bytesThatNoVariableCanHave() {
        #expect(
            errors { $0.env = [EnvVar(name: "A", source: .secretKey(name: "binary", key: "RAW", optional: false))] }
                == [
                    "CreateContainerConfigError spec.containers[0].env[0].valueFrom.secretKeyRef.key: the value of key RAW in Secret "
                        + "binary is not UTF-8, so no variable can have it: mount it as a file"
                ]
        )
        #expect(
            errors { $0.env = [EnvVar(name: "A", source: .secretKey(name: "binary", key: "NUL", optional: false))] }
                == [
                    "CreateContainerConfigError spec.containers[0].env: the value of A has a NUL byte"
                ]
        )
    }

    @Test func containersDoNotShareVariables() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.containers = [
                    container("a") { $0.env = [EnvVar(name: "ONLY_A", source: .value("1"))] },
                    container("b") { $0.env = [EnvVar(name: "B", source: .value("$(ONLY_A)"))] },
                ]
            }, uid: "u"
        ).plan
        #expect(plan.containers[1].ownEnvironment.dropFirst(3) == ["B=$(ONLY_A)"])
    }
}
