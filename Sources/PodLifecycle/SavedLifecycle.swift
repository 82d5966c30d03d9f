import PodPlan

/// `lifecycle` in the state directory of a kept pod: from which its life goes on when supervisor and keeper have both died.
public struct SavedLifecycle: Sendable, Equatable, BinaryCodable {
    /// Raised whenever the binary form changes; one of another version is not read.
    public static let version: UInt32 = 1

    /// The kernel's (`/proc/sys/kernel/random/boot_id`): under another one the times on the boot clock mean nothing.
    public var bootID: String
    public var savedAt: Moment
    public var lifecycle: PodLifecycle

    public init(bootID: String, savedAt: Moment, lifecycle: PodLifecycle) {
        self.bootID = bootID
        self.savedAt = savedAt
        self.lifecycle = lifecycle
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(Self.version)
        encoder.encode(bootID)
        encoder.encode(savedAt)
        encoder.encode(lifecycle)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        let version = try decoder.decode(UInt32.self)
        guard version == Self.version else { throw .unknownVersion(version) }
        bootID = try decoder.decode()
        savedAt = try decoder.decode()
        lifecycle = try decoder.decode()
    }

    /// The file's content.
    public var sealed: [UInt8] { SealedBytes.seal(packet) }

    /// nil: it is damaged, or of another version.
    public init?(sealed: [UInt8]) {
        guard let bytes = SealedBytes.open(sealed), let value = try? SavedLifecycle(packet: bytes) else { return nil }
        self = value
    }
}
