extension ObjectDefaults {
    static func completePod(_ spec: inout JSONValue) {
        spec.fill("restartPolicy", "Always")
        spec.fill("dnsPolicy", "ClusterFirst")
        spec.fill("schedulerName", "default-scheduler")
        spec.fill("preemptionPolicy", "PreemptLowerPriority")
        spec.fill("terminationGracePeriodSeconds", 30)
        spec.fill("enableServiceLinks", true)
        if spec["securityContext"] == nil { spec["securityContext"] = .object([]) }
        // Of the deprecated field and its successor, each is shown with the other's value.
        let account = spec["serviceAccountName"]?.string ?? spec["serviceAccount"]?.string ?? ""
        spec["serviceAccountName"] = .string(account.isEmpty ? "default" : account)
        spec["serviceAccount"] = spec["serviceAccountName"]
        let isOnHostNetwork = spec["hostNetwork"]?.bool == true
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            spec.changeEach(list) { completeContainer(&$0, isOnHostNetwork: isOnHostNetwork) }
        }
        spec.changeEach("volumes", completeVolumeSource)
        spec.change("resources", completeResources)
        spec.change("overhead", canonicalQuantities)
        spec.changeEach("topologySpreadConstraints") { $0.fill("whenUnsatisfiable", "DoNotSchedule") }
        tolerateTrouble(&spec)
    }

    /// The DefaultTolerationSeconds admission plugin: what every pod tolerates for five minutes.
    private static func tolerateTrouble(_ spec: inout JSONValue) {
        var tolerations = spec["tolerations"]?.items ?? []
        for condition in ["not-ready", "unreachable"] {
            let key = "node.kubernetes.io/\(condition)"
            let isThere = tolerations.contains { toleration in
                let (name, effect) = (toleration["key"]?.string ?? "", toleration["effect"]?.string ?? "")
                return (name.isEmpty || name == key) && (effect.isEmpty || effect == "NoExecute")
            }
            if isThere { continue }
            tolerations.append(
                .object([
                    .init("effect", .string("NoExecute")), .init("key", .string(key)),
                    .init("operator", .string("Exists")), .init("tolerationSeconds", .integer(300)),
                ]))
        }
        spec["tolerations"] = .array(tolerations)
    }

    private static func completeContainer(_ container: inout JSONValue, isOnHostNetwork: Bool) {
        container.fill("terminationMessagePath", "/dev/termination-log")
        container.fill("terminationMessagePolicy", "File")
        container.fill("imagePullPolicy", pullPolicy(container["image"]?.string ?? ""))
        if container["resources"] == nil { container["resources"] = .object([]) }
        container.change("resources", completeResources)
        container.changeEach("ports") { port in
            port.fill("protocol", "TCP")
            // defaultHostNetworkPorts
            if isOnHostNetwork, port["hostPort"] == nil || port["hostPort"]?.integer == 0 {
                port["hostPort"] = port["containerPort"]
            }
        }
        container.changeEach("env") { variable in
            variable.change("valueFrom") { source in
                source.change("fieldRef") { $0.fill("apiVersion", "v1") }
                source.change("resourceFieldRef", completeResourceField)
            }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.change(probe) { probe in
                probe.fill("timeoutSeconds", 1)
                probe.fill("periodSeconds", 10)
                probe.fill("successThreshold", 1)
                probe.fill("failureThreshold", 3)
                completeHandler(&probe)
            }
        }
        container.change("lifecycle") { lifecycle in
            lifecycle.change("postStart", completeHandler)
            lifecycle.change("preStop", completeHandler)
        }
    }

    /// `Always` where the tag is `latest`. A root of this host is never pulled.
    private static func pullPolicy(_ image: String) -> String {
        if image.isEmpty || image.hasPrefix("host:") || image.contains("@") { return "IfNotPresent" }
        let name = image.split(separator: "/").last ?? ""
        guard let colon = name.lastIndex(of: ":") else { return "Always" }
        return name[name.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
    }

    /// What is limited is asked for.
    private static func completeResources(_ resources: inout JSONValue) {
        canonicalResources(&resources)
        guard let limits = resources["limits"] else { return }
        var requests = resources["requests"] ?? .object([])
        for limit in limits.members where requests[limit.key] == nil { requests[limit.key] = limit.value }
        resources["requests"] = requests
    }

    private static func completeHandler(_ handler: inout JSONValue) {
        handler.change("httpGet") { request in
            request.fill("path", "/")
            request.fill("scheme", "HTTP")
        }
        handler.change("grpc") { if $0["service"] == nil { $0["service"] = .string("") } }
    }

    private static func completeResourceField(_ field: inout JSONValue) {
        if let divisor = field["divisor"] {
            field["divisor"] = canonicalQuantity(divisor)
        } else {
            field["divisor"] = .string("0")
        }
    }

    private static func completeVolumeSource(_ volume: inout JSONValue) {
        if volume.members.allSatisfy({ $0.key == "name" }) { volume["emptyDir"] = .object([]) }
        volume.change("hostPath") { if $0["type"] == nil { $0["type"] = .string("") } }
        volume.change("emptyDir") { $0.change("sizeLimit") { $0 = canonicalQuantity($0) } }
        for source in ["configMap", "secret", "downwardAPI", "projected"] {
            volume.change(source) { $0.fill("defaultMode", 0o644) }
        }
        volume.change("downwardAPI") { $0.changeEach("items", completeDownwardFile) }
        volume.change("projected") { projected in
            projected.changeEach("sources") { source in
                source.change("downwardAPI") { $0.changeEach("items", completeDownwardFile) }
                source.change("serviceAccountToken") { $0.fill("expirationSeconds", 3600) }
            }
        }
        volume.change("ephemeral") { $0.change("volumeClaimTemplate") { $0.change("spec", completeClaim) } }
    }

    private static func completeDownwardFile(_ file: inout JSONValue) {
        file.change("fieldRef") { $0.fill("apiVersion", "v1") }
        file.change("resourceFieldRef", completeResourceField)
    }
}
