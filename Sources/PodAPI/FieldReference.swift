/// What `fieldRef.fieldPath` may name in a container's environment.
public enum FieldReference {
    public enum Map: String, Sendable {
        case labels = "metadata.labels"
        case annotations = "metadata.annotations"
    }

    /// The paths without a key (`validEnvDownwardAPIFieldPathExpressions` of Kubernetes).
    public static let plain = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]

    /// The paths without a key that a file may have (`validVolumeDownwardAPIFieldPathExpressions`).
    public static let plainInVolumes = [
        "metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid",
    ]

    /// The parts of `metadata.labels['key']` and `metadata.annotations['key']`.
    public static func subscripted(_ path: String) -> (map: Map, key: String)? {
        guard path.hasSuffix("']"), let open = path.firstIndex(of: "["), let map = Map(rawValue: String(path[..<open]))
        else { return nil }
        let inner = path[path.index(after: open)...].dropLast(2)
        guard inner.hasPrefix("'") else { return nil }
        return (map, String(inner.dropFirst()))
    }
}

extension EnvVar {
    /// Any printable ASCII but `=` (KEP-4369, relaxed environment variable names).
    public static func isValidName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") }
    }
}
