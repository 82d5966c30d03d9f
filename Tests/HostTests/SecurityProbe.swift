import Foundation
import Glibc
import Testing

extension World {
    /// The static program of `Tests/Support/container-probe`.
    static var probe: String { URL(fileURLWithPath: binary).deletingLastPathComponent().path + "/container-probe" }

    /// A directory for `image: host:…`, with a busybox for a shell.
    func makeRoot(_ name: String = "rootfs") throws -> String {
        let busybox = try #require(World.program("busybox"))
        try directory(name + "/bin")
        try FileManager.default.copyItem(atPath: busybox, toPath: "\(files)/\(name)/bin/busybox")
        for tool in ["sh", "cat", "ls", "echo", "sleep", "id"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(files)/\(name)/bin/\(tool)", withDestinationPath: "busybox")
        }
        return "\(files)/\(name)"
    }
}

/// A container in which `container-probe` is `/probe`; its pod has `probeVolume` in its spec.
func probing(_ name: String, _ script: String, _ more: String = "", mounts: String...) -> String {
    let list = ["{name: probe, mountPath: /probe, readOnly: true}"] + mounts
    let volumes = "volumeMounts: [\(list.joined(separator: ", "))]"
    return container(name, script, more.isEmpty ? volumes : "\(more), \(volumes)")
}

/// The line of a spec with the probe's volume and others.
func probeVolume(_ others: String...) -> String {
    let probe = "{name: probe, hostPath: {path: \(World.probe), type: File}}"
    return "volumes: [\(([probe] + others).joined(separator: ", "))]"
}

extension Outcome {
    /// What `container-probe` printed: by name of the try, `ok` or the name of the errno.
    func results(of container: String) -> [String: String] {
        var results: [String: String] = [:]
        for line in lines(of: container) {
            guard let space = line.lastIndex(of: " ") else { continue }
            results[String(line[..<space])] = String(line[line.index(after: space)...])
        }
        return results
    }
}

/// One line of `/proc/<pid>/mountinfo`.
struct MountLine {
    var device: String
    var path: String
    var options: Set<String>
    var type: String

    static func parse(_ lines: [String]) -> [MountLine] {
        lines.compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count > 8, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { return nil }
            return MountLine(
                device: fields[2], path: fields[4], options: Set(fields[5].split(separator: ",").map(String.init)),
                type: fields[dash + 1])
        }
    }
}
