import PodPlan

/// Where a pod's volumes are in its mount namespace. A container binds from its own copy of that namespace, where the same
/// paths hold: the kernel takes no mount of another namespace as a source. No container can reach or change these paths.
public struct VolumeTable: Sendable {
    /// A tmpfs in the pod's namespace; on the host an empty directory.
    public let directory: String
    private let names: [String]
    private let readOnlyKinds: [Bool]
    private let peers: Set<Int>

    /// `mapped`: as a container sees them in a pod with users of its own (`MappedMounts`).
    public init(_ plan: PodPlan, mapped: Bool = false) {
        directory = Self.directory(plan.paths) + (mapped ? "/.map" : "")
        names = plan.volumes.map(\.name)
        peers = plan.volumesWithPropagation
        readOnlyKinds = plan.volumes.map {
            if case .files = $0.source { true } else { false }
        }
    }

    public static func directory(_ paths: PodPlan.Paths) -> String {
        paths.run + "/volumes"
    }

    /// The volume itself.
    public func path(_ volume: Int) -> String {
        "\(directory)/\(names[volume])"
    }

    /// What a container gets: of ConfigMaps and Secrets always the read-only mount.
    public func source(_ volume: Int, readOnly: Bool) -> String {
        readOnly || readOnlyKinds[volume] ? "\(directory)/.ro/\(names[volume])" : path(volume)
    }

    /// The mount whose peers the mounts of containers with a `mountPropagation` are.
    public func peer(_ volume: Int) -> String {
        "\(directory)/.peer/\(names[volume])"
    }

    public func hasPeer(_ volume: Int) -> Bool { peers.contains(volume) }

    /// Whether `source` is another mount than `path`.
    func needsReadOnlyMount(_ volume: Int, in plan: PodPlan) -> Bool {
        readOnlyKinds[volume]
            || plan.containers.contains {
                $0.mounts.contains { $0.volume == volume && $0.readOnly && $0.options.isPlain }
            }
    }

    /// How far mounts below the volume spread, in whatever container they spread most.
    func propagation(_ volume: Int, in plan: PodPlan) -> MountOptions.Propagation {
        var widest = MountOptions.Propagation.none
        for container in plan.containers {
            for mount in container.mounts where mount.volume == volume {
                if mount.options.propagation.rawValue > widest.rawValue { widest = mount.options.propagation }
            }
        }
        return widest
    }
}
