import PodAPI
import PodPlan
import Storage

extension Planning {
    /// Volumes that no container mounts are left out, as the kubelet's volume manager does; their claims are still looked at,
    /// as the scheduler does.
    mutating func planVolumes(_ bindings: Bindings) {
        let mounted = Set(
            allContainers.flatMap { $0.container.volumeMounts.map(\.name) + $0.container.volumeDevices.map(\.name) })
        for (index, volume) in pod.spec.volumes.enumerated() {
            let path = FieldPath("spec", "volumes").index(index)
            let isMounted = mounted.contains(volume.name)
            var planned = PlannedVolume(index: UInt32(plan.volumes.count))
            var options = VolumeOptions()
            let source: VolumePlan.Source?
            switch volume.source {
            case .persistentVolumeClaim(let name, let claimReadOnly):
                let path = path.field("persistentVolumeClaim").field("claimName")
                source = claimSource(name, bindings, path, &planned)
                planned.readOnly = planned.readOnly || claimReadOnly
                options.readOnly = claimReadOnly
            case .ephemeral:
                let name = VolumeClaimTemplate.claimName(pod: pod.metadata.name, volume: volume.name)
                let path = path.field("ephemeral")
                source = isOwnClaim(name, bindings, path) ? claimSource(name, bindings, path, &planned) : nil
            case .image(let reference):
                planned.readOnly = true
                planned.isImage = true
                options.readOnly = true
                source = isMounted ? imageSource(reference, path.field("image")) : nil
            case .emptyDir(let emptyDir):
                options.mode = emptyDir.mode
                source = emptyDirSource(emptyDir, path.field("emptyDir"))
            case .hostPath(let path, let type):
                source = .hostPath(path: path, type: VolumePlan.HostPathType(type))
            case .configMap(let name, let items, let mode, let optional):
                planned.readOnly = true
                let path = path.field("configMap")
                source = isMounted ? configMapFiles(name, items, mode, optional, path).map { .files($0) } : nil
            case .secret(let name, let items, let mode, let optional):
                planned.readOnly = true
                let path = path.field("secret")
                source = isMounted ? secretFiles(name, items, mode, optional, path).map { .files($0) } : nil
            case .downwardAPI(let items, let mode):
                planned.readOnly = true
                let path = path.field("downwardAPI")
                source = isMounted ? downwardAPIFiles(items, mode, path).map { .files($0) } : nil
            case .projected(let sources, let mode):
                planned.readOnly = true
                let path = path.field("projected")
                source = isMounted ? projectedFiles(sources, mode, path).map { .files($0) } : nil
            }
            guard isMounted, let source else { continue }
            volumeIndex[volume.name] = planned
            plan.volumes.append(VolumePlan(name: volume.name, source: source, options: options))
        }
    }

    private mutating func emptyDirSource(_ emptyDir: EmptyDir, _ path: FieldPath) -> VolumePlan.Source? {
        switch emptyDir.medium {
        case .disk: return .emptyDirectory
        case .memory: return .memory(size: memorySize(emptyDir))
        case .hugePages(let size): return hugePagesSource(size, emptyDir, path)
        }
    }

    // MARK: Claims

    private mutating func claimSource(
        _ name: String, _ bindings: Bindings, _ path: FieldPath, _ planned: inout PlannedVolume
    ) -> VolumePlan.Source? {
        guard let status = bindings.claim(namespace: pod.metadata.namespace, name: name) else {
            fail(path, .failedScheduling, "persistentvolumeclaim \(quoted(name)) not found")
            return nil
        }
        guard status.phase == .bound, let volume = status.volume else {
            let cause = status.event.map { "\($0.reason): \($0.message)" } ?? "it is \(status.phase.rawValue)"
            fail(path, .failedScheduling, "persistentvolumeclaim \(quoted(name)) is not bound: \(cause)")
            return nil
        }
        if let affinity = volume.nodeAffinity, !affinity.matches(labels: host.nodeLabels, nodeName: host.nodeName) {
            fail(
                path, .failedScheduling,
                "node \(quoted(host.nodeName)) had volume node affinity conflict with persistentvolume "
                    + quoted(volume.metadata.name)
            )
            return nil
        }
        planned.isBlock = volume.volumeMode == .block
        planned.readOnly = status.claim.accessModes == [.readOnlyMany]
        switch volume.source {
        case .hostPath(let path, let type):
            return .hostPath(path: path, type: planned.isBlock ? .blockDevice : VolumePlan.HostPathType(type))
        case .local(let path):
            return planned.isBlock ? .hostPath(path: path, type: .blockDevice) : .directory(path: path)
        case .other(let kind):
            fail(
                path, .failedMount,
                "persistentvolume \(quoted(volume.metadata.name)) is of kind \(kind), which is not mounted yet: "
                    + "use a hostPath or local volume"
            )
            return nil
        }
    }

    // MARK: Files

    mutating func configMapFiles(
        _ name: String, _ items: [KeyToPath]?, _ mode: UInt32, _ optional: Bool, _ path: FieldPath
    ) -> [FilePlan]? {
        guard let object = configMaps[name] else {
            if optional { return [] }
            fail(path.field("name"), .failedMount, "configmap \(quoted(name)) not found")
            return nil
        }
        let data = object.data.mapValues { Array($0.utf8) }.merging(object.binaryData) { text, _ in text }
        return files(data, items, mode, optional, path, missing: "references non-existent config key: ")
    }

    mutating func secretFiles(
        _ name: String, _ items: [KeyToPath]?, _ mode: UInt32, _ optional: Bool, _ path: FieldPath,
        nameField: String = "secretName"
    ) -> [FilePlan]? {
        guard let object = secrets[name] else {
            if optional { return [] }
            fail(path.field(nameField), .failedMount, "secret \(quoted(name)) not found")
            return nil
        }
        return files(object.data, items, mode, optional, path, missing: "references non-existent secret key: ")
    }

    /// `MakePayload` of the kubelet's configMap and secret plugins.
    private mutating func files(
        _ data: [String: [UInt8]], _ items: [KeyToPath]?, _ mode: UInt32, _ optional: Bool, _ path: FieldPath,
        missing: String
    ) -> [FilePlan]? {
        guard let items, !items.isEmpty else {
            return data.sorted { $0.key < $1.key }.map { FilePlan(path: $0.key, mode: mode, content: $0.value) }
        }
        var files: [FilePlan] = []
        var complete = true
        for (index, item) in items.enumerated() {
            if let content = data[item.key] {
                files.append(FilePlan(path: item.path, mode: item.mode ?? mode, content: content))
            } else if !optional {
                fail(path.field("items").index(index).field("key"), .failedMount, missing + item.key)
                complete = false
            }
        }
        return complete && canBeWritten(files, path) ? files : nil
    }
}

extension VolumePlan.HostPathType {
    init(_ type: HostPathType) {
        self =
            switch type {
            case .unset: .unset
            case .directoryOrCreate: .directoryOrCreate
            case .directory: .directory
            case .fileOrCreate: .fileOrCreate
            case .file: .file
            case .socket: .socket
            case .charDevice: .charDevice
            case .blockDevice: .blockDevice
            }
    }
}
