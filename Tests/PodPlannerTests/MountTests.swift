import PodAPI
import PodPlan
import PodPlanner
import Testing

/// What volume mounts come down to.
@Suite struct MountTests {
    private static let configMaps: [ConfigMap] = [
        ConfigMap(metadata: ObjectMeta(name: "c"), data: ["dir": "from-map", "none": ""])
    ]

    private func pod(_ change: @escaping (inout VolumeMount) -> Void) -> Pod {
        PodPlannerTests.pod { pod in
            pod.spec.volumes = [Volume(name: "v", source: .emptyDir(EmptyDir()))]
            var mount = PodPlannerTests.mount("v", "/v")
            change(&mount)
            pod.spec.containers[0].volumeMounts = [mount]
            pod.spec.containers[0].securityContext.privileged = true
            pod.spec.containers[0].env = [
                EnvVar(name: "POD", source: .field("metadata.name")),
                EnvVar(name: "NOTE", source: .field("metadata.annotations['none']")),
                EnvVar(name: "DIR", source: .configMapKey(name: "c", key: "dir", optional: false)),
                EnvVar(name: "EMPTY", source: .value("")), EnvVar(name: "UP", source: .value("..")),
                EnvVar(name: "ABSOLUTE", source: .value("/tmp")), EnvVar(name: "BOTH", source: .value("$(POD).$(DIR)")),
            ]
        }
    }

    // MARK: subPathExpr

    @Test(arguments: [
        ("$(POD)", "demo"), ("a/$(POD)/$(DIR)", "a/demo/from-map"), ("$(BOTH)", "demo.from-map"), ("plain", "plain"),
        ("$$(POD)", "$(POD)"), ("$(POD)$(POD)", "demodemo"), ("a$(UP)b", "a..b"), ("`$(POD)`", "`demo`"),
    ])
    func subPathExpr(_ text: String, _ expected: String) throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod { $0.subPathExpr = text }, configMaps: Self.configMaps, uid: "u"
        ).plan
        #expect(plan.containers[0].mounts == [MountPlan(volume: 0, mountPath: "/v", subPath: expected)])
    }

    /// Variables of the image and the runtime are not the container's: the kubelet does not know them.
    @Test(arguments: [
        ("$(MISSING)/$(OTHER)/$(POD)", "missing value for MISSING, OTHER"), ("$(EMPTY)", "missing value for EMPTY"),
        ("$(NOTE)", "missing value for NOTE"), ("$(PATH)", "missing value for PATH"),
        ("$(ABSOLUTE)", "error SubPath `/tmp` must not be an absolute path"),
        ("$(UP)", "unable to provision SubPath `..`: must not contain '..'"),
        ("a/$(UP)/b", "unable to provision SubPath `a/../b`: must not contain '..'"),
    ])
    func subPathExprThatFails(_ text: String, _ expected: String) {
        #expect(
            PodPlanner.plain.errors(pod { $0.subPathExpr = text }, configMaps: Self.configMaps)
                == ["CreateContainerConfigError spec.containers[0].volumeMounts[0].subPathExpr: \(expected)"])
    }

    // MARK: Options

    static let optionCases: [(@Sendable (inout VolumeMount) -> Void, MountOptions)] = [
        ({ _ in }, MountOptions()),
        ({ $0.bindMountOptions = ["nosuid"] }, MountOptions()),
        (
            { $0.bindMountOptions = ["noexec", "nodev"] },
            MountOptions(noExecution: true, noDevices: true)
        ),
        ({ $0.mountPropagation = .hostToContainer }, MountOptions(propagation: .hostToContainer)),
        ({ $0.mountPropagation = .bidirectional }, MountOptions(propagation: .bidirectional)),
        ({ ($0.readOnly, $0.recursiveReadOnly) = (true, .enabled) }, MountOptions(recursiveReadOnly: true)),
        ({ ($0.readOnly, $0.recursiveReadOnly) = (true, .ifPossible) }, MountOptions(recursiveReadOnly: true)),
        ({ $0.readOnly = true }, MountOptions()),
    ]

    @Test(arguments: optionCases.indices)
    func options(_ index: Int) throws {
        let (change, expected) = Self.optionCases[index]
        let planned = try PodPlanner.plain.plan(pod: pod(change), configMaps: Self.configMaps, uid: "u").plan
        #expect(planned.containers[0].mounts.map(\.options) == [expected])
    }

    @Test func nothingIsMountedBelowWhatTheHostShares() {
        var pod = pod { $0.mountPropagation = .bidirectional }
        pod.spec.containers[0].volumeMounts.insert(mount("v", "/v/below"), at: 0)
        #expect(
            PodPlanner.plain.errors(pod, configMaps: Self.configMaps) == [
                "Refused spec.containers[0].volumeMounts: \"/v/below\" lies below \"/v\", whose mountPropagation is Bidirectional: "
                    + "it would be mounted on the host too; mount it elsewhere"
            ])
        pod.spec.containers[0].volumeMounts[0].mountPath = "/vbelow"
        #expect(PodPlanner.plain.errors(pod, configMaps: Self.configMaps) == [])
        pod.spec.containers[0].terminationMessagePath = "/v/log"
        #expect(PodPlanner.plain.errors(pod, configMaps: Self.configMaps).count == 1)
    }

    // MARK: fsGroup

    @Test func fsGroupIsAGroupOfEveryContainer() throws {
        let pod = PodPlannerTests.pod {
            $0.spec.securityContext.fsGroup = 2000
            $0.spec.securityContext.runAsUser = 1000
            $0.spec.securityContext.fsGroupChangePolicy = .onRootMismatch
            $0.spec.containers = [container("a"), container("b")]
        }
        let plan = try PodPlanner.plain.plan(pod: pod, uid: "u").plan
        #expect(plan.fsGroup == FileSystemGroup(gid: 2000, policy: .onRootMismatch))
        #expect(plan.containers.map(\.groups) == [[4, 1001, 2000, 50000], [4, 1001, 2000, 50000]])
        #expect(try PodPlanner.plain.plan(pod: PodPlannerTests.pod(), uid: "u").plan.fsGroup == nil)
    }

    @Test func anEmptyDirHasItsMode() throws {
        var pod = pod { _ in }
        pod.spec.volumes[0].source = .emptyDir(EmptyDir(medium: .memory, mode: 0o1770))
        let plan = try PodPlanner.plain.plan(pod: pod, configMaps: Self.configMaps, uid: "u").plan
        #expect(plan.volumes == [VolumePlan(name: "v", source: .memory(size: 0), options: VolumeOptions(mode: 0o1770))])
    }

    /// The kubelet leaves a claim's volume alone where the pod has said that it only reads.
    @Test func aClaimThatIsReadOnlyIsLeftAlone() throws {
        var pod = pod { _ in }
        pod.spec.volumes[0].source = .persistentVolumeClaim(name: "pvc", readOnly: true)
        let plan = try PodPlanner.plain.plan(
            pod: pod, configMaps: Self.configMaps, bindings: VolumeTests.bound(.local(path: "/srv")), uid: "u"
        ).plan
        #expect(plan.volumes.map(\.options) == [VolumeOptions(readOnly: true)])
    }
}
