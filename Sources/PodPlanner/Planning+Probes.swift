import PodAPI
import PodPlan

extension Planning {
    mutating func planProbes(_ result: inout ContainerPlan, _ container: Container, _ path: FieldPath) {
        result.probes.startup = probe(container.startupProbe, container, path.field("startupProbe"))
        result.probes.liveness = probe(container.livenessProbe, container, path.field("livenessProbe"))
        result.probes.readiness = probe(container.readinessProbe, container, path.field("readinessProbe"))
        guard let lifecycle = container.lifecycle else { return }
        let path = path.field("lifecycle")
        result.hooks.postStart = hook(lifecycle.postStart, container, path.field("postStart"))
        result.hooks.preStop = hook(lifecycle.preStop, container, path.field("preStop"))
        result.hooks.stopSignal = StopSignal.numbers[lifecycle.stopSignal] ?? result.hooks.stopSignal
    }

    private mutating func probe(_ probe: Probe?, _ container: Container, _ path: FieldPath) -> ProbePlan? {
        guard let probe, var action = probe.handler.actions.first else { return nil }
        if case .exec(let command) = action {
            // Variables with a value of their own alone (ExpandContainerCommandOnlyStatic); a hook's command has none replaced.
            let variables = Dictionary(
                container.env.compactMap { variable -> (String, String)? in
                    if case .value(let value) = variable.source { (variable.name, value) } else { nil }
                }
            ) { $1 }
            action = .exec(command.map { VariableExpansion.expand($0, variables) })
        }
        guard let handler = handler(action, container, agent: "kube-probe", path) else { return nil }
        var plan = ProbePlan(handler)
        plan.initialDelay = Int32(clamping: probe.initialDelaySeconds)
        plan.timeout = Int32(clamping: probe.timeoutSeconds)
        plan.period = Int32(clamping: probe.periodSeconds)
        plan.successThreshold = Int32(clamping: probe.successThreshold)
        plan.failureThreshold = Int32(clamping: probe.failureThreshold)
        plan.terminationGracePeriod = probe.terminationGracePeriodSeconds
        return plan
    }

    private mutating func hook(_ handler: Handler?, _ container: Container, _ path: FieldPath) -> HandlerPlan? {
        guard let action = handler?.actions.first else { return nil }
        return self.handler(action, container, agent: "kube-lifecycle", path)
    }

    private mutating func handler(
        _ action: Handler.Action, _ container: Container, agent: String, _ path: FieldPath
    ) -> HandlerPlan? {
        let path = path.field(action.field)
        switch action {
        case .exec(let command):
            if command.contains(where: { $0.utf8.contains(0) }) {
                fail(path.field("command"), .createContainerConfigError, "an argument has a NUL byte")
            }
            return .exec(command)
        case .httpGet(let get):
            guard let host = address(get.host, path), let port = number(get.port, container, path) else { return nil }
            var plan = HTTPPlan()
            plan.isTLS = get.scheme == .https
            plan.host = host
            plan.port = port
            plan.path = Self.escaped(get.path)
            var headers = get.headers
            // As the kubelet's, unless the manifest has them; an empty value leaves them out (k8s.io/kubernetes/pkg/probe/http).
            for (name, value) in [("User-Agent", "\(agent)/\(Self.version)"), ("Accept", "*/*")]
            where !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                headers.append(HTTPHeader(name: name, value: value))
            }
            for header in headers {
                switch header.name.lowercased() {
                case "host": plan.hostHeader = header.value
                case "user-agent" where header.value.isEmpty, "accept" where header.value.isEmpty: break
                default: plan.headers.append("\(header.name): \(header.value)")
                }
            }
            return .http(plan)
        case .tcpSocket(let port, let host):
            guard let host = address(host, path), let port = number(port, container, path) else { return nil }
            return .tcp(host: host, port: port)
        case .grpc(let port, let service):
            guard let host = podIPs.first, let port = number(.number(port), container, path) else { return nil }
            return .grpc(host: host, port: port, service: service)
        case .sleep(let seconds):
            return .sleep(seconds: seconds)
        }
    }

    /// What the kubelet calls itself to the servers that it asks.
    private static let version = "1.37"

    /// The pod's address, unless the manifest names another. A name is looked for where the pod's own are.
    private mutating func address(_ host: String, _ path: FieldPath) -> String? {
        if host.isEmpty { return podIPs.first }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if IPAddress.isValid(bare) { return bare }
        if host == "localhost" { return "127.0.0.1" }
        if let alias = pod.spec.hostAliases.first(where: { $0.hostnames.contains(host) }) { return alias.ip }
        fail(
            path.field("host"), .refused,
            "\(quoted(host)) is no IP address, and probes and hooks ask no name server: give the address, or name it in "
                + "spec.hostAliases")
        return nil
    }

    private mutating func number(_ port: PortReference?, _ container: Container, _ path: FieldPath) -> UInt16? {
        var value: Int?
        switch port {
        case .number(let number)?: value = Int(exactly: number)
        case .name(let name)?: value = container.ports.first { $0.name == name }?.containerPort
        case nil: break
        }
        guard let value, let number = UInt16(exactly: value), number > 0 else {
            fail(path.field("port"), .refused, "a port is a number between 1 and 65535")
            return nil
        }
        return number
    }

    /// A path as it stands in a request: from the root, without fragment, and with `%` escapes for what may not stand there.
    static func escaped(_ path: String) -> String {
        var text = path.hasPrefix("/") || path.hasPrefix("?") ? "" : "/"
        if path.hasPrefix("?") { text = "/" }
        for byte in path.utf8.prefix(while: { $0 != UInt8(ascii: "#") }) {
            if byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
