import PodPlan

/// What a supervisor lets others know of its pod: `status.json` in the pod's state directory, JSON on one line.
///
///     {"version":1, "bootID":"…", "supervisor":PID, "ended":false, "terminating":false, "exitCode":0,
///      "status":{the pod's status, as Kubernetes has it},
///      "containers":[{"name":"web", "attempt":0, "pid":PID}, …]}
///
/// - `bootID`: the kernel's, of when it was written (`/proc/sys/kernel/random/boot_id`). Under another one nothing of the pod
///   runs, whatever the rest says.
/// - `ended`: the pod has ended for good; its supervisor leaves, and `exitCode` is the first failed container's, or 0.
/// - `terminating`: somebody has asked for its end (`metadata.deletionTimestamp` of a pod that is in no store).
/// - `containers`: those whose first process runs, with its pid on the host.
public struct StatusFile {
    public static let version: Int64 = 1

    public var bootID: String
    public var supervisor: Int32
    public var lifecycle: PodLifecycle
    public var status: PodStatus

    public init(bootID: String, supervisor: Int32, lifecycle: PodLifecycle, status: PodStatus) {
        self.bootID = bootID
        self.supervisor = supervisor
        self.lifecycle = lifecycle
        self.status = status
    }

    /// Whether a file's content says that the pod has ended for good.
    public static func saysEnded(_ bytes: [UInt8]) -> Bool {
        // It comes before all that anybody else had a word in.
        String(decoding: bytes.prefix(256), as: UTF8.self).contains("\"ended\":true")
    }

    public var text: String {
        let running = lifecycle.containers.compactMap { life -> JSON? in
            guard case .running(let process) = life.state else { return nil }
            return .object([
                .init("name", .string(life.spec.name)), .init("attempt", .number(Int64(life.attempt))),
                .init("pid", .number(Int64(process.pid))),
            ])
        }
        let file = JSON.object([
            .init("version", .number(Self.version)), .init("bootID", .string(bootID)),
            .init("supervisor", .number(Int64(supervisor))), .init("ended", .bool(lifecycle.isFinished)),
            .init("terminating", .bool(status.isTerminating)), .init("exitCode", .number(Int64(lifecycle.exitCode))),
            .init("status", status.value), .init("containers", .array(running)),
        ])
        return file.text + "\n"
    }
}
