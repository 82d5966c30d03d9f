import PodPlan

/// core/v1 VolumeMountStatus: a volume mount as it came to be.
public struct VolumeMountStatus: Sendable, Equatable {
    public var name: String
    public var mountPath: String
    public var readOnly: Bool
    /// What became of `recursiveReadOnly`; only of mounts that are read-only.
    public var recursiveReadOnly: Bool

    init(_ mount: MountPlan, plan: PodPlan) {
        name = plan.volumes[Int(mount.volume)].name
        mountPath = mount.mountPath
        readOnly = mount.readOnly
        recursiveReadOnly = mount.options.recursiveReadOnly
    }

    var value: JSON {
        var members = [JSON.Member("name", .string(name)), JSON.Member("mountPath", .string(mountPath))]
        if readOnly {
            members.append(.init("readOnly", .bool(true)))
            members.append(.init("recursiveReadOnly", .string(recursiveReadOnly ? "Enabled" : "Disabled")))
        }
        return .object(members)
    }
}
