public import PodAPI

/// Binds claims to volumes by the rules of the persistent-volume controller (`pv_controller.go`, `index.go` and
/// component-helpers `storage/volume/pv_helpers.go` of Kubernetes). Pure: it reads objects and returns what they become.
public struct Binder: Sendable {
    /// The one node that a volume's node affinity is judged against.
    public var nodeName: String
    public var nodeLabels: [String: String]

    public init(nodeName: String, nodeLabels: [String: String]) {
        self.nodeName = nodeName
        self.nodeLabels = nodeLabels
    }

    /// Claims take their turn in the order given.
    public func bind(volumes: [PersistentVolume], claims: [PersistentVolumeClaim]) -> Bindings {
        var volumes = volumes.map { VolumeStatus(volume: $0, phase: .available) }
        var statuses: [ClaimStatus] = []
        for claim in claims {
            switch claim.volumeName.isEmpty ? match(claim, volumes) : requested(claim, volumes) {
            case .volume(let index):
                volumes[index].phase = .bound
                volumes[index].volume.claimRef = PersistentVolume.ClaimReference(
                    namespace: claim.metadata.namespace, name: claim.metadata.name, uid: claim.metadata.uid
                )
                statuses.append(ClaimStatus(claim: claim, phase: .bound, volume: volumes[index].volume))
            case .none(let event):
                statuses.append(ClaimStatus(claim: claim, phase: .pending, event: event))
            }
        }
        return Bindings(claims: statuses, volumes: volumes)
    }

    private enum Outcome {
        case volume(Int)
        case none(BindingEvent?)
    }

    /// A claim that names no volume.
    private func match(_ claim: PersistentVolumeClaim, _ volumes: [VolumeStatus]) -> Outcome {
        let wanted = Set(claim.accessModes)
        let candidates = volumes.indices.filter { wanted.isSubset(of: volumes[$0].volume.accessModes) }
        let modeCounts = Set(candidates.map { Set(volumes[$0].volume.accessModes).count }).sorted()
        for count in modeCounts {
            var best: Int?
            for index in candidates where Set(volumes[index].volume.accessModes).count == count {
                let volume = volumes[index].volume
                if volume.claimRef != nil, !volume.isReserved(for: claim) { continue }
                guard volume.capacity.value >= claim.request.value, volume.volumeMode == claim.volumeMode else {
                    continue
                }
                if volume.isReserved(for: claim) {
                    // The controller does not look for another volume once one is reserved.
                    return fitsNode(volume) ? .volume(index) : .none(nothingFits(claim))
                }
                guard volumes[index].phase == .available, fitsNode(volume),
                    volume.storageClassName == claim.storageClassName ?? "",
                    claim.selector?.matches(volume.metadata.labels) ?? true
                else { continue }
                if let found = best, volumes[found].volume.capacity.value <= volume.capacity.value { continue }
                best = index
            }
            if let best { return .volume(best) }
        }
        return .none(nothingFits(claim))
    }

    /// A claim that names its volume. The selector is not looked at.
    private func requested(_ claim: PersistentVolumeClaim, _ volumes: [VolumeStatus]) -> Outcome {
        guard let index = volumes.firstIndex(where: { $0.volume.metadata.name == claim.volumeName }) else {
            return .none(
                BindingEvent(
                    reason: "FailedBinding", message: "volume \"\(claim.volumeName)\" not found"
                )
            )
        }
        let volume = volumes[index].volume
        if volume.claimRef != nil, !volume.isReserved(for: claim) {
            return .none(
                BindingEvent(
                    reason: "FailedBinding",
                    message: "volume \"\(volume.metadata.name)\" already bound to a different claim."
                )
            )
        }
        if volume.claimRef == nil, let problem = mismatch(claim, volume) {
            return .none(
                BindingEvent(
                    reason: "VolumeMismatch",
                    message: "Cannot bind to requested volume \"\(volume.metadata.name)\": \(problem)"
                )
            )
        }
        return .volume(index)
    }

    private func mismatch(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> String? {
        if volume.capacity.value < claim.request.value { return "requested PV is too small" }
        if volume.storageClassName != claim.storageClassName ?? "" { return "storageClassName does not match" }
        if volume.volumeMode != claim.volumeMode { return "incompatible volumeMode" }
        if !Set(claim.accessModes).isSubset(of: volume.accessModes) { return "incompatible accessMode" }
        return nil
    }

    private func fitsNode(_ volume: PersistentVolume) -> Bool {
        volume.nodeAffinity?.matches(labels: nodeLabels, nodeName: nodeName) ?? true
    }

    private func nothingFits(_ claim: PersistentVolumeClaim) -> BindingEvent {
        if let storageClass = claim.storageClassName, !storageClass.isEmpty {
            return BindingEvent(
                reason: "ProvisioningFailed", message: "storageclass.storage.k8s.io \"\(storageClass)\" not found"
            )
        }
        return BindingEvent(
            reason: "FailedBinding",
            message: "no persistent volumes available for this claim and no storage class is set"
        )
    }
}

extension PersistentVolume {
    /// Whether the volume's `claimRef` names the claim; without a uid it is a reservation by name.
    func isReserved(for claim: PersistentVolumeClaim) -> Bool {
        guard let claimRef else { return false }
        return claimRef.name == claim.metadata.name && claimRef.namespace == claim.metadata.namespace
            && (claimRef.uid.isEmpty || claimRef.uid == claim.metadata.uid)
    }
}
