private let immutableMessage = "field is immutable when `immutable` is set"

extension ConfigMap {
    /// What of the change is not allowed (`ValidateConfigMapUpdate`).
    public func validateUpdate(from old: ConfigMap) -> [FieldError] {
        guard old.immutable else { return [] }
        var validation = Validation()
        if !self.immutable { validation.fail(FieldPath("immutable"), immutableMessage) }
        if data != old.data { validation.fail(FieldPath("data"), immutableMessage) }
        if binaryData != old.binaryData { validation.fail(FieldPath("binaryData"), immutableMessage) }
        return validation.errors
    }
}

extension Secret {
    /// What of the change is not allowed (`ValidateSecretUpdate`).
    public func validateUpdate(from old: Secret) -> [FieldError] {
        var validation = Validation()
        if type != old.type { validation.fail(FieldPath("type"), "field is immutable") }
        if old.immutable {
            if !self.immutable { validation.fail(FieldPath("immutable"), immutableMessage) }
            if data != old.data { validation.fail(FieldPath("data"), immutableMessage) }
        }
        return validation.errors
    }
}

extension Pod {
    /// What of a change of `activeDeadlineSeconds` is not allowed (`ValidatePodUpdate`).
    public func validateUpdate(from old: Pod) -> [FieldError] {
        guard let before = old.spec.activeDeadlineSeconds else { return [] }
        var validation = Validation()
        let path = FieldPath("spec", "activeDeadlineSeconds")
        if let after = spec.activeDeadlineSeconds {
            if after > before { validation.fail(path, "must be less than or equal to previous value: \(after)") }
        } else {
            validation.fail(path, "must not update from a positive integer to nil value")
        }
        return validation.errors
    }
}
