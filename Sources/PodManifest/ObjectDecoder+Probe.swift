import PodAPI

/// Probes and hooks, with the defaults of SetDefaults_Probe and SetDefaults_HTTPGetAction (pkg/apis/core/v1/defaults.go).
extension ObjectDecoder {
    func probe(_ node: ManifestNode) -> Probe {
        var probe = Probe()
        func number(_ key: String, _ value: Int64) -> Int64 {
            guard let given = node[key]?.integer, given != 0 else { return value }
            return given
        }
        probe.handler = handler(node)
        probe.initialDelaySeconds = number("initialDelaySeconds", 0)
        probe.timeoutSeconds = number("timeoutSeconds", probe.timeoutSeconds)
        probe.periodSeconds = number("periodSeconds", probe.periodSeconds)
        probe.successThreshold = number("successThreshold", probe.successThreshold)
        probe.failureThreshold = number("failureThreshold", probe.failureThreshold)
        probe.terminationGracePeriodSeconds = node["terminationGracePeriodSeconds"]?.integer
        return probe
    }

    func lifecycle(_ node: ManifestNode?) -> Lifecycle? {
        guard let node, !node.entries.allSatisfy(\.value.isNull) else { return nil }
        var lifecycle = Lifecycle()
        lifecycle.postStart = node["postStart"].map(handler)
        lifecycle.preStop = node["preStop"].map(handler)
        lifecycle.stopSignal = node.string("stopSignal")
        return lifecycle
    }

    private func handler(_ node: ManifestNode) -> Handler {
        var actions: [Handler.Action] = []
        if let exec = node["exec"] { actions.append(.exec(exec.strings("command"))) }
        if let get = node["httpGet"] { actions.append(.httpGet(httpGet(get))) }
        if let socket = node["tcpSocket"] {
            actions.append(.tcpSocket(port: port(socket["port"]), host: socket.string("host")))
        }
        if let grpc = node["grpc"] {
            actions.append(.grpc(port: grpc["port"]?.integer ?? 0, service: grpc.string("service")))
        }
        if let sleep = node["sleep"] { actions.append(.sleep(sleep["seconds"]?.integer ?? 0)) }
        return Handler(actions)
    }

    private func httpGet(_ node: ManifestNode) -> HTTPGetAction {
        var action = HTTPGetAction()
        let path = node.string("path")
        if !path.isEmpty { action.path = path }
        action.port = port(node["port"])
        action.host = node.string("host")
        action.scheme = choice(node, "scheme", default: action.scheme)
        action.headers = node.list("httpHeaders").map {
            HTTPHeader(name: $0.string("name"), value: $0.string("value"))
        }
        return action
    }

    private func port(_ node: ManifestNode?) -> PortReference? {
        guard let node else { return nil }
        if let number = node.integer { return .number(number) }
        return node.text.isEmpty ? nil : .name(node.text)
    }
}
