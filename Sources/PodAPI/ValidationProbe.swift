extension Container {
    /// The rules of `validateContainers` and `validateInitContainers` for probes and hooks (pkg/apis/core/validation). `isPlainInit`: an
    /// init container that is no sidecar, which may have none.
    func validateProbes(_ path: FieldPath, _ pod: PodSpec, isPlainInit: Bool, _ validation: inout Validation) {
        let all = [
            ("livenessProbe", livenessProbe), ("readinessProbe", readinessProbe), ("startupProbe", startupProbe),
        ]
        if isPlainInit {
            if lifecycle != nil {
                validation.fail(
                    path.field("lifecycle"), "may not be set for init containers without restartPolicy=Always")
            }
            for (field, probe) in all where probe != nil {
                validation.fail(path.field(field), "may not be set for init containers without restartPolicy=Always")
            }
            return
        }
        for (field, probe) in all {
            guard let probe else { continue }
            let path = path.field(field)
            probe.validate(path, self, &validation)
            if field == "readinessProbe" {
                if probe.terminationGracePeriodSeconds != nil {
                    validation.fail(
                        path.field("terminationGracePeriodSeconds"), "must not be set for readinessProbes")
                }
            } else if probe.successThreshold != 1 {
                validation.fail(path.field("successThreshold"), "must be 1: \(probe.successThreshold)")
            }
        }
        lifecycle?.validate(path.field("lifecycle"), self, pod, &validation)
    }
}

extension Probe {
    func validate(_ path: FieldPath, _ container: Container, _ validation: inout Validation) {
        handler.validate(path, container, grace: nil, &validation)
        for (field, value) in [
            ("initialDelaySeconds", initialDelaySeconds), ("timeoutSeconds", timeoutSeconds),
            ("periodSeconds", periodSeconds), ("successThreshold", successThreshold),
            ("failureThreshold", failureThreshold),
        ] where value < 0 {
            validation.fail(path.field(field), "must be greater than or equal to 0: \(value)")
        }
        if let grace = terminationGracePeriodSeconds, grace <= 0 {
            validation.fail(path.field("terminationGracePeriodSeconds"), "must be greater than 0: \(grace)")
        }
    }
}

extension Lifecycle {
    func validate(_ path: FieldPath, _ container: Container, _ pod: PodSpec, _ validation: inout Validation) {
        let grace = pod.terminationGracePeriodSeconds
        postStart?.validate(path.field("postStart"), container, grace: grace, &validation)
        preStop?.validate(path.field("preStop"), container, grace: grace, &validation)
        if stopSignal.isEmpty { return }
        let path = path.field("stopSignal")
        if pod.osName.isEmpty {
            validation.fail(path, "may not be set for containers with empty `spec.os.name`: set spec.os.name to linux")
        } else if StopSignal.numbers[stopSignal] == nil {
            let suggestion = Suggestion.text(for: stopSignal, in: StopSignal.numbers.keys)
            validation.fail(
                path, "unsupported value: \(NameRules.shown(stopSignal))\(suggestion): a signal's name, such as SIGTERM"
            )
        }
    }
}

extension Handler {
    /// `validateHandler`. `grace`: what a sleep has to fit into; nil for probes, which have no sleep.
    func validate(_ path: FieldPath, _ container: Container, grace: Int64?, _ validation: inout Validation) {
        guard let action = actions.first else {
            validation.fail(path, "required value: must specify a handler type")
            return
        }
        for other in actions.dropFirst() {
            validation.fail(path.field(other.field), "may not specify more than 1 handler type")
        }
        let path = path.field(action.field)
        switch action {
        case .exec(let command):
            if command.isEmpty { validation.fail(path.field("command"), "required value") }
        case .httpGet(let action):
            validate(action.port, path.field("port"), container, &validation)
            for (index, header) in action.headers.enumerated() {
                let path = path.field("httpHeaders").index(index)
                if !NameRules.isHTTPHeaderName(header.name) {
                    validation.fail(
                        path.field("name"),
                        "a valid HTTP header must consist of alphanumeric characters or '-' (for example 'X-Header-Name'): "
                            + NameRules.shown(header.name))
                }
                if header.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                    validation.fail(path.field("value"), "must not contain control characters")
                }
            }
        case .tcpSocket(let port, _):
            validate(port, path.field("port"), container, &validation)
        case .grpc(let port, _):
            validation.check(path.field("port"), NameRules.port(Int(port)))
        case .sleep(let seconds):
            if let grace, grace >= 0, seconds < 0 || seconds > grace {
                validation.fail(
                    path.field("seconds"),
                    "must be non-negative and less than terminationGracePeriodSeconds (\(grace)): \(seconds)")
            }
        }
    }

    /// Kubernetes takes any name here, and the probe then fails for ever; that no port has it is said at once instead.
    private func validate(
        _ port: PortReference?, _ path: FieldPath, _ container: Container, _ validation: inout Validation
    ) {
        switch port {
        case nil: validation.fail(path, "required value")
        case .number(let number): validation.check(path, NameRules.port(Int(number)))
        case .name(let name):
            if let problem = NameRules.portName(name) {
                validation.fail(path, problem)
            } else if !container.ports.contains(where: { $0.name == name }) {
                let suggestion = Suggestion.text(for: name, in: container.ports.map(\.name))
                validation.fail(path, "the container has no port named \(NameRules.shown(name))\(suggestion)")
            }
        }
    }
}
