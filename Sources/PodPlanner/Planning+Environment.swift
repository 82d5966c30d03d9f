import PodAPI
import PodPlan

extension Planning {
    /// `envFrom`, then `env`, in the order and by the rules of the kubelet (`makeEnvironmentVariables`).
    /// What comes after a variable of an env file is found at the start: then the result is not nil.
    mutating func planEnvironment(
        _ environment: inout Environment, _ container: Container, _ path: FieldPath
    ) -> LateEnvironment? {
        var late: LateEnvironment?
        for (index, source) in container.envFrom.enumerated() {
            planEnvFrom(&environment, source, path.field("envFrom").index(index))
        }
        for (index, variable) in container.env.enumerated() {
            let path = path.field("env").index(index)
            switch variable.source {
            case .value(let text):
                environment.set(variable.name, VariableExpansion.expand(text, environment.known))
                late?.steps.append(.text(name: variable.name, text: text))
            case .field(let field):
                guard let value = fieldValue(field) else {
                    fail(
                        path.field("valueFrom").field("fieldRef").field("fieldPath"), .createContainerConfigError,
                        "no field \(quoted(field)) that a variable could have"
                    )
                    continue
                }
                environment.set(variable.name, value)
                late?.steps.append(.value(name: variable.name, value: value))
            case .resource(let selector):
                let path = path.field("valueFrom").field("resourceFieldRef")
                if let value = resourceValue(selector, of: container, path, .createContainerConfigError) {
                    environment.set(variable.name, value)
                    late?.steps.append(.value(name: variable.name, value: value))
                }
            case .fileKey(let volume, let file, let key, let optional):
                if late == nil { late = environment.late }
                if let known = volumeIndex[volume] {
                    late?.steps.append(
                        .file(
                            name: variable.name, volume: known.index, path: file, key: key, optional: optional))
                } else if !optional {
                    fail(
                        path.field("valueFrom").field("fileKeyRef").field("volumeName"), .createContainerConfigError,
                        "no container mounts volume \(quoted(volume)), so no file can be there")
                }
            case .configMapKey(let name, let key, let optional):
                let path = path.field("valueFrom").field("configMapKeyRef")
                guard let object = configMap(name, optional, path.field("name")) else { continue }
                if let value = object.data[key] {
                    environment.set(variable.name, value)
                    late?.steps.append(.value(name: variable.name, value: value))
                } else if !optional {
                    fail(
                        path.field("key"), .createContainerConfigError,
                        "couldn't find key \(key) in ConfigMap \(pod.metadata.namespace)/\(name)"
                    )
                }
            case .secretKey(let name, let key, let optional):
                let path = path.field("valueFrom").field("secretKeyRef")
                guard let object = secret(name, optional, path.field("name")) else { continue }
                if let value = object.data[key] {
                    if let text = text(value, key, "Secret \(name)", path.field("key")) {
                        environment.set(variable.name, text)
                        late?.steps.append(.value(name: variable.name, value: text))
                    }
                } else if !optional {
                    fail(
                        path.field("key"), .createContainerConfigError,
                        "couldn't find key \(key) in Secret \(pod.metadata.namespace)/\(name)"
                    )
                }
            }
        }
        return late
    }

    /// The command line again, with what is still to be expanded as it was written: of `argv`, the manifest's arguments are
    /// the last.
    func planLateCommand(_ result: inout ContainerPlan, _ container: Container) {
        guard result.lateEnvironment != nil else { return }
        let written = container.command + container.args
        let fixed = max(0, result.argv.count - written.count)
        var arguments = result.argv.prefix(fixed).map { LateEnvironment.Argument($0, isExpanded: false) }
        for (index, text) in result.argv.dropFirst(fixed).enumerated() {
            // A word that stands for the shell takes the place of the first.
            let isReplaced = fixed > 0 && index == 0 && text == "sh"
            arguments.append(
                isReplaced
                    ? LateEnvironment.Argument(text, isExpanded: false)
                    : LateEnvironment.Argument(written[index], isExpanded: true))
        }
        result.lateEnvironment?.argv = arguments
    }

    private mutating func planEnvFrom(_ environment: inout Environment, _ source: EnvFromSource, _ path: FieldPath) {
        var skipped: [String] = []
        var values: [(key: String, value: String)] = []
        let object: String
        switch source.source {
        case .configMap(let name, let optional):
            guard let map = configMap(name, optional, path.field("configMapRef").field("name")) else { return }
            object = "ConfigMap \(name)"
            values = map.data.map { ($0.key, $0.value) }
        case .secret(let name, let optional):
            let path = path.field("secretRef").field("name")
            guard let secret = secret(name, optional, path) else { return }
            object = "Secret \(name)"
            for (key, bytes) in secret.data {
                if let value = text(bytes, key, object, path) { values.append((key, value)) }
            }
        }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let name = source.prefix + key
            if EnvVar.isValidName(name) { environment.set(name, value) } else { skipped.append(name) }
        }
        if !skipped.isEmpty {
            note(
                path,
                "keys [\(skipped.joined(separator: ", "))] of \(object) were skipped: they are no names for variables"
            )
        }
    }

    private mutating func configMap(_ name: String, _ optional: Bool, _ path: FieldPath) -> ConfigMap? {
        if let found = configMaps[name] { return found }
        if !optional { fail(path, .createContainerConfigError, "configmap \(quoted(name)) not found") }
        return nil
    }

    private mutating func secret(_ name: String, _ optional: Bool, _ path: FieldPath) -> Secret? {
        if let found = secrets[name] { return found }
        if !optional { fail(path, .createContainerConfigError, "secret \(quoted(name)) not found") }
        return nil
    }

    /// The value itself is never part of a message.
    private mutating func text(_ bytes: [UInt8], _ key: String, _ object: String, _ path: FieldPath) -> String? {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        fail(
            path, .createContainerConfigError,
            "the value of key \(key) in \(object) is not UTF-8, so no variable can have it: mount it as a file"
        )
        return nil
    }

    /// The downward API's fields (`podFieldSelectorRuntimeValue`).
    func fieldValue(_ field: String) -> String? {
        switch field {
        case "metadata.name": return pod.metadata.name
        case "metadata.namespace": return pod.metadata.namespace
        case "metadata.uid": return uid
        case "spec.nodeName": return pod.spec.nodeName.isEmpty ? host.nodeName : pod.spec.nodeName
        case "spec.serviceAccountName":
            return pod.spec.serviceAccountName.isEmpty ? "default" : pod.spec.serviceAccountName
        case "status.hostIP": return hostIPs.first
        case "status.hostIPs": return hostIPs.joined(separator: ",")
        case "status.podIP": return podIPs.first
        case "status.podIPs": return podIPs.joined(separator: ",")
        default:
            // A label or annotation that is not there is an empty value, as in Kubernetes.
            guard let (map, key) = FieldReference.subscripted(field) else { return nil }
            switch map {
            case .labels: return pod.metadata.labels[key] ?? ""
            case .annotations: return pod.metadata.annotations[key] ?? ""
            }
        }
    }
}
