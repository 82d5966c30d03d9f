public import PodAPI

/// PersistentVolumeClaimPhase.
public enum ClaimPhase: String, Sendable {
    case pending = "Pending"
    case bound = "Bound"
    case lost = "Lost"
}

/// PersistentVolumePhase, as far as binding alone leads.
public enum VolumePhase: String, Sendable {
    case available = "Available"
    case bound = "Bound"
}

/// An event of the persistent-volume controller.
public struct BindingEvent: Sendable, Hashable {
    /// `FailedBinding`, `VolumeMismatch`, `ProvisioningFailed`
    public var reason: String
    public var message: String

    public init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }
}

/// A claim after binding.
public struct ClaimStatus: Sendable, Equatable {
    public var claim: PersistentVolumeClaim
    public var phase: ClaimPhase
    /// The bound volume; nil while the phase is not `bound`. Status shows its capacity and access modes, not those that the
    /// claim asked for.
    public var volume: PersistentVolume?
    /// Why the claim is not bound.
    public var event: BindingEvent?

    public init(
        claim: PersistentVolumeClaim, phase: ClaimPhase, volume: PersistentVolume? = nil, event: BindingEvent? = nil
    ) {
        self.claim = claim
        self.phase = phase
        self.volume = volume
        self.event = event
    }

    public var capacity: Quantity? { volume?.capacity }
    public var accessModes: [AccessMode] { volume?.accessModes ?? [] }
}

/// A volume after binding; its `claimRef` is that of the claim it is bound to.
public struct VolumeStatus: Sendable, Equatable {
    public var volume: PersistentVolume
    public var phase: VolumePhase

    public init(volume: PersistentVolume, phase: VolumePhase) {
        self.volume = volume
        self.phase = phase
    }
}

/// The outcome of binding, each list in the order of the input.
public struct Bindings: Sendable, Equatable {
    public var claims: [ClaimStatus]
    public var volumes: [VolumeStatus]

    public init(claims: [ClaimStatus] = [], volumes: [VolumeStatus] = []) {
        self.claims = claims
        self.volumes = volumes
    }

    public func claim(namespace: String, name: String) -> ClaimStatus? {
        claims.first { $0.claim.metadata.namespace == namespace && $0.claim.metadata.name == name }
    }
}
