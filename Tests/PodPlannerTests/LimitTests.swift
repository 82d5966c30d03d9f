import PodAPI
import PodPlan
import PodPlanner
import Testing

private func list(_ amounts: KeyValuePairs<String, String>) -> ResourceList {
    var list = ResourceList()
    for (name, text) in amounts { list[name] = Quantity(text) }
    return list
}

private func container(
    _ name: String, requests: KeyValuePairs<String, String> = [:], limits: KeyValuePairs<String, String> = [:],
    sidecar: Bool = false
) -> Container {
    container(name) {
        $0.resources = ResourceRequirements(limits: list(limits), requests: list(requests))
        $0.isSidecar = sidecar
    }
}

/// Cgroup values by the kubelet's ResourceConfigForPod and generateLinuxContainerResources.
@Suite struct LimitTests {
    /// With room for whatever is asked for.
    private static func node(memory: Quantity) -> NodeResources {
        var amounts = ResourceList()
        for name in ["cpu", "memory", "hugepages-2Mi", "ephemeral-storage"] { amounts[name] = Quantity(value: 1 << 40) }
        return NodeResources(capacity: amounts.merging(["memory": memory]) { $1 }, allocatable: amounts)
    }

    private func plan(
        _ containers: Container..., initContainers: [Container] = [], whole: ResourceRequirements = .init(),
        pids: Int64 = 0, memory: String? = nil, change: (inout PodSpec) -> Void = { _ in }
    ) throws -> PodPlan {
        var host = box
        host.podPidsLimit = pids
        let node = Self.node(memory: memory.flatMap { Quantity($0) } ?? Quantity(value: 10_000))
        let pod = pod {
            $0.spec.containers = containers
            $0.spec.initContainers = initContainers
            $0.spec.resources = whole
            change(&$0.spec)
            $0.spec.setDefaultRequests()
        }
        return try PodPlanner(host: host, users: boxUsers, node: { node }).plan(pod: pod, uid: "u-1").plan
    }

    private func limits(_ change: (inout CgroupLimits) -> Void) -> CgroupLimits {
        var limits = CgroupLimits()
        change(&limits)
        return limits
    }

    @Test func aPodThatAsksForNothingHasNone() throws {
        let plan = try plan(container("a"))
        #expect(plan.resources == PodResources())
        #expect(plan.containers[0].resources == ContainerResources())
        #expect(!plan.hasCgroupLimits)
    }

    @Test func aGuaranteedPod() throws {
        let plan = try plan(
            container("a", limits: ["cpu": "700m", "memory": "2Ki"]),
            container("b", limits: ["cpu": "1", "memory": "1Ki"]))
        #expect(plan.resources.qosClass == .guaranteed)
        #expect(
            plan.resources.limits
                == limits {
                    $0.cpuShares = 1740
                    $0.cpuQuota = 170_000
                    $0.memory = 3072
                })
        #expect(
            plan.containers[0].resources.limits
                == limits {
                    $0.cpuShares = 716
                    $0.cpuQuota = 70_000
                    $0.memory = 2048
                    $0.killsTogether = true
                })
        #expect(plan.containers.map(\.resources.oomScoreAdjust) == [-997, -997])
    }

    /// One container without a limit: the pod has none, and its shares are those that are asked for.
    @Test func aBurstablePodIsLimitedWhereAllItsContainersAre() throws {
        let plan = try plan(
            container("a", requests: ["cpu": "100m"], limits: ["memory": "1Ki"]), container("b"),
            initContainers: [container("c", limits: ["cpu": "2", "memory": "1Ki"])])
        #expect(plan.resources.qosClass == .burstable)
        #expect(plan.resources.limits == limits { $0.cpuShares = 2048 })
        let shares = plan.containers.map { $0.resources.limits?.cpuShares ?? 0 }
        #expect(shares == [2048, 102, 2])
        #expect(plan.containers.map { $0.resources.limits?.memory ?? 0 } == [1024, 1024, 0])
        #expect(plan.containers.map { $0.resources.limits?.cpuQuota ?? 0 } == [200_000, 0, 0])
    }

    /// KEP-2837
    @Test func whatThePodAsAWholeHasIsItsContainersToo() throws {
        let plan = try plan(
            container("a", limits: ["cpu": "500m"]), container("b"),
            whole: ResourceRequirements(limits: list(["cpu": "2", "memory": "4Ki"])))
        #expect(plan.resources.qosClass == .burstable)
        #expect(
            plan.resources.limits
                == limits {
                    $0.cpuShares = 512
                    $0.cpuQuota = 200_000
                    $0.memory = 4096
                })
        #expect(plan.containers.map { $0.resources.limits?.cpuQuota ?? 0 } == [50_000, 200_000])
        #expect(plan.containers.map { $0.resources.limits?.memory ?? 0 } == [4096, 4096])
    }

    @Test func hugePagesAreForThoseWhoAskForThem() throws {
        let plan = try plan(container("a", limits: ["cpu": "1", "hugepages-2Mi": "4Mi"]), container("b"))
        let pages = { (bytes: UInt64) in [CgroupLimits.HugePages(pageSize: 2 << 20, limit: bytes)] }
        #expect(plan.resources.limits?.hugePages == pages(4 << 20))
        #expect(plan.containers.map { $0.resources.limits?.hugePages ?? [] } == [pages(4 << 20), pages(0)])
    }

    @Test func aLimitOfProcessesIsThePods() throws {
        let plan = try plan(container("a"), pids: 100)
        #expect(plan.resources.qosClass == .bestEffort)
        #expect(plan.resources.limits == limits { $0.pids = 100 })
        #expect(plan.containers[0].resources.limits == limits { $0.killsTogether = true })
    }

    static let quotas: [(String, UInt64, UInt64)] = [
        ("1m", 2, 1000), ("9m", 9, 1000), ("10m", 10, 1000), ("15m", 15, 1500), ("1", 1024, 100_000),
        ("2.5", 2560, 250_000), ("60", 61440, 6_000_000),
    ]

    @Test(arguments: quotas) func processorTime(limit: String, shares: UInt64, quota: UInt64) throws {
        let plan = try plan(container("a", limits: ["cpu": limit]))
        #expect(plan.resources.limits?.cpuShares == shares && plan.resources.limits?.cpuQuota == quota)
    }

    /// 10,000 bytes of memory: a request of 1 byte is worth a tenth of a point.
    static let scores: [(String, Int32)] = [
        ("1", 999), ("9", 999), ("10", 999), ("20", 998), ("5000", 500), ("9980", 3), ("10000", 3),
    ]

    @Test(arguments: scores) func outOfMemoryScores(request: String, score: Int32) throws {
        let plan = try plan(container("a", requests: ["memory": request]), memory: "10000")
        #expect(plan.containers[0].resources.oomScoreAdjust == score)
    }

    @Test func aSidecarIsNotEndedBeforeItsContainers() throws {
        let plan = try plan(
            container("a", requests: ["memory": "5000"]), container("b", requests: ["memory": "2000"]),
            initContainers: [
                container("s", requests: ["memory": "100"], sidecar: true),
                container("t", requests: ["memory": "2500"], sidecar: true),
                container("i", requests: ["memory": "100"]),
            ], memory: "10000")
        #expect(plan.containers.map(\.resources.oomScoreAdjust) == [800, 750, 990, 500, 800])
    }

    @Test func whatThePodRequestsBeyondItsContainersIsShared() throws {
        let plan = try plan(
            container("a", requests: ["memory": "1000"]), container("b"),
            whole: ResourceRequirements(requests: list(["memory": "3000"])), memory: "10000")
        #expect(plan.containers.map(\.resources.oomScoreAdjust) == [800, 900])
    }

    @Test func limitsOfDisk() throws {
        let plan = try plan(
            container("a", limits: ["ephemeral-storage": "1Gi"]), container("b"),
            initContainers: [container("i", limits: ["ephemeral-storage": "3Gi"])]
        ) { spec in
            spec.volumes = [
                Volume(name: "memory", source: .emptyDir(EmptyDir(medium: .memory, sizeLimit: Quantity("1Mi")))),
                Volume(name: "free", source: .emptyDir(EmptyDir())),
                Volume(name: "disk", source: .emptyDir(EmptyDir(sizeLimit: Quantity("10Mi")))),
            ]
            spec.containers[0].volumeMounts = ["memory", "free", "disk"].map { mount($0, "/" + $0) }
        }
        let storage = plan.resources.storage
        #expect(storage.volumes == [.init(index: 2, bytes: 10 << 20, quantity: "10Mi")])
        #expect(storage.pod == .init(bytes: 3 << 30, quantity: "3Gi"))
        #expect(storage.containers == [.init(index: 1, bytes: 1 << 30, quantity: "1Gi")])
        #expect(plan.resources.qosClass == .bestEffort && plan.resources.limits == nil)
    }

    @Test func memoryVolumesAreNoLargerThanThePodsMemory() throws {
        let plan = try plan(container("a", limits: ["memory": "8Ki"])) { spec in
            spec.volumes = [
                Volume(name: "a", source: .emptyDir(EmptyDir(medium: .memory))),
                Volume(name: "b", source: .emptyDir(EmptyDir(medium: .memory, sizeLimit: Quantity("4Ki")))),
                Volume(name: "c", source: .emptyDir(EmptyDir(medium: .memory, sizeLimit: Quantity("16Ki")))),
            ]
            spec.containers[0].volumeMounts = ["a", "b", "c"].map { mount($0, "/" + $0) }
        }
        #expect(plan.volumes.map(\.source) == [.memory(size: 8192), .memory(size: 4096), .memory(size: 8192)])
    }

    @Test(arguments: [
        (["SYS_ADMIN"], false, true), (["MKNOD"], false, false), ([], true, false), (["ALL"], false, true),
    ])
    func devicesAreRestrictedWhereMountsCouldBeUndone(
        added: [String], privileged: Bool, restricts: Bool
    ) throws {
        let own = container("a") {
            $0.securityContext.addCapabilities = added
            $0.securityContext.privileged = privileged
        }
        #expect(try plan(own).containers[0].resources.restrictsDevices == restricts)
    }
}
