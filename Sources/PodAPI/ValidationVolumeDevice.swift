extension Container {
    /// `ValidateVolumeDevices`.
    func validateDevices(_ path: FieldPath, _ pod: PodSpec, _ validation: inout Validation) {
        var paths: Set<String> = []
        var names: Set<String> = []
        for (index, device) in volumeDevices.enumerated() {
            let path = path.index(index)
            let volume = pod.volumes.first { $0.name == device.name }
            validation.require(device.name, path.field("name")) { name in
                guard let volume else {
                    return "no volume named \(NameRules.shown(name))"
                        + Suggestion.text(for: name, in: pod.volumes.map(\.name))
                }
                switch volume.source {
                case .persistentVolumeClaim, .ephemeral: return nil
                default: return "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
                }
            }
            if !device.name.isEmpty { validation.unique(device.name, in: &names, path.field("name"), device.name) }
            validation.require(device.devicePath, path.field("devicePath")) { devicePath in
                NameRules.noBacksteps(devicePath) ?? (devicePath.utf8.contains(0) ? "must not contain a NUL byte" : nil)
            }
            if !device.devicePath.isEmpty, !paths.insert(device.devicePath).inserted {
                validation.fail(path.field("devicePath"), "must be unique: \(NameRules.shown(device.devicePath))")
            }
            if volumeMounts.contains(where: { $0.mountPath == device.devicePath }) {
                validation.fail(path.field("devicePath"), "must not already exist as a path in volumeMounts")
            }
            if volumeMounts.contains(where: { $0.name == device.name }) {
                validation.fail(path.field("name"), "must not already exist in volumeMounts")
            }
        }
    }
}
