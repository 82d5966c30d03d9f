import PodAPI
import Printing

/// A pod as a sketch: its containers in the order of their start, its volumes with where they are on the host, its services.
struct PodTree {
    /// What the pod's objects do not say themselves.
    struct Surroundings {
        var services: [JSONValue] = []
        var claims: [JSONValue] = []
        var volumes: [JSONValue] = []
        /// The pod's directory on the host.
        var directory: String
        /// Nanoseconds since 1970.
        var now: Int64
        var exists: (String) -> Bool = { _ in true }
    }

    private let pod: JSONValue
    private let surroundings: Surroundings
    private let style: ScreenStyle

    init(_ pod: JSONValue, _ surroundings: Surroundings, _ style: ScreenStyle) {
        self.pod = pod
        self.surroundings = surroundings
        self.style = style
    }

    var text: String {
        TreeDrawing(root: root).lines(unicode: style.unicode).map { $0 + "\n" }.joined()
    }

    private var arrow: String { style.unicode ? "←" : "<-" }
    private var leadsTo: String { style.unicode ? "→" : "->" }

    private var root: TreeDrawing.Node {
        let summary = PodSummary(pod)
        let name = pod[path: "metadata", "name"]?.string ?? ""
        let namespace = pod[path: "metadata", "namespace"]?.string ?? ""
        let address = pod[path: "status", "podIP"]?.string ?? ""
        var parts = [
            style.colored("pod/" + safe(name), "1") + (namespace == "default" ? "" : " in \(safe(namespace))"),
            style.colored(safe(summary.status), color(of: summary.status)), "\(summary.ready)/\(summary.total) ready",
        ]
        let age = Words.age(since: pod[path: "metadata", "creationTimestamp"], now: surroundings.now)
        if age != "<unknown>" { parts.append(age) }
        if !address.isEmpty { parts.append(safe(address)) }
        let message = pod[path: "status", "message"]?.string ?? ""
        var children = message.isEmpty ? [] : [TreeDrawing.Node(text: style.colored(safe(message), "33"))]
        children += containers
        if !volumes.isEmpty { children.append(.init(text: "volumes", children: volumes)) }
        if !services.isEmpty { children.append(.init(text: "services", children: services)) }
        return .init(text: parts.joined(separator: "  "), children: children)
    }

    private func safe(_ text: String) -> String { ScreenText.line(text) }

    private func color(of word: String) -> String {
        switch word {
        case "Running": "32"
        case "Completed", "Succeeded": "2"
        case "Pending", "PodInitializing", "ContainerCreating", "Terminating", "NotReady": "33"
        default: word.hasPrefix("Init:") && word.contains("/") ? "33" : "31"
        }
    }

    // MARK: Containers

    private var containers: [TreeDrawing.Node] {
        let spec = pod["spec"] ?? .null
        let status = pod["status"] ?? .null
        let all = [
            ("initContainers", "initContainerStatuses"), ("containers", "containerStatuses"),
            ("ephemeralContainers", "ephemeralContainerStatuses"),
        ]
        return all.flatMap { list, statuses in
            (spec[list]?.items ?? []).map { container in
                let own = status[statuses]?.items.first { $0["name"] == container["name"] }
                let isSidecar = list == "initContainers" && container["restartPolicy"]?.string == "Always"
                let kind =
                    isSidecar
                    ? "sidecar" : list == "containers" ? "container" : list == "initContainers" ? "init" : "debug"
                return node(of: container, own, kind)
            }
        }
    }

    private func node(of container: JSONValue, _ status: JSONValue?, _ kind: String) -> TreeDrawing.Node {
        var parts = [kind + " " + style.colored(safe(container["name"]?.string ?? ""), "1"), state(status, kind)]
        if let count = status?["restartCount"]?.integer, count > 0 {
            var text = count == 1 ? "1 restart" : "\(count) restarts"
            if let end = Words.nanoseconds(status?[path: "lastState", "terminated", "finishedAt"]) {
                text += ", the last \(Words.age(nanoseconds: surroundings.now - end)) ago"
            }
            if let last = status?[path: "lastState", "terminated"] { text += " after " + ending(last) }
            parts.append(style.colored(text, "33"))
        }
        var children: [TreeDrawing.Node] = []
        if let image = container["image"]?.string, !image.isEmpty {
            children.append(.init(text: "image " + safe(image)))
        }
        for port in container["ports"]?.items ?? [] { children.append(.init(text: self.port(port))) }
        for mount in container["volumeMounts"]?.items ?? [] {
            var text = "\(safe(mount["mountPath"]?.string ?? "")) \(arrow) \(safe(mount["name"]?.string ?? ""))"
            if let path = mount["subPath"]?.string ?? mount["subPathExpr"]?.string, !path.isEmpty {
                text += "/" + safe(path)
            }
            if mount["readOnly"]?.bool == true { text += " (read only)" }
            children.append(.init(text: text))
        }
        for device in container["volumeDevices"]?.items ?? [] {
            let path = safe(device["devicePath"]?.string ?? "")
            children.append(.init(text: "\(path) \(arrow) \(safe(device["name"]?.string ?? "")) (block device)"))
        }
        return .init(text: parts.joined(separator: "  "), children: children)
    }

    private func state(_ status: JSONValue?, _ kind: String) -> String {
        let state = status?["state"] ?? .null
        if let running = state["running"] {
            let age = Words.age(since: running["startedAt"], now: surroundings.now)
            let isReady = kind == "init" || kind == "debug" || status?["ready"]?.bool == true
            return style.colored("running \(age)", isReady ? "32" : "33") + (isReady ? "" : ", not ready")
        }
        if let terminated = state["terminated"] {
            var text = ending(terminated)
            if let start = Words.nanoseconds(terminated["startedAt"]),
                let end = Words.nanoseconds(terminated["finishedAt"]),
                end > start
            {
                text += " after \(Words.age(nanoseconds: end - start))"
            }
            return style.colored(text, terminated["exitCode"]?.integer == 0 ? "2" : "31")
        }
        let reason = state[path: "waiting", "reason"]?.string ?? ""
        if reason.isEmpty { return style.colored("not started", "2") }
        let isFine = reason == "PodInitializing" || reason == "ContainerCreating"
        return style.colored(isFine ? "not started" : safe(reason), isFine ? "2" : "31")
    }

    private func ending(_ terminated: JSONValue) -> String {
        let code = terminated["exitCode"]?.integer ?? 0
        let reason = terminated["reason"]?.string ?? ""
        switch reason {
        case "Completed": return "done"
        case "Error", "": return "exit code \(code)"
        default: return safe(reason) + (code == 0 ? "" : ", exit code \(code)")
        }
    }

    private func port(_ port: JSONValue) -> String {
        let name = port["name"]?.string ?? ""
        var text = "port \(port["containerPort"]?.integer ?? 0)/\(safe(port["protocol"]?.string ?? "TCP"))"
        if !name.isEmpty { text += " (\(safe(name)))" }
        if let host = port["hostPort"]?.integer, host > 0 {
            let address = port["hostIP"]?.string ?? ""
            text += " \(arrow) host \(address.isEmpty ? "" : safe(address) + ":")\(host)"
        }
        return text
    }

    // MARK: Volumes

    private var volumes: [TreeDrawing.Node] {
        let list = pod[path: "spec", "volumes"]?.items ?? []
        let width = list.map { ($0["name"]?.string ?? "").count }.max() ?? 0
        return list.map { volume in
            let name = volume["name"]?.string ?? ""
            let blanks = String(repeating: " ", count: width - name.count)
            return .init(text: style.colored(safe(name), "1") + blanks + "  " + place(of: volume, name))
        }
    }

    private func place(of volume: JSONValue, _ name: String) -> String {
        if let source = volume["emptyDir"] {
            let limit = source["sizeLimit"]?.string.map { ", \(safe($0)) at most" } ?? ""
            if let medium = source["medium"]?.string, !medium.isEmpty {
                return (medium == "Memory" ? "emptyDir in memory" : "emptyDir, \(safe(medium))") + limit
            }
            return "emptyDir\(limit)  " + path(surroundings.directory + "/volumes/" + name)
        }
        if let source = volume["hostPath"] { return "hostPath  " + path(source["path"]?.string ?? "") }
        if let source = volume["persistentVolumeClaim"] { return claim(source["claimName"]?.string ?? "") }
        if volume["ephemeral"] != nil {
            return "ephemeral, " + claim((pod[path: "metadata", "name"]?.string ?? "") + "-" + name)
        }
        if let source = volume["configMap"] { return "ConfigMap " + safe(source["name"]?.string ?? "") }
        if let source = volume["secret"] { return "Secret " + safe(source["secretName"]?.string ?? "") }
        if volume["downwardAPI"] != nil { return "fields of the pod" }
        if let source = volume["image"] { return "image " + safe(source["reference"]?.string ?? "") }
        if let source = volume["projected"] {
            let parts = (source["sources"]?.items ?? []).map { part -> String in
                if let map = part["configMap"] { return "ConfigMap " + safe(map["name"]?.string ?? "") }
                if let secret = part["secret"] { return "Secret " + safe(secret["name"]?.string ?? "") }
                if part["serviceAccountToken"] != nil { return "token" }
                return part["downwardAPI"] != nil ? "fields of the pod" : "other files"
            }
            return parts.joined(separator: ", ")
        }
        return safe(volume.members.first { $0.key != "name" }?.key ?? "emptyDir")
    }

    private func path(_ path: String) -> String {
        safe(path) + (surroundings.exists(path) ? "" : style.colored(" (not there)", "2"))
    }

    /// A claim, its volume, and where that is.
    private func claim(_ name: String) -> String {
        let namespace = pod[path: "metadata", "namespace"]?.string
        var text = "claim \(safe(name))"
        let found = surroundings.claims.first {
            $0[path: "metadata", "name"]?.string == name && $0[path: "metadata", "namespace"]?.string == namespace
        }
        let bound = surroundings.volumes.first { volume in
            let reference = volume[path: "spec", "claimRef"]
            return volume[path: "metadata", "name"]?.string == found?[path: "spec", "volumeName"]?.string
                || reference?["name"]?.string == name && reference?["namespace"]?.string == namespace
        }
        guard let bound else { return text + (found == nil ? "" : " (not bound)") }
        text += " \(leadsTo) pv \(safe(bound[path: "metadata", "name"]?.string ?? ""))"
        let spec = bound["spec"] ?? .null
        if let directory = spec[path: "hostPath", "path"]?.string ?? spec[path: "local", "path"]?.string {
            text += " \(leadsTo) " + path(directory)
        }
        return text
    }

    private var services: [TreeDrawing.Node] {
        let labels = pod[path: "metadata", "labels"]?.dictionary ?? [:]
        let namespace = pod[path: "metadata", "namespace"]?.string
        return surroundings.services.filter { service in
            let selector = service[path: "spec", "selector"]?.dictionary ?? [:]
            return service[path: "metadata", "namespace"]?.string == namespace && !selector.isEmpty
                && selector.allSatisfy { labels[$0.key] == $0.value }
        }.map { service in
            let ports = (service[path: "spec", "ports"]?.items ?? []).map { port in
                let number = port["port"]?.integer ?? 0
                let target = port["targetPort"]?.string ?? "\(port["targetPort"]?.integer ?? number)"
                return "\(number) \(leadsTo) \(safe(target))/\(safe(port["protocol"]?.string ?? "TCP"))"
            }
            let name = style.colored(safe(service[path: "metadata", "name"]?.string ?? ""), "1")
            return .init(text: ([name] + ports).joined(separator: "  "))
        }
    }
}
