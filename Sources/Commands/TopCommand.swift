import ArgumentParser
import Cgroups
import Glibc
import Linux
import PodAPI
import Printing

struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Show how much CPU and memory is used.",
        discussion: """
            CPU is measured for half a second. Memory is the working set, as of the kubelet: what is in use, without files that could \
            be dropped; where the host has no memory controller it is the sum of the processes' own pages.
            """,
        subcommands: [TopPodCommand.self, TopNodeCommand.self])

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case cpu, memory
    }

    /// Between the two looks at the CPU time.
    static let interval: Int64 = 500_000_000
}

struct TopPodCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod", abstract: "Show what pods use, or their containers.", aliases: ["pods", "po"])

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A pod; all where left out.", valueName: "pod"), completion: LiveNames.pods)
    var name: String?

    @Flag(help: "Show each container.")
    var containers = false

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp("Only pods with these labels.", valueName: "labels"))
    var selector: String?

    @Option(help: ArgumentHelp("Only pods with these fields: status.phase=Running.", valueName: "fields"))
    var fieldSelector: String?

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "In all namespaces.")
    var allNamespaces = false

    @Option(help: ArgumentHelp("The largest first: cpu or memory.", valueName: "cpu|memory"))
    var sortBy: TopCommand.Order?

    @Flag(help: "Leave the titles of the columns out.")
    var noHeaders = false

    @Flag(name: .customLong("sum"), help: "Show the sum in the last line.")
    var total = false

    func run() throws {
        let host = try Host.open(global)
        let pods = try pods(host)
        let layout = CgroupLayout()
        let names = pods.flatMap { pod in Self.containers(of: pod).map { (pod, $0) } }
        let begin = Clock.boot
        let first = names.map { layout.usage(Self.cgroup($0.0, $0.1)) }
        if first.contains(where: { $0 != nil }) { usleep(UInt32(TopCommand.interval / 1000)) }
        let elapsed = max(Clock.boot - begin, 1)
        var rows: [UsageTable.Row] = []
        for (index, (pod, container)) in names.enumerated() {
            guard let before = first[index], let after = layout.usage(Self.cgroup(pod, container)) else { continue }
            let cpu = Int64(Double(max(after.cpu - before.cpu, 0)) / Double(elapsed) * 1e9)
            let namespace = pod[path: "metadata", "namespace"]?.string ?? ""
            let name = pod[path: "metadata", "name"]?.string ?? ""
            if !containers, let last = rows.last, last.namespace == namespace, last.pod == name {
                rows[rows.count - 1].cpu += cpu
                rows[rows.count - 1].memory += after.memory
            } else {
                rows.append(
                    .init(
                        namespace: namespace, pod: name, container: containers ? container : "", cpu: cpu,
                        memory: after.memory))
            }
        }
        if rows.isEmpty {
            if let pod = pods.first, name != nil {
                let namespace = TerminalText.escaped(pod[path: "metadata", "namespace"]?.string ?? "")
                let age = Words.age(since: pod[path: "metadata", "creationTimestamp"], now: Clock.wall)
                throw CommandError(
                    "error: Metrics not available for pod \(namespace)/\(TerminalText.escaped(name ?? "")), age: \(age)"
                )
            }
            return Output.error(
                allNamespaces
                    ? "No resources found"
                    : "No resources found in \(TerminalText.escaped(host.namespace)) namespace.")
        }
        switch sortBy {
        case .cpu: rows.sort { $0.cpu > $1.cpu }
        case .memory: rows.sort { $0.memory > $1.memory }
        case nil: rows.sort { ($0.namespace, $0.pod, $0.container) < ($1.namespace, $1.pod, $1.container) }
        }
        Output.text(
            UsageTable.pods(
                rows, showsNamespace: allNamespaces, showsContainers: containers, hidesHeaders: noHeaders, total: total)
        )
    }

    private func pods(_ host: Host) throws -> [JSONValue] {
        if let name {
            if selector != nil || fieldSelector != nil {
                throw CommandError("error: only one of NAME or selector can be provided", code: 2)
            }
            return [try host.get(.pod, try ResourceArguments.pod(name))]
        }
        do {
            return try host.objects(
                .pod, namespace: allNamespaces ? nil : host.namespace,
                labels: try selector.map { try LabelSelector(parsing: $0) } ?? .everything,
                fields: try fieldSelector.map { try FieldSelector(parsing: $0) } ?? .everything)
        } catch let error as SelectorError {
            throw CommandError("error: \(error)", code: 2)
        }
    }

    /// Those that run.
    private static func containers(of pod: JSONValue) -> [String] {
        let status = pod["status"] ?? .null
        return ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]
            .flatMap { status[$0]?.items ?? [] }
            .filter { $0[path: "state", "running"] != nil }.compactMap { $0["name"]?.string }
    }

    private static func cgroup(_ pod: JSONValue, _ container: String) -> String {
        "swiftlet/pod\(pod[path: "metadata", "uid"]?.string ?? "")/\(container)"
    }
}

struct TopNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Show what is used of this host.", aliases: ["nodes", "no"])

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("This host's name, which may be left out.", valueName: "node"))
    var name: String?

    @Flag(help: "Leave the titles of the columns out.")
    var noHeaders = false

    func run() throws {
        let host = try Host.open(global)
        guard let node = try host.objects(.node, namespace: nil).first else { return }
        let own = node[path: "metadata", "name"]?.string ?? ""
        if let name, name != own { throw CommandError.notFound(.node, name) }
        let before = Self.busy
        let begin = Clock.boot
        usleep(UInt32(TopCommand.interval / 1000))
        let elapsed = max(Clock.boot - begin, 1)
        let cpu = Int64(Double(max(Self.busy - before, 0)) / Double(elapsed) * 1e9)
        func capacity(_ key: String) -> Quantity {
            node[path: "status", "capacity", key]?.string.flatMap { Quantity($0) } ?? Quantity(value: 0)
        }
        Output.text(
            UsageTable.node(
                own, cpu: cpu, memory: Self.memory, processors: capacity("cpu").milliValue * 1_000_000,
                capacity: capacity("memory").value, hidesHeaders: noHeaders))
    }

    /// Nanoseconds that processors were not idle, since boot (proc_stat(5)).
    private static var busy: Int64 {
        let line = (KernelFile.read("/proc/stat") ?? "").prefix { $0 != "\n" }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Int64($0) }
        guard ticks.count >= 8 else { return 0 }
        let sum = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]
        return sum * (1_000_000_000 / Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1)))
    }

    /// Bytes that are neither free nor could be.
    private static var memory: Int64 {
        var values: [Substring: Int64] = [:]
        for line in (KernelFile.read("/proc/meminfo") ?? "").split(separator: "\n") {
            let parts = line.split { $0 == ":" || $0 == " " }
            if parts.count > 1 { values[parts[0]] = Int64(parts[1]) }
        }
        return ((values["MemTotal"] ?? 0) - (values["MemAvailable"] ?? 0)) * 1024
    }
}
