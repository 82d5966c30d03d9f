import PodAPI

/// A Linux capability by its number in capabilities(7).
public struct Capability: Sendable, Hashable {
    /// The bit in a capability set.
    public var number: UInt8
    /// Without `CAP_`.
    public var name: String

    /// Number order.
    public static let all: [Capability] = CapabilityNames.all.enumerated().map {
        Capability(number: UInt8($0.offset), name: $0.element)
    }

    /// Every capability: what a privileged container has.
    public static let allBits = bits(all.map(\.name))

    /// What a container has unless it says otherwise: the set of podman (containers/common `DefaultCapabilities`).
    public static let defaultBits = bits([
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ])

    /// Accepts the name with and without `CAP_`, in any case, as container runtimes do.
    public static func named(_ name: String) -> Capability? {
        let bare = CapabilityNames.bare(name)
        return all.first { $0.name == bare }
    }

    /// The set of the names that are known.
    public static func bits(_ names: [String]) -> UInt64 {
        names.reduce(0) { set, name in named(name).map { set | 1 << UInt64($0.number) } ?? set }
    }

    /// `add` and `drop` of a security context, carried out as containerd does: ALL first, then the single names, and
    /// what is dropped by name is gone even where it was added.
    public static func bits(add: [String], drop: [String]) -> UInt64 {
        let isAll = { (name: String) in CapabilityNames.bare(name) == "ALL" }
        var set = defaultBits
        if add.contains(where: isAll) { set = allBits }
        if drop.contains(where: isAll) { set = 0 }
        set |= bits(add)
        set &= ~bits(drop)
        return set
    }
}
