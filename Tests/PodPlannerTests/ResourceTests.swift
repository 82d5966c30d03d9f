import PodAPI
import PodPlanner
import Testing

@Suite struct NodeResourceTests {
    static let node = NodeResources(capacity: [
        "cpu": Quantity(value: 2), "memory": Quantity(value: 4 << 30), "hugepages-2Mi": Quantity(value: 1 << 30),
    ])

    private func errors(limits: ResourceList = [:], requests: ResourceList = [:]) -> [String] {
        let pod = pod { $0.resources = ResourceRequirements(limits: limits, requests: requests) }
        return PodPlanner(host: box, users: boxUsers, node: { Self.node }).errors(pod)
    }

    @Test func hugePagesAreNoMemoryForOthers() {
        #expect(Self.node.allocatable["memory"] == Quantity("3Gi"))
    }

    @Test func whatTheHostCanHold() {
        #expect(errors(requests: ["cpu": Quantity(value: 2), "memory": Quantity(value: 3 << 30)]) == [])
        #expect(errors(requests: ["example.com/gpu": Quantity(value: 0)]) == [])
    }

    @Test func moreThanTheHostHas() {
        #expect(
            errors(requests: ["cpu": Quantity(value: 2001, format: .decimalSI)]) == [
                "FailedScheduling spec.containers[0].resources.requests[cpu]: Insufficient cpu: the pod requests 2001, and this "
                    + "host has 2"
            ])
        let gpu: ResourceList = ["example.com/gpu": Quantity(value: 1), "hugepages-1Gi": Quantity(value: 1 << 30)]
        #expect(
            errors(limits: gpu, requests: gpu) == [
                "FailedScheduling spec.containers[0].resources.limits[example.com/gpu]: Insufficient example.com/gpu: nothing on "
                    + "this host provides it; leave it out",
                "FailedScheduling spec.containers[0].resources.limits[hugepages-1Gi]: Insufficient hugepages-1Gi: this host has no "
                    + "huge pages of that size",
            ])
    }

    @Test func aPodWithoutResourcesDoesNotAsk() throws {
        var asked = 0
        let planner = PodPlanner(
            host: box, users: boxUsers,
            node: {
                asked += 1; return Self.node
            })
        _ = try planner.app(pod())
        #expect(asked == 0)
    }
}
