import PodAPI
import PodPlan
import PodPlanner
import Storage

let box = HostFacts(
    hostname: "Box", architecture: "amd64", addresses: ["192.0.2.7", "2001:db8::7"],
    hostsFile: "127.0.0.1 localhost\n192.0.2.7 box\n",
    resolvConf:
        "# local\nnameserver 192.0.2.53\nsearch old.example\nsearch example.com. corp.example.com\noptions ndots:1 rotate\n"
)

func boxUsers(of root: ContainerPlan.RootFS) throws(UserDatabase.Failure) -> UserDatabase {
    guard root == .host else { return UserDatabase() }
    return try UserDatabase(
        passwd: Array(
            """
            root:x:0:0:root:/root:/bin/sh
            git:x:1000:1001:Git,,,:/home/git:/bin/sh

            """.utf8
        ),
        group: Array("root:x:0:\nusers:x:50000:other,git\nadm:x:4:git\nstaff:x:50:other\n".utf8)
    )
}

func container(_ name: String = "app", _ change: (inout Container) -> Void = { _ in }) -> Container {
    var container = Container()
    container.name = name
    container.command = ["true"]
    change(&container)
    return container
}

func pod(_ change: (inout Pod) -> Void = { _ in }) -> Pod {
    var spec = PodSpec()
    spec.containers = [container()]
    var pod = Pod(metadata: ObjectMeta(name: "demo", labels: ["app": "web"], annotations: ["note": "a b"]), spec: spec)
    change(&pod)
    return pod
}

/// A pod of one container.
func pod(with change: (inout Container) -> Void) -> Pod {
    pod { $0.spec.containers = [container("app", change)] }
}

func mount(_ name: String, _ path: String, subPath: String = "", readOnly: Bool = false) -> VolumeMount {
    var mount = VolumeMount()
    mount.name = name
    mount.mountPath = path
    mount.subPath = subPath
    mount.readOnly = readOnly
    return mount
}

extension PodPlanner {
    static var plain: PodPlanner { PodPlanner(host: box, users: boxUsers) }
    static var rootFSHost: PodPlanner { PodPlanner(host: box, rootFSOverride: .host, users: boxUsers) }

    /// The errors as a user sees them, with the reason in front.
    func errors(
        _ pod: Pod, configMaps: [ConfigMap] = [], secrets: [Secret] = [], bindings: Bindings = Bindings(),
        uid: String = "u-1"
    ) -> [String] {
        do throws(PlanErrors) {
            _ = try plan(pod: pod, configMaps: configMaps, secrets: secrets, bindings: bindings, uid: uid)
            return []
        } catch {
            return error.errors.map { "\($0.reason.rawValue) \($0.path): \($0.message)" }
        }
    }

    func app(_ pod: Pod, configMaps: [ConfigMap] = [], secrets: [Secret] = []) throws -> ContainerPlan {
        let plan = try plan(pod: pod, configMaps: configMaps, secrets: secrets, uid: "u-1").plan
        return plan.containers[plan.containers.count - 1]
    }
}

extension ContainerPlan {
    /// Without the variables of the `kubernetes` Service, which every container has.
    var ownEnvironment: [String] { environment.filter { !$0.hasPrefix("KUBERNETES_") } }
}
