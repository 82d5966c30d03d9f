import Glibc
import PodAPI

/// What `port-forward` is given, pod or service, and the numbers of its named ports.
struct PortNames {
    let pod: PodTarget
    private let host: Host
    private let service: JSONValue?

    /// - Parameter text: `x`, `pod/x`, `service/x`; of a service the first pod that it selects and that runs.
    init(_ text: String, _ options: GlobalOptions) throws(CommandError) {
        host = Host(options.roots, namespace: options.currentNamespace)
        let arguments = text.contains("/") ? try ResourceArguments([text]) : nil
        guard let item = arguments?.items.first, item.kind == .service else {
            pod = try PodTarget(text, options, for: .forward)
            service = nil
            return
        }
        let service = try host.get(.service, item.name)
        self.service = service
        let selector = service[path: "spec", "selector"]?.dictionary ?? [:]
        if selector.isEmpty {
            throw CommandError("error: invalid service '\(item.name)': Service is defined without a selector")
        }
        let selected = try host.objects(.pod, namespace: host.namespace).filter { object in
            let labels = object[path: "metadata", "labels"]?.dictionary ?? [:]
            return selector.allSatisfy { labels[$0.key] == $0.value }
        }
        let running = selected.first { $0[path: "status", "phase"]?.string == "Running" } ?? selected.first
        guard let name = running?[path: "metadata", "name"]?.string else {
            throw CommandError("error: cannot attach to *v1.Service: no pod of service \(item.name) is there")
        }
        pod = try PodTarget(name, options, for: .forward)
    }

    /// Of a service its ports are meant, which lead to the pod's (translateServicePortToTargetPort of
    /// `kubectl/pkg/cmd/portforward`).
    func number(_ port: ForwardedPort.Remote) throws(CommandError) -> UInt16 {
        guard let service else { return try podPort(port) }
        let name = service[path: "metadata", "name"]?.string ?? ""
        let found = service[path: "spec", "ports"]?.items.first { entry in
            switch port {
            case .number(let number): Self.number(entry["port"]) == number
            case .name(let name): entry["name"]?.string == name
            }
        }
        guard let found else {
            switch port {
            case .number(let number):
                throw CommandError("error: Service \(name) does not have a service port \(number)")
            case .name(let port): throw CommandError("error: Service \(name) does not have a named port '\(port)'")
            }
        }
        if let target = found["targetPort"]?.string { return try podPort(.name(target)) }
        guard let number = Self.number(found["targetPort"]) ?? Self.number(found["port"]) else {
            throw CommandError("error: Service \(name) has a port without a number")
        }
        return number
    }

    private func podPort(_ port: ForwardedPort.Remote) throws(CommandError) -> UInt16 {
        let name: String
        switch port {
        case .number(let number): return number
        case .name(let text): name = text
        }
        let object = try host.get(.pod, pod.name)
        for list in ["containers", "initContainers"] {
            for container in object[path: "spec", list]?.items ?? [] {
                for entry in container["ports"]?.items ?? [] where entry["name"]?.string == name {
                    if let number = Self.number(entry["containerPort"]) { return number }
                }
            }
        }
        throw CommandError("error: Pod '\(pod.name)' does not have a named port '\(TerminalText.escaped(name))'")
    }

    private static func number(_ value: JSONValue?) -> UInt16? {
        value?.integer.flatMap { UInt16(exactly: $0) }
    }
}
