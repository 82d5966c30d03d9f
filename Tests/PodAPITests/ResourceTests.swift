import PodAPI
import Testing

private func list(_ amounts: KeyValuePairs<String, String>) -> ResourceList {
    var list = ResourceList()
    for (name, text) in amounts { list[name] = Quantity(text) }
    return list
}

private func resources(
    limits: KeyValuePairs<String, String> = [:], requests: KeyValuePairs<String, String> = [:]
) -> ResourceRequirements {
    ResourceRequirements(limits: list(limits), requests: list(requests))
}

private func container(_ name: String, sidecar: Bool = false, _ resources: ResourceRequirements) -> Container {
    var container = container(name, sidecar: sidecar)
    container.resources = resources
    return container
}

@Suite struct ResourceTests {
    static let cases: [PodCase] = [
        PodCase("good", []) {
            $0.spec.containers[0].resources = resources(
                limits: ["cpu": "1", "memory": "1Gi", "example.com/gpu": "2", "hugepages-2Mi": "4Mi"],
                requests: ["cpu": "500m", "ephemeral-storage": "1Gi", "example.com/gpu": "2", "hugepages-2Mi": "4Mi"])
        },
        PodCase(
            "unknown name",
            [
                "spec.containers[0].resources.limits[memroy]: must be a standard resource for containers (did you mean \"memory\"?)"
            ]
        ) { $0.spec.containers[0].resources = resources(limits: ["memroy": "1Gi"]) },
        PodCase(
            "no qualified name",
            [
                "spec.containers[0].resources.limits[a/b/c]: a qualified name has at most one '/' between an optional DNS prefix "
                    + "and a name: \"a/b/c\""
            ]
        ) { $0.spec.containers[0].resources = resources(limits: ["a/b/c": "1"]) },
        PodCase(
            "in the domain of quotas",
            ["spec.containers[0].resources.limits[requests.a.b/c]: doesn't follow extended resource name standard"]
        ) { $0.spec.containers[0].resources = resources(limits: ["requests.a.b/c": "1"]) },
        PodCase(
            "negative",
            ["spec.containers[0].resources.limits[cpu]: -1: must be greater than or equal to 0"]
        ) { $0.spec.containers[0].resources = resources(limits: ["cpu": "-1"]) },
        PodCase(
            "request above the limit",
            ["spec.containers[0].resources.requests[cpu]: 2: must be less than or equal to cpu limit of 1500m"]
        ) { $0.spec.containers[0].resources = resources(limits: ["cpu": "1.5"], requests: ["cpu": "2"]) },
        PodCase(
            "a device that is requested without a limit",
            ["spec.containers[0].resources.requests[a.b/c]: limit must be set for non overcommitable resources"]
        ) { $0.spec.containers[0].resources = resources(requests: ["a.b/c": "1"]) },
        PodCase(
            "a request below the limit of a device",
            ["spec.containers[0].resources.requests[a.b/c]: 1: must be equal to a.b/c limit of 2"]
        ) { $0.spec.containers[0].resources = resources(limits: ["a.b/c": "2"], requests: ["a.b/c": "1"]) },
        PodCase(
            "half a device", ["spec.containers[0].resources.limits[a.b/c]: 500m: must be an integer"]
        ) { $0.spec.containers[0].resources = resources(limits: ["a.b/c": "0.5"]) },
        PodCase(
            "huge pages alone", ["spec.containers[0].resources: HugePages require cpu or memory"]
        ) { $0.spec.containers[0].resources = resources(limits: ["hugepages-2Mi": "2Mi"]) },
        PodCase(
            "half a huge page",
            [
                "spec.containers[0].resources.limits[hugepages-2Mi]: 3Mi is not positive integer multiple of hugepages-2Mi"
            ]
        ) { $0.spec.containers[0].resources = resources(limits: ["hugepages-2Mi": "3Mi", "cpu": "1"]) },
        PodCase(
            "huge pages of no size",
            ["spec.containers[0].resources.limits[hugepages-big]: must name the size of a page, such as hugepages-2Mi"]
        ) { $0.spec.containers[0].resources = resources(limits: ["hugepages-big": "2Mi", "cpu": "1"]) },
        PodCase(
            "storage of the pod as a whole",
            [
                "spec.resources.limits[ephemeral-storage]: unsupported value: \"ephemeral-storage\": supported values: \"cpu\", "
                    + "\"hugepages-\", \"memory\""
            ]
        ) { $0.spec.resources = resources(limits: ["ephemeral-storage": "1Gi"]) },
        PodCase(
            "containers that ask for more than the pod",
            [
                "spec.resources.requests[cpu]: 1: must be greater than or equal to aggregate container requests of 1500m",
                "spec.containers[0].resources.limits[memory]: 2Gi: must be less than or equal to pod limits of 1Gi",
            ]
        ) {
            $0.spec.resources = resources(limits: ["memory": "1Gi"], requests: ["cpu": "1"])
            $0.spec.containers[0].resources = resources(limits: ["memory": "2Gi"], requests: ["cpu": "1.5"])
        },
    ]

    @Test(arguments: cases) func validation(row: PodCase) {
        #expect(validPod(row.change).validate().map { "\($0.path): \($0.message)" } == row.errors)
    }

    /// KEP-753: a sidecar counts from its turn on, an init container for its own turn alone.
    @Test func theSumOfAPod() {
        var spec = PodSpec()
        spec.initContainers = [
            container("first", resources(requests: ["cpu": "3", "memory": "10Mi"])),
            container("side", sidecar: true, resources(requests: ["cpu": "1"])),
            container("second", resources(requests: ["cpu": "2500m"])),
        ]
        spec.containers = [
            container("a", resources(requests: ["cpu": "1", "memory": "4Mi"])),
            container("b", resources(requests: ["cpu": "1", "memory": "4Mi"])),
        ]
        #expect(spec.totalRequests == list(["cpu": "3500m", "memory": "10Mi"]))
        spec.initContainers[2].resources.requests["cpu"] = Quantity("1")
        #expect(spec.totalRequests == list(["cpu": "3", "memory": "10Mi"]))
        spec.resources.requests = list(["cpu": "8"])
        #expect(spec.totalRequests == list(["cpu": "8", "memory": "10Mi"]))
    }

    @Test func requestsThatAreLeftOut() {
        var spec = PodSpec()
        spec.containers = [container("a", resources(limits: ["cpu": "2", "memory": "1Gi"], requests: ["cpu": "1"]))]
        spec.setDefaultRequests()
        #expect(spec.containers[0].resources.requests == list(["cpu": "1", "memory": "1Gi"]))
        #expect(spec.resources.isEmpty)

        spec.containers[0].resources = resources(
            limits: ["hugepages-2Mi": "4Mi"], requests: ["cpu": "1", "hugepages-2Mi": "4Mi"])
        spec.resources = resources(limits: ["cpu": "4", "memory": "2Gi"])
        spec.setDefaultRequests()
        #expect(spec.resources.requests == list(["cpu": "1", "memory": "2Gi", "hugepages-2Mi": "4Mi"]))
        #expect(spec.resources.limits == list(["cpu": "4", "memory": "2Gi", "hugepages-2Mi": "4Mi"]))
    }

    static let classes: [(String, [ResourceRequirements], ResourceRequirements, QOSClass)] = [
        ("nothing", [resources()], resources(), .bestEffort),
        ("nothing that counts", [resources(limits: ["ephemeral-storage": "1Gi"])], resources(), .bestEffort),
        ("zero", [resources(limits: ["cpu": "0"], requests: ["cpu": "0"])], resources(), .bestEffort),
        ("a request", [resources(requests: ["memory": "1Mi"])], resources(), .burstable),
        (
            "both alike",
            [resources(limits: ["cpu": "1", "memory": "1Gi"], requests: ["cpu": "1000m", "memory": "1Gi"])],
            resources(), .guaranteed
        ),
        (
            "one container without",
            [resources(limits: ["cpu": "1", "memory": "1Gi"], requests: ["cpu": "1", "memory": "1Gi"]), resources()],
            resources(), .burstable
        ),
        ("cpu alone", [resources(limits: ["cpu": "1"], requests: ["cpu": "1"])], resources(), .burstable),
        (
            "lower requests",
            [resources(limits: ["cpu": "1", "memory": "1Gi"], requests: ["cpu": "1", "memory": "1Mi"])],
            resources(), .burstable
        ),
        (
            "the pod as a whole", [resources()],
            resources(limits: ["cpu": "1", "memory": "1Gi"], requests: ["cpu": "1", "memory": "1Gi"]), .guaranteed
        ),
        (
            "the pod as a whole, with lower requests",
            [resources(limits: ["cpu": "1", "memory": "1Gi"], requests: ["cpu": "1", "memory": "1Gi"])],
            resources(limits: ["cpu": "2", "memory": "1Gi"], requests: ["cpu": "1", "memory": "1Gi"]), .burstable
        ),
    ]

    @Test(arguments: classes)
    func qosClass(row: (String, [ResourceRequirements], ResourceRequirements, QOSClass)) {
        var spec = PodSpec()
        spec.containers = row.1.map { container("a", $0) }
        spec.resources = row.2
        #expect(spec.qosClass == row.3, "\(row.0)")
    }
}
