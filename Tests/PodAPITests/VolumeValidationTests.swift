import PodAPI
import Testing

@Suite struct VolumeValidationTests {
    static func volume(_ source: Volume.Source) -> @Sendable (inout Pod) -> Void {
        { $0.spec.volumes = [Volume(name: "work", source: source)] }
    }

    static let volumes: [PodCase] = [
        PodCase("name twice", ["spec.volumes[1].name: duplicate value: \"work\""]) {
            $0.spec.volumes.append($0.spec.volumes[0])
        },
        PodCase("no name", ["spec.volumes[0].name: required value"]) { $0.spec.volumes[0].name = "" },
        PodCase(
            "negative sizeLimit", ["spec.volumes[0].emptyDir.sizeLimit: must be greater than or equal to 0"],
            volume(.emptyDir(inMemory: true, sizeLimit: Quantity(value: -1)))
        ),
        PodCase(
            "hostPath without a path", ["spec.volumes[0].hostPath.path: required value"],
            volume(.hostPath(path: "", type: .unset))
        ),
        PodCase(
            "relative hostPath", ["spec.volumes[0].hostPath.path: must be an absolute path: \"srv\""],
            volume(.hostPath(path: "srv", type: .unset))
        ),
        PodCase(
            "hostPath upwards", ["spec.volumes[0].hostPath.path: must not contain '..': \"/srv/../etc\""],
            volume(.hostPath(path: "/srv/../etc", type: .unset))
        ),
        PodCase("hostPath with two dots in a name", [], volume(.hostPath(path: "/srv/a..b", type: .unset))),
        PodCase(
            "configMap without a name", ["spec.volumes[0].configMap.name: required value"],
            volume(.configMap(name: "", items: nil, defaultMode: 0o644, optional: false))
        ),
        PodCase(
            "secret without a name", ["spec.volumes[0].secret.secretName: required value"],
            volume(.secret(name: "", items: nil, defaultMode: 0o644, optional: false))
        ),
        PodCase(
            "modes",
            [
                "spec.volumes[0].configMap.defaultMode: must be a number between 0 and 0777 (octal), both inclusive: 01000",
                "spec.volumes[0].configMap.items[0].mode: must be a number between 0 and 0777 (octal), both inclusive: 04755",
            ],
            volume(
                .configMap(
                    name: "c", items: [KeyToPath(key: "k", path: "p", mode: 0o4755)], defaultMode: 0o1000,
                    optional: false
                )
            )
        ),
        PodCase(
            "paths of items",
            [
                "spec.volumes[0].secret.items[0].key: required value",
                "spec.volumes[0].secret.items[0].path: required value",
                "spec.volumes[0].secret.items[1].path: must be a relative path: \"/p\"",
                "spec.volumes[0].secret.items[2].path: must not contain '..': \"a/../b\"",
                "spec.volumes[0].secret.items[3].path: must not start with '..': \"..data\"",
            ],
            volume(
                .secret(
                    name: "s",
                    items: [
                        KeyToPath(key: "", path: ""), KeyToPath(key: "k", path: "/p"),
                        KeyToPath(key: "k", path: "a/../b"),
                        KeyToPath(key: "k", path: "..data"), KeyToPath(key: "k", path: "a/..b"),
                    ], defaultMode: 0o644, optional: false
                )
            )
        ),
        PodCase(
            "claim without a name", ["spec.volumes[0].persistentVolumeClaim.claimName: required value"],
            volume(.persistentVolumeClaim(name: "", readOnly: false))
        ),
    ]

    static func mounts(_ mounts: VolumeMount...) -> @Sendable (inout Pod) -> Void {
        { $0.spec.containers[0].volumeMounts = mounts }
    }

    static let mountCases: [PodCase] = [
        PodCase("good", [], mounts(mount("work", "/a"), mount("work", "b", subPath: "x/y..z"))),
        PodCase(
            "a slip of the pen",
            ["spec.containers[0].volumeMounts[0].name: no volume named \"wrk\" (did you mean \"work\"?)"],
            mounts(mount("wrk", "/a"))
        ),
        PodCase(
            "an unknown volume", ["spec.containers[0].volumeMounts[0].name: no volume named \"database\""],
            mounts(mount("database", "/a"))
        ),
        PodCase("no name", ["spec.containers[0].volumeMounts[0].name: required value"], mounts(mount("", "/a"))),
        PodCase("no path", ["spec.containers[0].volumeMounts[0].mountPath: required value"], mounts(mount("work", ""))),
        PodCase(
            "a colon", ["spec.containers[0].volumeMounts[0].mountPath: must not contain ':': \"/a:b\""],
            mounts(mount("work", "/a:b"))
        ),
        PodCase(
            "a path twice", ["spec.containers[0].volumeMounts[1].mountPath: must be unique: \"/a\""],
            mounts(mount("work", "/a"), mount("work", "/a"))
        ),
        PodCase(
            "absolute subPath", ["spec.containers[0].volumeMounts[0].subPath: must be a relative path: \"/etc\""],
            mounts(mount("work", "/a", subPath: "/etc"))
        ),
        PodCase(
            "subPath upwards", ["spec.containers[0].volumeMounts[0].subPath: must not contain '..': \"a/../../b\""],
            mounts(mount("work", "/a", subPath: "a/../../b"))
        ),
    ]

    static let environment: [PodCase] = [
        PodCase("relaxed names", []) {
            $0.spec.containers[0].env = [
                EnvVar(name: "a.b-c 1!", source: .value("")), EnvVar(name: "1", source: .field("status.podIPs")),
                EnvVar(name: "L", source: .field("metadata.labels['example.com/app']")),
                EnvVar(name: "A", source: .field("metadata.annotations['Example.com/x']")),
            ]
        },
        PodCase(
            "names",
            [
                "spec.containers[0].env[0].name: required value",
                "spec.containers[0].env[1].name: a valid environment variable name must consist only of printable ASCII characters "
                    + "other than '=': \"A=B\"",
                "spec.containers[0].env[2].name: a valid environment variable name must consist only of printable ASCII characters "
                    + "other than '=': \"A\\nB\"",
            ]
        ) {
            $0.spec.containers[0].env = ["", "A=B", "A\nB"].map { EnvVar(name: $0, source: .value("x")) }
        },
        PodCase(
            "fields",
            [
                "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: unsupported value: \"metadata.nam\" (did you mean "
                    + "\"metadata.name\"?): supported values: metadata.name, metadata.namespace, metadata.uid, spec.nodeName, "
                    + "spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, "
                    + "metadata.labels['KEY'], metadata.annotations['KEY']",
                "spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: name part must be non-empty: \"\"",
            ]
        ) {
            $0.spec.containers[0].env = [
                EnvVar(name: "A", source: .field("metadata.nam")),
                EnvVar(name: "B", source: .field("metadata.labels['']")),
            ]
        },
        PodCase(
            "references",
            [
                "spec.containers[0].env[0].valueFrom.configMapKeyRef.name: required value",
                "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: must not be '..'",
                "spec.containers[0].env[1].valueFrom.secretKeyRef.key: required value",
                "spec.containers[0].envFrom[0].prefix: a valid environment variable name must consist only of printable ASCII "
                    + "characters other than '=': \"a=\"",
                "spec.containers[0].envFrom[0].configMapRef.name: required value",
                "spec.containers[0].envFrom[1].secretRef.name: required value",
            ]
        ) {
            $0.spec.containers[0].env = [
                EnvVar(name: "A", source: .configMapKey(name: "", key: "..", optional: false)),
                EnvVar(name: "B", source: .secretKey(name: "s", key: "", optional: false)),
            ]
            $0.spec.containers[0].envFrom = [
                EnvFromSource(prefix: "a=", source: .configMap(name: "", optional: false)),
                EnvFromSource(source: .secret(name: "", optional: false)),
            ]
        },
    ]

    @Test(arguments: volumes + mountCases + environment)
    func errors(_ row: PodCase) {
        var pod = validPod()
        row.change(&pod)
        #expect(pod.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }
}
