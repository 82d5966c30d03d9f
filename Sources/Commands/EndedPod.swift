import Glibc
import Linux
import PodAPI
import PodPlan

/// A pod of `run` that has ended: nothing is left of it but its logs, which stay for a while.
enum EndedPod {
    /// The last pod of the name that has written something, as far as its logs tell: its containers, and their attempts.
    static func find(_ name: String, _ namespace: String, _ roots: Roots) -> JSONValue? {
        if name.isEmpty || name.contains("/") || name.contains("_") || namespace.contains("/") { return nil }
        let prefix = "\(namespace)_\(name)_"
        var latest: (directory: String, time: timespec)?
        for directory in DirectoryReader.entries(roots.logs) where directory.hasPrefix(prefix) {
            var status = stat()
            guard lstat("\(roots.logs)/\(directory)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                continue
            }
            if let latest, (latest.time.tv_sec, latest.time.tv_nsec) > (status.st_mtim.tv_sec, status.st_mtim.tv_nsec) {
                continue
            }
            latest = (directory, status.st_mtim)
        }
        guard let latest else { return nil }
        return object(
            name, namespace, uid: String(latest.directory.dropFirst(prefix.count)), "\(roots.logs)/\(latest.directory)")
    }

    private static func object(_ name: String, _ namespace: String, uid: String, _ directory: String) -> JSONValue {
        var containers: [JSONValue] = []
        var statuses: [JSONValue] = []
        for container in DirectoryReader.entries(directory).sorted() where !container.hasPrefix(".") {
            let fd = open("\(directory)/\(container)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if fd < 0 { continue }
            let attempts = Set(CRILogFiles.names(in: fd).map(\.restart)).sorted()
            close(fd)
            func ended(_ attempt: UInt32) -> JSONValue {
                .object([
                    .init("terminated", JSONValue(["containerID": "swiftlet://\(uid)/\(container)/\(attempt)"]))
                ])
            }
            guard let last = attempts.last else { continue }
            containers.append(JSONValue(["name": container]))
            statuses.append(
                .object([
                    .init("name", .string(container)), .init("state", ended(last)),
                    .init("lastState", attempts.dropLast().last.map(ended) ?? .object([])),
                ]))
        }
        return .object([
            .init("metadata", JSONValue(["name": name, "namespace": namespace, "uid": uid])),
            .init("spec", .object([.init("containers", .array(containers))])),
            .init(
                "status",
                .object([.init("phase", .string("Succeeded")), .init("containerStatuses", .array(statuses))])),
        ])
    }
}
