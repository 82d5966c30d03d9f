/// core/v1 PersistentVolumeClaimTemplate, of an `ephemeral` volume (KEP-1698).
public struct VolumeClaimTemplate: Sendable, Equatable {
    /// Of metadata only labels and annotations are the template's to set.
    public var claim: PersistentVolumeClaim

    public init(claim: PersistentVolumeClaim) {
        self.claim = claim
    }

    /// The claim that a pod gets for its volume (`VolumeClaimName` of k8s.io/component-helpers): the pod owns it.
    public func claim(of pod: ObjectMeta, volume: String) -> PersistentVolumeClaim {
        var result = claim
        result.metadata.name = Self.claimName(pod: pod.name, volume: volume)
        result.metadata.namespace = pod.namespace
        result.owner = pod.name
        return result
    }

    public static func claimName(pod: String, volume: String) -> String { "\(pod)-\(volume)" }

    func validate(_ path: FieldPath, _ validation: inout Validation) {
        let metadata = path.field("metadata")
        if !claim.metadata.name.isEmpty {
            validation.fail(metadata.field("name"), "cannot be set for an ephemeral volume")
        }
        for (key, value) in claim.metadata.labels.sorted(by: { $0.key < $1.key }) {
            validation.check(metadata.field("labels"), NameRules.qualifiedName(key) ?? NameRules.labelValue(value))
        }
        claim.validateSpec(path.field("spec"), &validation)
    }
}

extension Pod {
    /// The claims of the pod's `ephemeral` volumes.
    public var ephemeralClaims: [PersistentVolumeClaim] {
        spec.volumes.compactMap { volume in
            guard case .ephemeral(let template) = volume.source else { return nil }
            return template.claim(of: metadata, volume: volume.name)
        }
    }
}
