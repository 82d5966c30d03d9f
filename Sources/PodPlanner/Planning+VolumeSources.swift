import PodAPI
import PodPlan
import Storage

/// emptyDirs in memory, huge pages, `image` and `ephemeral` volumes, block devices.
extension Planning {
    /// The size of an emptyDir in memory: the lesser of its limit and the pod's memory limit, else what pods may have of
    /// this host's memory (`calculateEmptyDirMemorySize` of the kubelet). 0: the kernel's default, half of the memory.
    mutating func memorySize(_ emptyDir: EmptyDir) -> UInt64 {
        let limits = [emptyDir.sizeLimit, podMemoryLimit].compactMap { $0?.value }.filter { $0 > 0 }
        let size = limits.min() ?? node.allocatable[ResourceName.memory]?.value ?? 0
        return UInt64(max(0, size))
    }

    /// As the pod's cgroup has it (`ResourceConfigForPod`): only where every container has a limit.
    private var podMemoryLimit: Quantity? {
        let name = ResourceName.memory
        if let limit = pod.spec.resources.limits[name], limit.value > 0 { return limit }
        let isLimited = allContainers.allSatisfy { ($0.container.resources.limits[name]?.value ?? 0) > 0 }
        return isLimited ? pod.spec.totalLimits[name] : nil
    }

    /// `getPageSizeMountOption` of the kubelet's emptyDir plugin.
    mutating func hugePagesSource(_ size: Int64?, _ emptyDir: EmptyDir, _ path: FieldPath) -> VolumePlan.Source? {
        let medium = size.map { "HugePages-\(Quantity(value: $0))" } ?? "HugePages"
        var sizes: Set<Int64> = []
        for (container, _, _) in allContainers {
            sizes.formUnion(container.resources.requests.keys.compactMap(ResourceName.pageSize))
        }
        if let size { sizes.formIntersection([size]) }
        guard let first = sizes.first else {
            fail(
                path.field("medium"), .failedMount,
                "medium \(medium): hugePages storage requested, but there is no resource request for huge pages")
            return nil
        }
        guard sizes.count == 1 else {
            fail(
                path.field("medium"), .failedMount,
                "medium: \(medium) can't be used if container requests multiple huge page sizes")
            return nil
        }
        return .hugePages(pageSize: UInt64(first), size: UInt64(max(0, emptyDir.sizeLimit?.value ?? 0)))
    }

    /// A directory of this host stands in for an image, as it does for a container's: read-only, and nothing in it can be
    /// executed (KEP-4639).
    mutating func imageSource(_ reference: String, _ path: FieldPath) -> VolumePlan.Source? {
        let path = path.field("reference")
        var directory: String?
        if reference.hasPrefix("host:") {
            directory = String(reference.dropFirst(5))
        } else if let image = ImageReference(reference) {
            if case .directory(let mapped)? = planner.imageMap.entry(for: image)?.root { directory = mapped }
            if directory == nil {
                fail(
                    path, .errImageNeverPull,
                    "image \(quoted(reference)) is a registry image, and images are not pulled yet: name a directory of this host "
                        + "(host:/some/dir), or map it to one in an image map (--image-map FILE)")
                return nil
            }
        }
        guard let directory, directory.hasPrefix("/"), !directory.utf8.contains(0),
            !directory.split(separator: "/").contains(".."), cleaned(directory) != "/"
        else {
            fail(
                path, .invalidImageName,
                "\(quoted(reference)) names neither an image nor a directory of this host, such as host:/some/dir")
            return nil
        }
        return .directory(path: cleaned(directory))
    }

    /// The claim has to be the one that was made for the pod (`VolumeIsForPod`).
    mutating func isOwnClaim(_ name: String, _ bindings: Bindings, _ path: FieldPath) -> Bool {
        let namespace = pod.metadata.namespace
        guard let claim = bindings.claim(namespace: namespace, name: name)?.claim, claim.owner != pod.metadata.name
        else { return true }
        fail(
            path, .failedScheduling,
            "PVC \(namespace)/\(name) was not created for pod \(namespace)/\(pod.metadata.name) (pod is not owner): "
                + "rename the claim, the pod or the volume")
        return false
    }

    // MARK: Block devices

    mutating func planDevices(_ result: inout ContainerPlan, _ container: Container, _ path: FieldPath) {
        for (index, device) in container.volumeDevices.enumerated() {
            let path = path.field("volumeDevices").index(index)
            guard let volume = volumeIndex[device.name] else { continue }
            guard volume.isBlock else {
                fail(
                    path.field("name"), .failedMount,
                    "volume \(quoted(device.name)) has volumeMode Filesystem, but is specified in volumeDevices")
                continue
            }
            result.mounts.append(
                MountPlan(
                    volume: volume.index, mountPath: cleaned("/" + device.devicePath), readOnly: volume.readOnly,
                    options: MountOptions(isDevice: true)))
        }
    }
}

/// A volume that has a place in the plan.
struct PlannedVolume {
    var index: UInt32
    /// Whatever the mount says.
    var readOnly = false
    var isImage = false
    /// A block device, for `volumeDevices` alone.
    var isBlock = false
}
