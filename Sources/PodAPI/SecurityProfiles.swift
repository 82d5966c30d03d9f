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

/// core/v1 AppArmorProfile.
public enum AppArmorProfile: Sendable, Hashable {
    case runtimeDefault
    case unconfined
    /// The name of a profile that is loaded into the host's kernel.
    case localhost(String)
}

extension AppArmorProfile {
    /// The beta annotation's prefix; the container's name follows (KEP-24).
    public static let annotationPrefix = "container.apparmor.security.beta.kubernetes.io/"

    /// The value of such an annotation; nil where it is none.
    public init?(annotation: String) {
        switch annotation {
        case "runtime/default": self = .runtimeDefault
        case "unconfined": self = .unconfined
        case _ where annotation.hasPrefix("localhost/"): self = .localhost(String(annotation.dropFirst(10)))
        default: return nil
        }
    }

    /// `validateAppArmorProfileField` of Kubernetes; PATH_MAX is the kernel's limit of a profile's name.
    func validate(_ path: FieldPath, _ validation: inout Validation) {
        guard case .localhost(let name) = self else { return }
        let path = path.field("localhostProfile")
        if name.isEmpty {
            validation.fail(path, "required value: must be set when AppArmor type is Localhost")
        } else if name.first?.isWhitespace ?? false || name.last?.isWhitespace ?? false {
            validation.fail(path, "must not be padded with whitespace: \(NameRules.shown(name))")
        } else if name.utf8.count > 4095 {
            validation.fail(path, "may not be more than 4095 bytes")
        } else if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            validation.fail(path, "must not contain control characters: \(NameRules.shown(name))")
        }
    }
}

/// core/v1 SELinuxOptions.
public struct SELinuxOptions: Sendable, Equatable {
    public var user = ""
    public var role = ""
    public var type = ""
    public var level = ""

    public init() {}
}
