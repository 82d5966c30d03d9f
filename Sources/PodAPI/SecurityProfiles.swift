/// core/v1 SeccompProfile.
public enum SeccompProfile: Sendable, Hashable {
    case runtimeDefault
    case unconfined
    /// A file below the host's directory of seccomp profiles.
    case localhost(String)
}

extension SeccompProfile {
    /// `validateSeccompProfileField` of Kubernetes. That `localhostProfile` goes with type Localhost alone is the decoder's rule.
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        guard case .localhost(let file) = self else { return }
        let path = path.field("localhostProfile")
        if file.isEmpty {
            validation.fail(path, "required value: must be set when seccomp type is Localhost")
        } else {
            validation.check(path, NameRules.descendingPath(file))
        }
    }
}
