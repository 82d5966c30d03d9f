import PodAPI
import PodPlan

extension Planning {
    /// `collectData` of the kubelet's projected plugin: of two files at one path the later source's counts.
    mutating func projectedFiles(
        _ sources: [VolumeProjection], _ mode: UInt32, _ path: FieldPath
    ) -> [FilePlan]? {
        var files: [FilePlan] = []
        var tokenPaths: [FilePlan] = []
        var complete = true
        for (index, source) in sources.enumerated() {
            let path = path.field("sources").index(index)
            let added: [FilePlan]?
            switch source {
            case .secret(let name, let items, let optional):
                let path = path.field("secret")
                added = secretFiles(name, items, mode, optional, path, nameField: "name")
            case .configMap(let name, let items, let optional):
                added = configMapFiles(name, items, mode, optional, path.field("configMap"))
            case .downwardAPI(let items):
                added = downwardAPIFiles(items, mode, path.field("downwardAPI"))
            case .serviceAccountToken(let audience, let lifetime, let file):
                planToken(audience, lifetime, file, mode)
                // Its place is kept free, so that what lies there below another file is found.
                added = []
                tokenPaths.append(FilePlan(path: file, mode: mode, content: []))
            }
            guard let added else {
                complete = false
                continue
            }
            files.removeAll { file in added.contains { $0.path == file.path } }
            files += added
        }
        files.removeAll { file in tokenPaths.contains { $0.path == file.path } }
        return complete && canBeWritten(files + tokenPaths, path) ? files : nil
    }

    /// A token in the volume that is being planned.
    private mutating func planToken(_ audience: String, _ lifetime: Int64, _ file: String, _ mode: UInt32) {
        let account = pod.spec.serviceAccountName.isEmpty ? "default" : pod.spec.serviceAccountName
        let nodeName = pod.spec.nodeName.isEmpty ? host.nodeName : pod.spec.nodeName
        let issuer = "https://\(host.nodeName)/swiftlet"
        if plan.tokens == nil {
            plan.tokens = ServiceAccountTokens(
                directory: host.stateRoot + "/service-account", issuer: issuer, serviceAccount: account,
                nodeName: nodeName)
        }
        let owner = fileSystemUser
        let isPrivate = owner != nil || pod.spec.securityContext.fsGroup != nil
        plan.tokens?.tokens.append(
            ServiceAccountTokens.Token(
                volume: UInt32(plan.volumes.count), path: file, mode: isPrivate ? 0o600 : mode,
                audience: audience.isEmpty ? issuer : audience, lifetime: lifetime, owner: owner ?? 0))
    }

    /// The one user that all containers run as by the manifest; nil: there is none (`FsUserFrom` of pkg/volume/util).
    private var fileSystemUser: UInt32? {
        let users = Set(
            allContainers.map { $0.container.securityContext.runAsUser ?? pod.spec.securityContext.runAsUser })
        guard users.count == 1, let user = users.first else { return nil }
        return user.flatMap { UInt32(exactly: $0) }
    }

    /// A file where another has a directory cannot be written.
    mutating func canBeWritten(_ files: [FilePlan], _ path: FieldPath) -> Bool {
        let names = Set(files.map(\.path))
        for file in files {
            let elements = file.path.split(separator: "/")
            for count in elements.indices.dropFirst()
            where names.contains(elements[..<count].joined(separator: "/")) {
                fail(path, .failedMount, "conflicting paths: \(quoted(file.path)) lies below another file")
                return false
            }
        }
        return true
    }
}
