import PodAPI

/// The host ports of the pods of one run. Two pods that want one would go to two nodes of a cluster; here there is one host.
struct HostPortTable {
    private var taken: [(pod: String, port: ContainerPort)] = []

    /// An error for each port of `pod` that an earlier one has.
    mutating func add(_ pod: Pod) -> [FieldError] {
        var errors: [FieldError] = []
        let lists = [("initContainers", pod.spec.initContainers), ("containers", pod.spec.containers)]
        let earlier = taken
        for (list, containers) in lists {
            for (index, container) in containers.enumerated() {
                for (number, port) in container.ports.enumerated() where port.hostPort != 0 {
                    taken.append((pod.metadata.name, port))
                    guard let other = earlier.first(where: { Self.clash($0.port, port) }) else { continue }
                    let path = FieldPath("spec", list).index(index).field("ports").index(number).field("hostPort")
                    errors.append(
                        FieldError(path, "\(port.hostPort)/\(port.protocol.rawValue) is pod \"\(other.pod)\"'s already")
                    )
                }
            }
        }
        return errors
    }

    /// As in the scheduler (pkg/scheduler/framework/types.go, HostPortInfo): an address clashes with itself and with all.
    private static func clash(_ one: ContainerPort, _ other: ContainerPort) -> Bool {
        let all = ["", "0.0.0.0", "::"]
        return one.protocol == other.protocol && one.hostPort == other.hostPort
            && (one.hostIP == other.hostIP || all.contains(one.hostIP) || all.contains(other.hostIP))
    }
}
