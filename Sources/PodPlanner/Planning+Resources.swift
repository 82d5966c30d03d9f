import PodAPI

extension Planning {
    /// What the scheduler asks of a node before anything else (NodeResourcesFit): that it could hold the pod at all.
    mutating func planResources() {
        let requests = pod.spec.totalRequests.filter { $0.value > Quantity(value: 0) }
        for (name, amount) in requests.sorted(by: { $0.key < $1.key }) {
            let available = node.allocatable[name]
            if let available, amount <= available { continue }
            let cause =
                available.map { "the pod requests \(amount), and this host has \($0)" }
                ?? (ResourceName.isHugePages(name)
                    ? "this host has no huge pages of that size" : "nothing on this host provides it; leave it out")
            fail(requestPath(name), .failedScheduling, "Insufficient \(name): \(cause)")
        }
    }

    /// Where the pod asks for it first.
    private func requestPath(_ name: String) -> FieldPath {
        let whole = FieldPath("spec").field("resources")
        for (resources, path) in [(pod.spec.resources, whole)]
            + allContainers.map({ ($0.container.resources, $0.path.field("resources")) })
        {
            // A request that was left out is the limit.
            if resources.limits[name] != nil { return path.field("limits").key(name) }
            if resources.requests[name] != nil { return path.field("requests").key(name) }
        }
        return whole
    }
}
