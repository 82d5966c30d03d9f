import Glibc
import Linux
import PodAPI
import PodManifest
import PodPlanner

/// This host as an object of kind Node: what its file says, and what the kernel says.
enum NodeObject {
    static func make(_ roots: Roots) -> JSONValue {
        var facts = HostFacts.gather(roots)
        let node = Placement(roots, file: nil, host: &facts).node
        let resources = NodeResources.gather(stateRoot: roots.state)
        let allocatable = node.allocatable ?? resources.allocatable
        var name = utsname()
        uname(&name)
        var spec: [JSONValue.Member] = []
        if !node.taints.isEmpty {
            spec.append(
                .init(
                    "taints",
                    .array(
                        node.taints.map { taint in
                            .object(
                                [.init("effect", .string(taint.effect.rawValue)), .init("key", .string(taint.key))]
                                    + (taint.value.isEmpty ? [] : [.init("value", .string(taint.value))]))
                        })))
        }
        if node.unschedulable { spec.append(.init("unschedulable", .bool(true))) }
        return .object([
            .init("apiVersion", .string("v1")), .init("kind", .string("Node")),
            .init(
                "metadata",
                .object([
                    .init("creationTimestamp", .string(Timestamp.text(bootTime))),
                    .init("labels", JSONValue(node.labels)), .init("name", .string(node.name)),
                ])),
            .init("spec", .object(spec)),
            .init(
                "status",
                .object([
                    .init(
                        "addresses",
                        .array(
                            facts.addresses.map { address("InternalIP", $0) } + [address("Hostname", facts.hostname)])),
                    .init("allocatable", JSONValue(allocatable.mapValues { "\($0)" })),
                    .init("capacity", JSONValue(resources.capacity.mapValues { "\($0)" })),
                    .init("conditions", .array([ready])),
                    .init(
                        "nodeInfo",
                        JSONValue([
                            "architecture": facts.architecture, "bootID": kernelFile("random/boot_id"),
                            "containerRuntimeVersion": "swiftlet://\(SwiftletCommand.version)",
                            "kernelVersion": kernelFile("osrelease"), "kubeletVersion": "v\(SwiftletCommand.version)",
                            "operatingSystem": "linux", "osImage": systemName,
                        ])),
                ])),
        ])
    }

    /// Seconds since 1970.
    static var bootTime: Int64 { (Clock.wall - Clock.boot) / 1_000_000_000 }

    private static var ready: JSONValue {
        let now = Timestamp.text(Clock.wall / 1_000_000_000)
        return JSONValue([
            "type": "Ready", "status": "True", "reason": "KubeletReady", "message": "swiftlet needs no kubelet",
            "lastHeartbeatTime": now, "lastTransitionTime": Timestamp.text(bootTime),
        ])
    }

    private static func address(_ type: String, _ address: String) -> JSONValue {
        .object([.init("address", .string(address)), .init("type", .string(type))])
    }

    private static func kernelFile(_ name: String) -> String {
        let text = (try? String(contentsOfKernelFile: "/proc/sys/kernel/\(name)")) ?? ""
        return String(text.prefix { $0 != "\n" })
    }

    /// `PRETTY_NAME` of os-release(5).
    private static var systemName: String {
        let text = (try? String(contentsOfKernelFile: "/etc/os-release")) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { String($0.dropFirst(12).filter { $0 != "\"" }) } ?? "Linux"
    }
}
