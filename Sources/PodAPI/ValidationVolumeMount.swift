extension VolumeMount {
    /// The rules of `ValidateVolumeMounts` for what a mount is like.
    func validateOptions(
        _ path: FieldPath, _ pod: PodSpec, privileged: Bool, _ validation: inout Validation
    ) {
        if !subPathExpr.isEmpty {
            if !subPath.isEmpty {
                validation.fail(path.field("subPathExpr"), "subPathExpr and subPath are mutually exclusive")
            }
            validation.check(path.field("subPathExpr"), NameRules.descendingPath(subPathExpr))
        }
        if mountPropagation == .bidirectional, !privileged {
            validation.fail(
                path.field("mountPropagation"),
                "Bidirectional mount propagation is available only to privileged containers")
        }
        if recursiveReadOnly != .disabled {
            if !readOnly {
                validation.fail(path.field("recursiveReadOnly"), "may only be specified when readOnly is true")
            }
            if mountPropagation != .none {
                validation.fail(
                    path.field("recursiveReadOnly"),
                    "may only be specified when mountPropagation is None or not specified")
            }
        }
        let volume = pod.volumes.first { $0.name == name }
        if case .image? = volume?.source, !bindMountOptions.isEmpty {
            validation.fail(path.field("bindMountOptions"), "not supported with image volumes")
        }
        let known = ["noexec", "nodev", "nosuid"]
        var seen: Set<String> = []
        for (index, option) in bindMountOptions.enumerated() {
            let path = path.field("bindMountOptions").index(index)
            if !known.contains(option) {
                validation.fail(
                    path,
                    "unsupported value: \(NameRules.shown(option))\(Suggestion.text(for: option, in: known)): "
                        + "supported values: noexec, nodev, nosuid")
            }
            validation.unique(option, in: &seen, path, option)
        }
    }
}
