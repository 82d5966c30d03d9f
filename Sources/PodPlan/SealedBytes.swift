/// Bytes that say whether they are whole: followed by a hash of them (FNV-1a, 64 bits). Against accidents, not against malice.
public enum SealedBytes {
    public static func seal(_ bytes: [UInt8]) -> [UInt8] {
        bytes + withUnsafeBytes(of: hash(bytes[...]).littleEndian, Array.init)
    }

    /// nil: they are not what was sealed.
    public static func open(_ sealed: [UInt8]) -> [UInt8]? {
        guard sealed.count >= 8 else { return nil }
        let bytes = sealed.dropLast(8)
        let given = sealed.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return hash(bytes) == given ? Array(bytes) : nil
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}

extension PodPlan {
    /// `plan` in the state directory of a kept pod.
    public var sealed: [UInt8] { SealedBytes.seal(encoded()) }

    /// nil: it is damaged, or of another version.
    public init?(sealed: [UInt8]) {
        guard let bytes = SealedBytes.open(sealed), let plan = try? PodPlan(decoding: bytes) else { return nil }
        self = plan
    }
}
