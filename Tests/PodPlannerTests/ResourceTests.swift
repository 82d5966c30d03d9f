import PodAPI
import PodPlanner
import Testing

@Suite struct NodeResourceTests {
    static let node = NodeResources(capacity: [
        "cpu": Quantity(value: 2), "memory": Quantity(value: 4 << 30), "hugepages-2Mi": Quantity(value: 1 << 30),
    ])

    @Test func hugePagesAreNoMemoryForOthers() {
        #expect(Self.node.allocatable["memory"] == Quantity("3Gi"))
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
