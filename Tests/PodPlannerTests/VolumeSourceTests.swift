import PodAPI
import PodPlan
import PodPlanner
import Storage
import Testing

/// Memory, huge pages, images, ephemeral volumes and block devices.
@Suite struct VolumeSourceTests {
    private static func planner(memory: Int64 = 1 << 30) -> PodPlanner {
        var planner = PodPlanner(
            host: box,
            imageMap: ImageMap([ImageMap.Entry(name: "quay.io/a/artifact", root: .directory("/srv/artifact"))]),
            users: boxUsers,
            node: {
                let resources: ResourceList = [
                    "memory": Quantity(value: memory), "hugepages-2Mi": Quantity(value: 1 << 31),
                    "hugepages-1Gi": Quantity(value: 1 << 31),
                ]
                return NodeResources(capacity: resources, allocatable: resources)
            })
        planner.rootFSOverride = .host
        return planner
    }

    private func pod(_ source: Volume.Source, _ change: (inout Pod) -> Void = { _ in }) -> Pod {
        PodPlannerTests.pod { pod in
            pod.spec.volumes = [Volume(name: "v", source: source)]
            pod.spec.containers[0].volumeMounts = [mount("v", "/v")]
            change(&pod)
        }
    }

    private func source(_ pod: Pod, _ bindings: Bindings = Bindings()) throws -> VolumePlan.Source? {
        try Self.planner().plan(pod: pod, bindings: bindings, uid: "u").plan.volumes.first?.source
    }

    // MARK: Memory

    /// sizeLimit, the containers' limits, the size of the tmpfs; 0: no limit.
    @Test(
        arguments: [
            (0, [0], 1 << 30), (4096, [0], 4096), (0, [8192], 8192), (4096, [8192], 4096), (16384, [8192], 8192),
            (0, [8192, 8192], 16384), (0, [8192, 0], 1 << 30), (0, [0, 0], 1 << 30),
        ] as [(Int64, [Int64], Int)])
    func memoryIsTheLeastOfItsLimits(_ limit: Int64, _ containers: [Int64], _ size: Int) throws {
        let pod = pod(.emptyDir(EmptyDir(medium: .memory, sizeLimit: limit == 0 ? nil : Quantity(value: limit)))) {
            $0.spec.containers = containers.enumerated().map { index, memory in
                container("c\(index)") {
                    if memory > 0 { $0.resources.limits["memory"] = Quantity(value: memory) }
                    $0.volumeMounts = [mount("v", "/v")]
                }
            }
        }
        #expect(try source(pod) == .memory(size: UInt64(size)))
    }

    // MARK: Huge pages

    private func hugePages(_ medium: String, _ requests: [[String]]) -> Pod {
        pod(.emptyDir(EmptyDir(medium: EmptyDir.Medium(medium) ?? .disk))) { pod in
            pod.spec.containers = requests.enumerated().map { index, names in
                container("c\(index)") {
                    for name in names { $0.resources.requests[name] = Quantity(value: 1 << 21) }
                    $0.volumeMounts = [mount("v", "/v")]
                }
            }
        }
    }

    @Test(
        arguments: [
            ("HugePages", [["hugepages-2Mi"]], 2 << 20), ("HugePages", [["memory"], ["hugepages-1Gi"]], 1 << 30),
            ("HugePages-2Mi", [["hugepages-2Mi", "hugepages-1Gi"]], 2 << 20),
            ("HugePages-1Gi", [["hugepages-2Mi"], ["hugepages-1Gi"]], 1 << 30),
        ] as [(String, [[String]], UInt64)])
    func hugePagesHaveTheSizeThatIsRequested(_ medium: String, _ requests: [[String]], _ size: UInt64) throws {
        #expect(try source(hugePages(medium, requests)) == .hugePages(pageSize: size, size: 0))
    }

    @Test(
        arguments: [
            (
                "HugePages", [["memory"]],
                "medium HugePages: hugePages storage requested, but there is no resource request for huge pages"
            ),
            (
                "HugePages-1Gi", [["hugepages-2Mi"]],
                "medium HugePages-1Gi: hugePages storage requested, but there is no resource request for huge pages"
            ),
            (
                "HugePages", [["hugepages-2Mi"], ["hugepages-1Gi"]],
                "medium: HugePages can't be used if container requests multiple huge page sizes"
            ),
        ] as [(String, [[String]], String)])
    func hugePagesThatCannotBe(_ medium: String, _ requests: [[String]], _ expected: String) {
        #expect(
            Self.planner().errors(hugePages(medium, requests)) == [
                "FailedMount spec.volumes[0].emptyDir.medium: \(expected)"
            ])
    }

    // MARK: image

    @Test(arguments: [
        ("host:/srv/data", "/srv/data"), ("host:/srv//data/.", "/srv/data"),
        ("quay.io/a/artifact:v2", "/srv/artifact"),
    ])
    func anImageVolumeIsADirectory(_ reference: String, _ path: String) throws {
        let plan = try Self.planner().plan(pod: pod(.image(reference: reference)), uid: "u").plan
        #expect(
            plan.volumes == [
                VolumePlan(name: "v", source: .directory(path: path), options: VolumeOptions(readOnly: true))
            ])
        #expect(
            plan.containers[0].mounts == [
                MountPlan(
                    volume: 0, mountPath: "/v", readOnly: true,
                    options: MountOptions(recursiveReadOnly: true, noExecution: true))
            ])
    }

    @Test(arguments: [
        ("quay.io/crio/artifact:v2", "ErrImageNeverPull"), ("host:/", "InvalidImageName"),
        ("host:relative", "InvalidImageName"), ("host:/srv/../etc", "InvalidImageName"),
        ("Not An Image", "InvalidImageName"),
    ])
    func anImageVolumeThatIsNone(_ reference: String, _ reason: String) {
        let errors = Self.planner().errors(pod(.image(reference: reference)))
        #expect(errors.count == 1 && errors[0].hasPrefix("\(reason) spec.volumes[0].image.reference: "), "\(errors)")
    }

    // MARK: ephemeral

    private static let template = VolumeClaimTemplate(
        claim: PersistentVolumeClaim(
            metadata: ObjectMeta(name: "", labels: ["a": "b"]), accessModes: [.readWriteOnce],
            request: Quantity(value: 1), storageClassName: "manual"))

    private static let volume = PersistentVolume(
        metadata: ObjectMeta(name: "pv"), capacity: Quantity(value: 10), accessModes: [.readWriteOnce],
        storageClassName: "manual", source: .local(path: "/srv"))

    private func bind(_ volumes: [PersistentVolume], _ claims: [PersistentVolumeClaim]) -> Bindings {
        Binder(nodeName: "box", nodeLabels: [:]).bind(volumes: volumes, claims: claims)
    }

    @Test func anEphemeralVolumeHasAClaimOfItsOwn() throws {
        let pod = pod(.ephemeral(Self.template))
        let claims = pod.ephemeralClaims
        #expect(claims.map(\.metadata.name) == ["demo-v"] && claims.map(\.owner) == ["demo"])
        #expect(claims[0].metadata.labels == ["a": "b"] && claims[0].metadata.namespace == "default")
        #expect(try source(pod, bind([Self.volume], claims)) == .directory(path: "/srv"))
    }

    @Test func anEphemeralVolumeThatNothingFitsLeavesThePodPending() {
        let pod = pod(.ephemeral(Self.template))
        #expect(
            Self.planner().errors(pod, bindings: bind([], pod.ephemeralClaims)) == [
                "FailedScheduling spec.volumes[0].ephemeral: persistentvolumeclaim \"demo-v\" is not bound: ProvisioningFailed: "
                    + "storageclass.storage.k8s.io \"manual\" not found"
            ])
    }

    @Test func aClaimThatIsNotThePodsIsInTheWay() {
        let pod = pod(.ephemeral(Self.template))
        var other = pod.ephemeralClaims[0]
        other.owner = nil
        #expect(
            Self.planner().errors(pod, bindings: bind([Self.volume], [other])) == [
                "FailedScheduling spec.volumes[0].ephemeral: PVC default/demo-v was not created for pod default/demo (pod is not "
                    + "owner): rename the claim, the pod or the volume"
            ])
    }

    // MARK: Block devices

    private func devicePod(_ claimReadOnly: Bool = false) -> Pod {
        pod(.persistentVolumeClaim(name: "pvc", readOnly: claimReadOnly)) {
            $0.spec.containers[0].volumeMounts = []
            $0.spec.containers[0].volumeDevices = [VolumeDevice(name: "v", devicePath: "/dev/xvda")]
        }
    }

    @Test(arguments: [
        PersistentVolume.Source.local(path: "/dev/loop7"), .hostPath(path: "/dev/loop7", type: .unset),
    ])
    func aBlockVolumeIsADevice(_ source: PersistentVolume.Source) throws {
        let plan = try Self.planner().plan(
            pod: devicePod(), bindings: VolumeTests.bound(source, mode: .block), uid: "u"
        ).plan
        #expect(plan.volumes.map(\.source) == [.hostPath(path: "/dev/loop7", type: .blockDevice)])
        #expect(
            plan.containers[0].mounts == [
                MountPlan(volume: 0, mountPath: "/dev/xvda", options: MountOptions(isDevice: true))
            ])
    }

    @Test func aDirectoryIsNoDevice() {
        #expect(
            Self.planner().errors(devicePod(), bindings: VolumeTests.bound(.local(path: "/srv"))) == [
                "FailedMount spec.containers[0].volumeDevices[0].name: volume \"v\" has volumeMode Filesystem, but is specified in "
                    + "volumeDevices"
            ])
    }
}
