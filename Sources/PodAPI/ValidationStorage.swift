extension PersistentVolume {
    /// Everything that is wrong with the volume (`ValidatePersistentVolume`); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        let path = FieldPath("spec")
        if capacity.value <= 0 {
            validation.fail(path.field("capacity").key("storage"), "must be greater than zero")
        }
        accessModes.validate(path.field("accessModes"), &validation)
        if !storageClassName.isEmpty {
            validation.check(path.field("storageClassName"), NameRules.dns1123Subdomain(storageClassName))
        }
        if let claimRef {
            validation.require(claimRef.name, path.field("claimRef").field("name"), NameRules.dns1123Subdomain)
            validation.require(claimRef.namespace, path.field("claimRef").field("namespace"), NameRules.dns1123Label)
        }
        nodeAffinity?.validate(path.field("nodeAffinity").field("required"), &validation)
        validateSource(path, &validation)
        return validation.errors
    }

    private func validateSource(_ path: FieldPath, _ validation: inout Validation) {
        switch source {
        case .hostPath(let hostPath, _):
            validation.require(hostPath, path.field("hostPath").field("path")) {
                NameRules.absolutePath($0) ?? NameRules.noBacksteps($0)
            }
            let isRoot = !hostPath.isEmpty && hostPath.allSatisfy { $0 == "/" || $0 == "." }
            if reclaimPolicy == .recycle, isRoot {
                validation.fail(
                    path.field("persistentVolumeReclaimPolicy"), "may not be 'Recycle' for a hostPath mount of '/'"
                )
            }
        case .local(let localPath):
            validation.require(localPath, path.field("local").field("path")) {
                NameRules.absolutePath($0) ?? NameRules.noBacksteps($0)
            }
            if nodeAffinity == nil {
                validation.fail(path.field("nodeAffinity"), "required value: a local volume requires node affinity")
            }
            if reclaimPolicy == .recycle { recycleRefused(path, &validation) }
        case .other(let kind):
            if reclaimPolicy == .recycle, kind != "nfs" { recycleRefused(path, &validation) }
        }
    }

    private func recycleRefused(_ path: FieldPath, _ validation: inout Validation) {
        validation.fail(path.field("persistentVolumeReclaimPolicy"), "'Recycle' is for hostPath and nfs volumes alone")
    }
}

extension PersistentVolumeClaim {
    /// Everything that is wrong with the claim (`ValidatePersistentVolumeClaim`); empty where it is valid.
    public func validate() -> [FieldError] {
        var validation = Validation()
        metadata.validate(&validation)
        validateSpec(FieldPath("spec"), &validation)
        return validation.errors
    }

    func validateSpec(_ path: FieldPath, _ validation: inout Validation) {
        selector?.validate(path.field("selector"), &validation)
        accessModes.validate(path.field("accessModes"), &validation)
        if request.value <= 0 {
            validation.fail(
                path.field("resources").field("requests").key("storage"), "must be greater than zero"
            )
        }
        if let storageClassName, !storageClassName.isEmpty {
            validation.check(path.field("storageClassName"), NameRules.dns1123Subdomain(storageClassName))
        }
        if !volumeName.isEmpty {
            validation.check(path.field("volumeName"), NameRules.dns1123Subdomain(volumeName))
        }
    }
}

extension [AccessMode] {
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        if isEmpty { validation.fail(path, "at least 1 access mode is required") }
        if contains(.readWriteOncePod), count > 1 {
            validation.fail(path, "may not use ReadWriteOncePod with other access modes")
        }
    }
}
