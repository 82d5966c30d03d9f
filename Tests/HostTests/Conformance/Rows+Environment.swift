import Glibc

extension Row {
    /// What a container's environment is made of.
    static let environment: [Row] = keys + facts + services

    private static let keys: [Row] = [
        Row("N001", "a variable takes a ConfigMap's key") { try checkKey($0, "ConfigMap", "configMapKeyRef") },
        Row("N069", "a variable takes a Secret's key") { try checkKey($0, "Secret", "secretKeyRef") },
        Row("N002", "envFrom takes every key of a ConfigMap") { try checkAll($0, "ConfigMap", "configMapRef") },
        Row("N070", "envFrom takes every key of a Secret") { try checkAll($0, "Secret", "secretRef") },
        Row("N003", "a ConfigMap with an empty key is refused") { try checkEmptyKey($0, "ConfigMap") },
        Row("N071", "a Secret with an empty key is refused") { try checkEmptyKey($0, "Secret") },
        Row("N081", "a variable is made of others") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "env",
                        "env: [{name: FOO, value: foo-value}, {name: BAR, value: bar-value}, "
                            + "{name: FOOBAR, value: \"$(FOO);;$(BAR)\"}]")))
            try equal(ended.variable("FOO"), "foo-value", ended)
            try equal(ended.variable("BAR"), "bar-value", ended)
            try equal(ended.variable("FOOBAR"), "foo-value;;bar-value", ended)
        },
        Row("N082", "a variable stands in args") { world in
            let ended = try world.succeeded(
                pod(
                    "{name: c, image: \"host:/\", command: [sh, -c], args: ['TEST_VAR=wrong; echo \"$(TEST_VAR)\"'], "
                        + "env: [{name: TEST_VAR, value: test-value}]}"))
            try equal(ended.line("c"), "test-value", ended)
        },
        Row("N083", "a variable stands in the command") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "TEST_VAR=wrong; echo \"$(TEST_VAR)\"", "env: [{name: TEST_VAR, value: test-value}]")))
            try equal(ended.line("c"), "test-value", ended)
        },
    ]

    private static func checkKey(_ world: World, _ kind: String, _ reference: String) throws {
        let ended = try world.succeeded(
            documents(
                config(kind),
                pod(
                    container(
                        "c", "env", "env: [{name: CONFIG_DATA_1, valueFrom: {\(reference): {name: conf, key: data-1}}}]"
                    ))))
        try equal(ended.variable("CONFIG_DATA_1"), "value-1", ended)
        try check(!ended.log("c").contains("value-2"), ended)
    }

    private static func checkAll(_ world: World, _ kind: String, _ reference: String) throws {
        let ended = try world.succeeded(
            documents(
                object(kind, "conf", "{data_1: value-1, data_2: value-2, data_3: value-3}"),
                pod(
                    container(
                        "c", "env",
                        "envFrom: [{\(reference): {name: conf}}, {prefix: p_, \(reference): {name: conf}}]"))))
        for number in 1...3 {
            try equal(ended.variable("data_\(number)"), "value-\(number)", ended)
            try equal(ended.variable("p_data_\(number)"), "value-\(number)", ended)
        }
    }

    private static func checkEmptyKey(_ world: World, _ kind: String) throws {
        let errors = try world.refused(
            documents(object(kind, "conf", "{\"\": value-1}"), pod(container("c", "true"))))
        try check(errors.contains(/manifest-1\.yaml:4:\d+: (data|stringData)/), errors)
    }

    private static let facts: [Row] = [
        Row("N018", "variables give the container's requests and limits") { world in
            let ended = try world.succeeded(
                pod(
                    container(
                        "c", "env",
                        resourceVariables("limits.cpu", "limits.memory", "requests.cpu", "requests.memory")
                            + ", " + resources)))
            try equal(
                ["LIMITS_CPU", "LIMITS_MEMORY", "REQUESTS_CPU", "REQUESTS_MEMORY"].map { ended.variable($0) },
                ["2", "67108864", "1", "33554432"], ended)
        },
        Row("N019", "variables give the node's processors and memory where there is no limit") { world in
            let ended = try world.succeeded(
                pod(container("c", "env", resourceVariables("limits.cpu", "limits.memory"))))
            try checkProcessors(ended.variable("LIMITS_CPU"), ended)
            try checkMemory(ended.variable("LIMITS_MEMORY"), ended)
        },
        Row("N020", "a variable gives the host's address") { world in
            let ended = try world.succeeded(pod(container("c", "env", fieldVariables("status.hostIP"))))
            try check(isAddress(ended.variable("STATUS_HOSTIP") ?? ""), ended)
            try equal(ended.variable("STATUS_HOSTIP"), ended.status["hostIP"].string, ended)
        },
        Row("N021", "a variable gives the pod's UID") { world in
            let ended = try world.succeeded(pod(container("c", "env", fieldVariables("metadata.uid"))))
            try check(!ended.pod["metadata"]["uid"].string.isEmpty, ended)
            try equal(ended.variable("METADATA_UID"), ended.pod["metadata"]["uid"].string, ended)
        },
        Row("N022", "variables give the pod's name, namespace and address") { world in
            let ended = try world.succeeded(
                pod(
                    container("c", "env", fieldVariables("metadata.name", "metadata.namespace", "status.podIP")),
                    name: "named, namespace: elsewhere"))
            try equal(ended.variable("METADATA_NAME"), "named", ended)
            try equal(ended.variable("METADATA_NAMESPACE"), "elsewhere", ended)
            try check(isAddress(ended.variable("STATUS_PODIP") ?? ""), ended)
            try equal(ended.variable("STATUS_PODIP"), ended.status["podIP"].string, ended)
        },
        Row("N048", "the pod's status has the host's address") { world in
            let ended = try world.succeeded(pod(container("c", "true")))
            let address = ended.status["hostIP"].string
            try check(isAddress(address) && address != "127.0.0.1", ended)
            try equal(ended.status["hostIPs"][0]["ip"].string, address, ended)
        },
    ]

    private static func variable(_ path: String) -> String {
        path.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    private static func fieldVariables(_ paths: String...) -> String {
        let list = paths.map { "{name: \(variable($0)), valueFrom: {fieldRef: {fieldPath: \($0)}}}" }
        return "env: [\(list.joined(separator: ", "))]"
    }

    private static func resourceVariables(_ names: String...) -> String {
        let list = names.map { "{name: \(variable($0)), valueFrom: {resourceFieldRef: {resource: \($0)}}}" }
        return "env: [\(list.joined(separator: ", "))]"
    }

    private static let services: [Row] = [
        Row("N046", "a service gives a pod its variables") { world in
            let service = """
                apiVersion: v1
                kind: Service
                metadata: {name: fooservice}
                spec: {selector: {name: server}, ports: [{port: 8765, targetPort: 8080}]}

                """
            let ended = try world.succeeded(documents(service, pod(container("c", "env"))))
            guard let host = ended.variable("FOOSERVICE_SERVICE_HOST") else { throw RowFailure("\(ended)") }
            try check(isAddress(host), ended)
            let wanted = [
                "FOOSERVICE_SERVICE_PORT": "8765", "FOOSERVICE_PORT": "tcp://\(host):8765",
                "FOOSERVICE_PORT_8765_TCP": "tcp://\(host):8765", "FOOSERVICE_PORT_8765_TCP_PROTO": "tcp",
                "FOOSERVICE_PORT_8765_TCP_PORT": "8765", "FOOSERVICE_PORT_8765_TCP_ADDR": host,
            ]
            for (name, value) in wanted { try equal(ended.variable(name), value, ended) }
        }
    ]
}
