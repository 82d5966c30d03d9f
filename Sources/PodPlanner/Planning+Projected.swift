import PodAPI
import PodPlan

extension Planning {
    /// `collectData` of the kubelet's projected plugin: of two files at one path the later source's counts.
    mutating func projectedFiles(
        _ sources: [VolumeProjection], _ mode: UInt32, _ path: FieldPath
    ) -> [FilePlan]? {
        var files: [FilePlan] = []
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
            case .serviceAccountToken:
                fail(path.field("serviceAccountToken"), .refused, "not carried out yet")
                added = nil
            }
            guard let added else {
                complete = false
                continue
            }
            files.removeAll { file in added.contains { $0.path == file.path } }
            files += added
        }
        return complete && canBeWritten(files, path) ? files : nil
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
