import PodAPI
import Testing

@Suite struct VolumeMountValidationTests {
    static func mount(_ change: @escaping @Sendable (inout VolumeMount) -> Void) -> @Sendable (inout Pod) -> Void {
        { pod in
            var mount = PodAPITests.mount("work", "/a")
            change(&mount)
            pod.spec.containers[0].volumeMounts = [mount]
        }
    }

    static let path = "spec.containers[0].volumeMounts[0]"

    static let cases: [PodCase] = [
        PodCase("subPathExpr", [], mount { $0.subPathExpr = "$(A)/b" }),
        PodCase(
            "subPathExpr and subPath", ["\(path).subPathExpr: subPathExpr and subPath are mutually exclusive"],
            mount { ($0.subPath, $0.subPathExpr) = ("a", "b") }
        ),
        PodCase(
            "absolute subPathExpr", ["\(path).subPathExpr: must be a relative path: \"/$(A)\""],
            mount { $0.subPathExpr = "/$(A)" }
        ),
        PodCase(
            "subPathExpr upwards", ["\(path).subPathExpr: must not contain '..': \"$(A)/..\""],
            mount { $0.subPathExpr = "$(A)/.." }
        ),
        PodCase("HostToContainer", [], mount { $0.mountPropagation = .hostToContainer }),
        PodCase(
            "Bidirectional without privileges",
            [
                "\(path).mountPropagation: Bidirectional mount propagation is available only to privileged containers"
            ],
            mount { $0.mountPropagation = .bidirectional }
        ),
        PodCase("Bidirectional", []) {
            mount { $0.mountPropagation = .bidirectional }(&$0)
            $0.spec.containers[0].securityContext.privileged = true
        },
        PodCase("recursiveReadOnly Disabled", [], mount { $0.recursiveReadOnly = .disabled }),
        PodCase("recursiveReadOnly", [], mount { ($0.recursiveReadOnly, $0.readOnly) = (.ifPossible, true) }),
        PodCase(
            "recursiveReadOnly of what is writable",
            ["\(path).recursiveReadOnly: may only be specified when readOnly is true"],
            mount { $0.recursiveReadOnly = .ifPossible }
        ),
        PodCase(
            "recursiveReadOnly with propagation",
            [
                "\(path).recursiveReadOnly: may only be specified when mountPropagation is None or not specified"
            ],
            mount { ($0.recursiveReadOnly, $0.readOnly, $0.mountPropagation) = (.enabled, true, .hostToContainer) }
        ),
        PodCase("bindMountOptions", [], mount { $0.bindMountOptions = ["noexec", "nodev", "nosuid"] }),
        PodCase(
            "bindMountOptions that are not known",
            [
                "\(path).bindMountOptions[0]: unsupported value: \"noexe\" (did you mean \"noexec\"?): supported values: noexec, "
                    + "nodev, nosuid",
                "\(path).bindMountOptions[2]: duplicate value: \"nodev\"",
            ],
            mount { $0.bindMountOptions = ["noexe", "nodev", "nodev"] }
        ),
        PodCase("emptyDir with a mode", []) {
            $0.spec.volumes = [Volume(name: "work", source: .emptyDir(EmptyDir(mode: 0o1777)))]
        },
        PodCase(
            "emptyDir with set-ID bits",
            [
                "spec.volumes[0].emptyDir.mode: must be a number between 0 and 01777 (octal), both inclusive: 02777"
            ]
        ) {
            $0.spec.volumes = [Volume(name: "work", source: .emptyDir(EmptyDir(mode: 0o2777)))]
        },
        PodCase("fsGroup", []) { $0.spec.securityContext.fsGroup = 0 },
        PodCase(
            "fsGroup out of range",
            ["spec.securityContext.fsGroup: must be between 0 and 2147483647, inclusive: 2147483648"]
        ) { $0.spec.securityContext.fsGroup = 1 << 31 },
    ]

    @Test(arguments: cases)
    func errors(_ row: PodCase) {
        var pod = validPod()
        row.change(&pod)
        #expect(pod.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }

    @Test(arguments: [
        ("", EmptyDir.Medium.disk), ("Memory", .memory), ("HugePages", .hugePages(size: nil)),
        ("HugePages-2Mi", .hugePages(size: 2 << 20)), ("HugePages-1Gi", .hugePages(size: 1 << 30)),
        ("HugePages-", nil), ("HugePages-x", nil), ("HugePages--1", nil), ("memory", nil), ("Disk", nil),
    ])
    func media(_ text: String, _ expected: EmptyDir.Medium?) {
        #expect(EmptyDir.Medium(text) == expected)
    }
}
