import PodAPI
import PodPlan

extension Planning {
    /// The group that the pod's volumes are given to. One that is out of range is reported with the containers' groups.
    var fsGroup: FileSystemGroup? {
        guard let value = pod.spec.securityContext.fsGroup, let gid = UInt32(exactly: value) else { return nil }
        let isAlways = pod.spec.securityContext.fsGroupChangePolicy == .always
        return FileSystemGroup(gid: gid, policy: isAlways ? .always : .onRootMismatch)
    }

    mutating func planMounts(
        _ result: inout ContainerPlan, _ container: Container, _ variables: [String: String], _ path: FieldPath
    ) {
        var mounts: [MountPlan] = []
        for (index, mount) in container.volumeMounts.enumerated() {
            let path = path.field("volumeMounts").index(index)
            guard let volume = volumeIndex[mount.name] else {
                // A volume that is declared but has no place in the plan has its own error.
                if !pod.spec.volumes.contains(where: { $0.name == mount.name }) {
                    fail(path.field("name"), .refused, "no volume named \(quoted(mount.name))")
                }
                continue
            }
            // A relative path is taken from the root, as the kubelet does.
            let target = cleaned("/" + mount.mountPath)
            guard target != "/", !target.utf8.contains(0) else {
                fail(
                    path.field("mountPath"), .refused,
                    "\(quoted(mount.mountPath)) cannot be mounted over: name a directory below it")
                continue
            }
            if volume.isBlock {
                fail(
                    path.field("name"), .failedMount,
                    "volume \(quoted(mount.name)) has volumeMode Block, but is specified in volumeMounts")
                continue
            }
            guard let subPath = subPath(mount, variables, path) else { continue }
            var options = MountOptions(mount)
            if volume.isImage { (options.recursiveReadOnly, options.noExecution) = (true, true) }
            mounts.append(
                MountPlan(
                    volume: volume.index, mountPath: target, subPath: subPath,
                    readOnly: mount.readOnly || volume.readOnly, options: options))
        }
        let depth = { (mount: MountPlan) in mount.mountPath.utf8.count { $0 == UInt8(ascii: "/") } }
        result.mounts = mounts.enumerated()
            .sorted { (depth($0.element), $0.offset) < (depth($1.element), $1.offset) }
            .map(\.element)
        planDevices(&result, container, path)
        checkPropagation(result, path)
    }

    /// The kubelet's `makeMounts`, with its words. nil: an error has been reported.
    private mutating func subPath(
        _ mount: VolumeMount, _ variables: [String: String], _ path: FieldPath
    ) -> String? {
        if mount.subPathExpr.isEmpty { return mount.subPath }
        let path = path.field("subPathExpr")
        let (subPath, missing) = VariableExpansion.expandAll(mount.subPathExpr, variables)
        if !missing.isEmpty {
            fail(path, .createContainerConfigError, "missing value for \(missing.sorted().joined(separator: ", "))")
        } else if subPath.hasPrefix("/") {
            fail(path, .createContainerConfigError, "error SubPath `\(subPath)` must not be an absolute path")
        } else if subPath.split(separator: "/").contains("..") {
            fail(path, .createContainerConfigError, "unable to provision SubPath `\(subPath)`: must not contain '..'")
        } else if subPath.utf8.contains(0) {
            fail(path, .createContainerConfigError, "the expanded path has a NUL byte")
        } else {
            return subPath
        }
        return nil
    }

    /// What is mounted below a mount that the host shares would be mounted on the host as well, and stay there.
    private mutating func checkPropagation(_ container: ContainerPlan, _ path: FieldPath) {
        for (index, shared) in container.mounts.enumerated() where shared.options.propagation == .bidirectional {
            let prefix = shared.mountPath + "/"
            let below =
                container.mounts.dropFirst(index + 1).map(\.mountPath).first { $0.hasPrefix(prefix) }
                ?? (container.terminationMessagePath.hasPrefix(prefix) ? container.terminationMessagePath : nil)
            guard let below else { continue }
            fail(
                path.field("volumeMounts"), .refused,
                "\(quoted(below)) lies below \(quoted(shared.mountPath)), whose mountPropagation is Bidirectional: it would be "
                    + "mounted on the host too; mount it elsewhere")
        }
    }
}

extension MountOptions {
    init(_ mount: VolumeMount) {
        self.init(
            propagation: Propagation(mount.mountPropagation),
            // Every kernel that containers run on here can do it.
            recursiveReadOnly: mount.recursiveReadOnly != .disabled,
            noExecution: mount.bindMountOptions.contains("noexec"),
            noDevices: mount.bindMountOptions.contains("nodev"))
    }
}

extension MountOptions.Propagation {
    init(_ propagation: MountPropagation) {
        self =
            switch propagation {
            case .none: .none
            case .hostToContainer: .hostToContainer
            case .bidirectional: .bidirectional
            }
    }
}
