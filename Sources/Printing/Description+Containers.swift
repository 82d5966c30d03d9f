import PodAPI

extension Description {
    mutating func containers(_ title: String, _ containers: [JSONValue], _ statuses: JSONValue?) {
        writer.line(0, title + ":" + (containers.isEmpty ? " " + Words.none : ""))
        for container in containers {
            let status = statuses?.items.first { $0["name"] == container["name"] }
            writer.line(1, ScreenText.line(container["name"]?.string ?? "") + ":")
            if let status { field(2, "Container ID", status["containerID"]?.string ?? "") }
            field(2, "Image", container["image"]?.string ?? "")
            if let status { field(2, "Image ID", status["imageID"]?.string ?? "") }
            ports(container["ports"]?.items ?? [])
            seccompProfile(2, container["securityContext"])
            words("Command", container["command"]?.items ?? [])
            words("Args", container["args"]?.items ?? [])
            if let status {
                state("State", status["state"] ?? .null)
                if let last = status["lastState"], last["terminated"] != nil { state("Last State", last) }
                field(2, "Ready", status["ready"]?.bool == true ? "True" : "False")
                field(2, "Restart Count", "\(status["restartCount"]?.integer ?? 0)")
            }
            resources(2, container["resources"] ?? .null)
            for (title, key) in [
                ("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"),
            ] {
                if let probe = container[key], !probe.isNull { field(2, title, Self.probe(probe)) }
            }
            environmentSources(container["envFrom"]?.items ?? [])
            environment(container)
            mounts(container)
        }
    }

    private mutating func ports(_ ports: [JSONValue]) {
        for (title, key) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
            let text = ports.map { port in
                "\(port[key]?.integer ?? 0)/" + (port["protocol"]?.string ?? "TCP")
            }.joined(separator: ", ")
            field(2, text.contains(",") ? title + "s" : title, text.nonEmpty ?? Words.none)
        }
    }

    private mutating func words(_ title: String, _ words: [JSONValue]) {
        if words.isEmpty { return }
        writer.line(2, title + ":")
        for word in words {
            for part in (word.string ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
                writer.line(3, ScreenText.lines(String(part)))
            }
        }
    }

    private mutating func state(_ title: String, _ state: JSONValue) {
        if let running = state["running"] {
            field(2, title, "Running")
            field(3, "Started", ReadableTime.text(running["startedAt"]))
        } else if let terminated = state["terminated"] {
            field(2, title, "Terminated")
            optional(3, "Reason", terminated["reason"]?.string)
            optional(3, "Message", terminated["message"]?.string)
            field(3, "Exit Code", "\(terminated["exitCode"]?.integer ?? 0)")
            if let signal = terminated["signal"]?.integer, signal > 0 { field(3, "Signal", "\(signal)") }
            field(3, "Started", ReadableTime.text(terminated["startedAt"]))
            field(3, "Finished", ReadableTime.text(terminated["finishedAt"]))
        } else {
            field(2, title, "Waiting")
            optional(3, "Reason", state[path: "waiting", "reason"]?.string)
        }
    }

    mutating func resources(_ level: Int, _ resources: JSONValue) {
        for (title, key) in [("Limits", "limits"), ("Requests", "requests")] {
            let members = resources[key]?.members ?? []
            if members.isEmpty { continue }
            writer.line(level, title + ":")
            for member in members.sorted(by: { $0.key < $1.key }) {
                field(level + 1, member.key, Self.quantity(member.value))
            }
        }
    }

    private static func probe(_ probe: JSONValue) -> String {
        func number(_ key: String, _ value: Int64) -> Int64 {
            probe[key]?.integer.flatMap { $0 == 0 ? nil : $0 } ?? value
        }
        let times =
            "delay=\(number("initialDelaySeconds", 0))s timeout=\(number("timeoutSeconds", 1))s "
            + "period=\(number("periodSeconds", 10))s #success=\(number("successThreshold", 1)) "
            + "#failure=\(number("failureThreshold", 3))"
        func port(_ action: JSONValue) -> String { action["port"].flatMap(ObjectView.scalar) ?? "" }
        if let action = probe["exec"] {
            let words = (action["command"]?.items ?? []).compactMap(\.string).joined(separator: " ")
            return "exec [\(words)] \(times)"
        }
        if let action = probe["httpGet"] {
            let host = action["host"]?.string ?? ""
            let scheme = (action["scheme"]?.string ?? "HTTP").lowercased()
            let place = (host.contains(":") ? "[\(host)]" : host) + ":" + port(action)
            let path = action["path"]?.string ?? "/"
            return
                "http-get \(scheme)://\(place)\(path.hasPrefix("/") || path.isEmpty ? "" : "/")\(escapedPath(path)) \(times)"
        }
        if let action = probe["tcpSocket"] {
            return "tcp-socket \(action["host"]?.string ?? ""):\(port(action)) \(times)"
        }
        if let action = probe["grpc"] {
            return "grpc <pod>:\(port(action)) \(action["service"]?.string ?? "") \(times)"
        }
        return "unknown \(times)"
    }

    /// As Go's url.URL shows a path.
    private static func escapedPath(_ path: String) -> String {
        var result = ""
        let digits = Array("0123456789ABCDEF")
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: result.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "-_.~$&+,/:;=@".utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
            }
        }
        return result
    }

    private mutating func environmentSources(_ sources: [JSONValue]) {
        if sources.isEmpty { return }
        writer.line(2, "Environment Variables from:")
        for source in sources {
            let isMap = source["configMapRef"] != nil
            let reference = source[isMap ? "configMapRef" : "secretRef"] ?? .null
            let kind = isMap ? "ConfigMap" : source["secretRef"] != nil ? "Secret" : ""
            let prefix = source["prefix"]?.string ?? ""
            writer.line(
                3,
                ScreenText.line(reference["name"]?.string ?? "") + "\t" + kind
                    + (prefix.isEmpty ? "" : " with prefix '\(ScreenText.line(prefix))'")
                    + "\tOptional: \(reference["optional"]?.bool ?? false)")
        }
    }

    private mutating func environment(_ container: JSONValue) {
        let variables = container["env"]?.items ?? []
        writer.line(2, "Environment:" + (variables.isEmpty ? "\t" + Words.none : ""))
        for variable in variables {
            let name = ScreenText.line(variable["name"]?.string ?? "")
            guard let source = variable["valueFrom"], !source.isNull else {
                let value = variable["value"]?.string ?? ""
                for (index, part) in value.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                    writer.line(3, (index == 0 ? name + ":" : "") + "\t" + ScreenText.lines(String(part)))
                }
                continue
            }
            if let reference = source["fieldRef"] {
                let path = reference["fieldPath"]?.string ?? ""
                let version = reference["apiVersion"]?.string ?? "v1"
                writer.line(
                    3,
                    "\(name):\t\(ScreenText.lines(field(path))) (\(ScreenText.line(version)):\(ScreenText.line(path)))")
            } else if let reference = source["resourceFieldRef"] {
                let resource = reference["resource"]?.string ?? ""
                var value = Self.resource(resource, divisor: reference["divisor"], of: container)
                if value == "0", resource == "limits.cpu" || resource == "limits.memory" { value = "node allocatable" }
                writer.line(3, "\(name):\t\(value) (\(ScreenText.line(resource)))")
            } else {
                for (key, of) in [("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")] {
                    guard let reference = source[key] else { continue }
                    let item = ScreenText.line(reference["key"]?.string ?? "")
                    let owner = ScreenText.line(reference["name"]?.string ?? "")
                    let isOptional = reference["optional"]?.bool ?? false
                    writer.line(3, "\(name):\t<set to the key '\(item)' \(of) '\(owner)'>\tOptional: \(isOptional)")
                }
            }
        }
    }

    /// What kubectl tells of a field; it leaves the others to the container.
    private func field(_ path: String) -> String {
        switch path {
        case "metadata.name": return view.name
        case "metadata.namespace": return view.namespace
        case "metadata.uid": return view.text("metadata", "uid")
        default: return ""
        }
    }

    private static func resource(_ name: String, divisor: JSONValue?, of container: JSONValue) -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return "" }
        let amount = container[path: "resources", parts[0], parts[1]].flatMap(ObjectView.scalar).flatMap {
            Quantity($0)
        }
        guard let amount else { return "0" }
        var unit = divisor.flatMap(ObjectView.scalar).flatMap { Quantity($0) } ?? Quantity(value: 1)
        if unit == Quantity(value: 0) { unit = Quantity(value: 1) }
        if parts[1] == "cpu" { return "\((amount.milliValue + unit.milliValue - 1) / max(unit.milliValue, 1))" }
        return "\((amount.value + unit.value - 1) / max(unit.value, 1))"
    }

    private mutating func mounts(_ container: JSONValue) {
        let mounts = container["volumeMounts"]?.items ?? []
        writer.line(2, "Mounts:" + (mounts.isEmpty ? "\t" + Words.none : ""))
        for mount in mounts.sorted(by: { ($0["mountPath"]?.string ?? "") < ($1["mountPath"]?.string ?? "") }) {
            var flags = mount["readOnly"]?.bool == true ? "ro" : "rw"
            if let path = mount["subPath"]?.string, !path.isEmpty { flags += ",path=" + DisplayText.quoted(path) }
            let name = ScreenText.line(mount["name"]?.string ?? "")
            writer.line(3, ScreenText.line(mount["mountPath"]?.string ?? "") + " from \(name) (\(flags))")
        }
        let devices = container["volumeDevices"]?.items ?? []
        if devices.isEmpty { return }
        writer.line(2, "Devices:" + (mounts.isEmpty ? "\t" + Words.none : ""))
        for device in devices.sorted(by: { ($0["devicePath"]?.string ?? "") < ($1["devicePath"]?.string ?? "") }) {
            writer.line(
                3, ScreenText.line((device["devicePath"]?.string ?? "") + " from " + (device["name"]?.string ?? "")))
        }
    }
}
