extension Service {
    /// Everything that is wrong with the object (`ValidateService`); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        // RelaxedServiceNameValidation: a label of RFC 1123 where RFC 1035 was asked for once.
        if !metadata.name.isEmpty {
            validation.check(FieldPath("metadata", "name"), NameRules.dns1123Label(metadata.name))
        }
        let spec = FieldPath("spec")
        validateKind(spec, &validation)
        validatePorts(spec.field("ports"), &validation)
        for (key, value) in selector.sorted(by: { $0.key < $1.key }) {
            validation.check(spec.field("selector").key(key), NameRules.qualifiedName(key))
            validation.check(spec.field("selector").key(key), NameRules.labelValue(value))
        }
        return validation.errors
    }

    private func validateKind(_ spec: FieldPath, _ validation: inout Validation) {
        switch kind {
        case .externalName:
            validation.require(externalName, spec.field("externalName")) { name in
                NameRules.dns1123Subdomain(name.hasSuffix(".") ? String(name.dropLast()) : name)
            }
            if !clusterIP.isEmpty, !isHeadless {
                validation.fail(spec.field("clusterIP"), "may not be set for ExternalName services")
            }
        case .nodePort, .loadBalancer:
            if isHeadless {
                validation.fail(
                    spec.field("clusterIP"), "may not be set to 'None' for \(kind.rawValue) services")
            }
        case .clusterIP: break
        }
        if !clusterIP.isEmpty, !isHeadless {
            validation.check(spec.field("clusterIP"), NameRules.ipAddress(clusterIP))
        }
    }

    private func validatePorts(_ path: FieldPath, _ validation: inout Validation) {
        if ports.isEmpty, !isHeadless, kind != .externalName { validation.fail(path, "required value") }
        var names: Set<String> = []
        var numbers: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = path.index(index)
            if port.name.isEmpty {
                if ports.count > 1 { validation.fail(path.field("name"), "required value") }
            } else {
                validation.check(path.field("name"), NameRules.dns1123Label(port.name))
                validation.unique(port.name, in: &names, path.field("name"), port.name)
            }
            validation.check(path.field("port"), NameRules.port(port.port))
            if let number = Int(port.targetPort) {
                validation.check(path.field("targetPort"), NameRules.port(number))
            } else if !port.targetPort.isEmpty {
                validation.check(path.field("targetPort"), NameRules.portName(port.targetPort))
            }
            if port.nodePort != 0 {
                if kind == .clusterIP || kind == .externalName {
                    validation.fail(path.field("nodePort"), "may not be used when `type` is '\(kind.rawValue)'")
                } else {
                    validation.check(path.field("nodePort"), NameRules.port(port.nodePort))
                }
            }
            let key = "\(port.protocol.rawValue)/\(port.port)"
            validation.unique(key, in: &numbers, path, key)
        }
    }
}
