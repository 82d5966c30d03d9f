/// Bytes of all values of a ConfigMap or Secret together.
private let maximumDataSize = 1 << 20

extension ConfigMap {
    /// Everything that is wrong with the object (`ValidateConfigMap`); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        var size = 0
        for (key, value) in data.sorted(by: { $0.key < $1.key }) {
            validation.check(FieldPath("data").key(key), NameRules.configMapKey(key))
            if binaryData[key] != nil {
                validation.fail(FieldPath("data").key(key), "duplicate of key present in binaryData")
            }
            size += value.utf8.count
        }
        for (key, value) in binaryData.sorted(by: { $0.key < $1.key }) {
            validation.check(FieldPath("binaryData").key(key), NameRules.configMapKey(key))
            size += value.count
        }
        if size > maximumDataSize {
            validation.fail(FieldPath("data"), "may not be more than \(maximumDataSize) bytes: it has \(size)")
        }
        return validation.errors
    }
}

extension Secret {
    /// Everything that is wrong with the object (`ValidateSecret`); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        var size = 0
        for (key, value) in data.sorted(by: { $0.key < $1.key }) {
            validation.check(FieldPath("data").key(key), NameRules.configMapKey(key))
            size += value.count
        }
        if size > maximumDataSize {
            validation.fail(FieldPath("data"), "may not be more than \(maximumDataSize) bytes: it has \(size)")
        }
        validateType(&validation)
        return validation.errors
    }

    private func validateType(_ validation: inout Validation) {
        let path = FieldPath("data")
        switch type {
        case "kubernetes.io/service-account-token":
            let name = "kubernetes.io/service-account.name"
            if metadata.annotations[name, default: ""].isEmpty {
                validation.fail(FieldPath("metadata", "annotations").key(name), "required value")
            }
        case "kubernetes.io/dockercfg": requireKey(".dockercfg", path, &validation)
        case "kubernetes.io/dockerconfigjson": requireKey(".dockerconfigjson", path, &validation)
        case "kubernetes.io/basic-auth":
            if data["username"] == nil, data["password"] == nil {
                validation.fail(
                    path.key("username"), "required value: a basic-auth secret has a username or a password")
            }
        case "kubernetes.io/ssh-auth":
            if data["ssh-privatekey", default: []].isEmpty {
                validation.fail(path.key("ssh-privatekey"), "required value for type \(type)")
            }
        case "kubernetes.io/tls":
            requireKey("tls.crt", path, &validation)
            requireKey("tls.key", path, &validation)
        default: break
        }
    }

    private func requireKey(_ key: String, _ path: FieldPath, _ validation: inout Validation) {
        if data[key] == nil { validation.fail(path.key(key), "required value for type \(type)") }
    }
}
