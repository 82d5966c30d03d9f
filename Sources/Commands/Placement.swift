import Linux
import PodAPI
import PodManifest
import PodPlanner

/// Whether the pods of a `run` may start here: the node's file, what runs already, and the scheduler.
struct Placement {
    private let roots: Roots
    /// `--node FILE`
    private let file: String?
    private let host: HostFacts
    private(set) var node: Node
    private let capacity: @Sendable () -> ResourceList
    private(set) var errors: [Diagnostic] = []

    /// Fills the node's name and labels into `host`.
    init(_ roots: Roots, file: String?, host: inout HostFacts) {
        self.roots = roots
        self.file = file
        let stateRoot = host.stateRoot
        capacity = { NodeResources.gather(stateRoot: stateRoot).allocatable }
        let read = NodeFile(path: file ?? roots.node, isOptional: file == nil)
        errors = read.errors
        if let node = read.node {
            if !node.name.isEmpty { host.nodeName = node.name }
            host.labels = node.labels
        }
        self.host = host
        node = Self.complete(read.node, host)
    }

    private static func complete(_ node: Node?, _ host: HostFacts) -> Node {
        var node = node ?? Node(name: host.nodeName)
        if node.name.isEmpty { node.name = host.nodeName }
        var builtin = host
        builtin.labels = [:]
        node.labels.merge(builtin.nodeLabels) { mine, _ in mine }
        return node
    }

    /// The file that says what the node is, which may not be there.
    var path: String { file ?? roots.node }

    /// A verdict for each pod, in order: those that come first take their place first.
    ///
    /// - Parameter running: The pods of this command that have their place, started or not.
    func schedule(_ pods: [Pod], beside running: [Pod] = []) -> [Scheduler.Verdict] {
        let dependent = pods.contains(where: Scheduler.dependsOnOthers)
        let others =
            dependent ? ScheduledPod.running(roots.run, except: Set(running.map(\.metadata.uid))) : []
        var scheduler = Scheduler(
            node: node, pods: running.map(ScheduledPod.init) + others, allocatable: capacity)
        return pods.map { pod in
            let verdict = scheduler.schedule(pod)
            if verdict == .scheduled { scheduler.pods.append(ScheduledPod(pod)) }
            return verdict
        }
    }

    /// Reads the file again; the node stays as it was where the file has errors.
    mutating func refresh() {
        let read = NodeFile(path: path, isOptional: true)
        errors = read.errors
        if read.errors.isEmpty { node = Self.complete(read.node, host) }
    }

    /// What the verdict means for the user; nil: the pod starts.
    func line(_ pod: Pod, _ verdict: Scheduler.Verdict) -> String? {
        let name = "pod \"\(TerminalText.escaped(pod.metadata.name))\""
        switch verdict {
        case .scheduled: return nil
        case .pending("SchedulingGated", let message): return "\(name): SchedulingGated: \(message)"
        case .pending(_, let message): return "\(name): FailedScheduling: \(message)"
        case .elsewhere(let other):
            return "\(name): Pending: nodeName is \"\(TerminalText.escaped(other))\", and this node is "
                + "\"\(TerminalText.escaped(node.name))\", which leaves it alone"
        case .rejected(let reason, let message): return "\(name): Failed: \(reason): \(message)"
        }
    }

    /// `status` of a pod that was not started.
    static func status(_ pod: Pod, _ verdict: Scheduler.Verdict) -> String {
        var condition: [(key: String, json: String)] = [("type", "\"PodScheduled\"")]
        var members: [(key: String, json: String)] = []
        switch verdict {
        case .scheduled, .elsewhere:
            members = [("phase", "\"Pending\"")]
            condition.append(("status", "\"True\""))
        case .pending(let reason, let message):
            members = [("phase", "\"Pending\"")]
            condition.append(("status", "\"False\""))
            condition.append(("reason", JSONText.string(reason)))
            condition.append(("message", JSONText.string(message)))
        case .rejected(let reason, let message):
            members = [
                ("phase", "\"Failed\""), ("reason", JSONText.string(reason)), ("message", JSONText.string(message)),
            ]
            condition.append(("status", "\"True\""))
        }
        members.append(("conditions", "[" + JSONText.object(condition) + "]"))
        members.append(("qosClass", JSONText.string(pod.spec.qosClass.rawValue)))
        return JSONText.object(members)
    }
}
