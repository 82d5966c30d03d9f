import PodAPI
import Testing

/// A pod that is valid, to be spoilt by a test.
func validPod(_ change: (inout Pod) -> Void = { _ in }) -> Pod {
    var container = Container()
    container.name = "app"
    container.image = "host:/"
    container.command = ["true"]
    var spec = PodSpec()
    spec.containers = [container]
    spec.volumes = [Volume(name: "work", source: .emptyDir(inMemory: false, sizeLimit: nil))]
    var pod = Pod(metadata: ObjectMeta(name: "demo"), spec: spec)
    change(&pod)
    return pod
}

func mount(_ name: String, _ path: String, subPath: String = "") -> VolumeMount {
    var mount = VolumeMount()
    mount.name = name
    mount.mountPath = path
    mount.subPath = subPath
    return mount
}

func port(
    _ container: Int, host: Int = 0, ip: String = "", name: String = "", _ transport: ContainerPort.`Protocol` = .tcp
) -> ContainerPort {
    var port = ContainerPort()
    port.containerPort = container
    port.hostPort = host
    port.hostIP = ip
    port.name = name
    port.protocol = transport
    return port
}

func container(_ name: String, sidecar: Bool = false, ports: [ContainerPort] = []) -> Container {
    var container = Container()
    container.name = name
    container.command = ["true"]
    container.isSidecar = sidecar
    container.ports = ports
    return container
}

/// One row of a table: a change to a valid pod, and the errors that a user then sees, as `path: message`.
struct PodCase: Sendable, CustomTestStringConvertible {
    var name: String
    var errors: [String]
    var change: @Sendable (inout Pod) -> Void

    init(_ name: String, _ errors: [String], _ change: @escaping @Sendable (inout Pod) -> Void) {
        self.name = name
        self.errors = errors
        self.change = change
    }

    var testDescription: String { name }
}
