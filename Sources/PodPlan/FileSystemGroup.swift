/// A pod's `fsGroup` with its `fsGroupChangePolicy`: the group that its volumes are given to.
public struct FileSystemGroup: Sendable, Equatable, BinaryCodable {
    public enum ChangePolicy: UInt8, Sendable {
        /// Everything in the volume, each time the pod is set up.
        case always
        /// Nothing, where the volume's root has the group and the permissions already.
        case onRootMismatch
    }

    public var gid: UInt32
    /// Holds for PersistentVolumes; volumes that live and die with the pod are always changed.
    public var policy: ChangePolicy

    public init(gid: UInt32, policy: ChangePolicy = .always) {
        self.gid = gid
        self.policy = policy
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(gid)
        encoder.encode(policy)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        gid = try decoder.decode()
        policy = try decoder.decode()
    }
}
