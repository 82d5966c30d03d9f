import PodPlan

/// Where other volumes are mounted inside a volume of files, which is read-only for containers: the mount points have to be
/// there before (`MakeNestedMountpoints` in `pkg/volume/util/nested_volumes.go`).
struct NestedMountPoints {
    /// Relative to the volume's root.
    let paths: [String]

    init(_ plan: PodPlan, volume: Int) {
        var found: Set<String> = []
        for container in plan.containers {
            for mount in container.mounts where Int(mount.volume) == volume && mount.subPath.isEmpty {
                let root = mount.mountPath.hasSuffix("/") ? mount.mountPath : mount.mountPath + "/"
                let inside = container.mounts.map(\.mountPath).filter { $0.hasPrefix(root) && $0.count > root.count }
                // What lies in a volume that lies in this one is no matter of this one.
                for path in inside where !inside.contains(where: { path.hasPrefix($0 + "/") }) {
                    found.insert(String(path.dropFirst(root.count)))
                }
            }
        }
        paths = found.sorted()
    }

    /// The names that they take in the volume's root.
    var names: Set<String> { Set(paths.map { String($0.prefix { $0 != "/" }) }) }
}
