import CLinux
import Glibc
import Linux
import PodAPI

/// Pods as they are observed: objects with the status that their supervisors have written. Reads anew each time; a file that
/// is missing or damaged is never an error.
struct PodReader {
    /// A pod's directory is below it by the pod's uid.
    private let directory: String

    init(_ roots: Roots) {
        directory = roots.state + "/pods"
    }

    /// A stored pod with its observed status; one that has never been started is Pending.
    func observed(_ pod: JSONValue) -> JSONValue {
        guard let uid = pod[path: "metadata", "uid"]?.string, Self.isDirectoryName(uid) else { return pod }
        var pod = pod
        let path = "\(directory)/\(uid)/status.json"
        switch read(path) {
        case .value(let file):
            pod["status"] = file["status"]
            if file["terminating"]?.bool == true, pod[path: "metadata", "deletionTimestamp"] == nil {
                pod[path: "metadata", "deletionTimestamp"] = .string(Timestamp.text(Clock.wall / 1_000_000_000))
            }
        case .missing where access(path + ".bad", F_OK) != 0:
            if pod[path: "status", "phase"] == nil { pod[path: "status", "phase"] = .string("Pending") }
        case .missing, .damaged:
            pod["status"] = JSONValue([
                "phase": "Unknown",
                "message": "\(path) was damaged and is kept as status.json.bad; the pod's next change writes it anew",
            ])
        }
        return pod
    }

    /// The pods of `run`, which are in no store: each has its object in its directory as long as it lives.
    func unstored(except stored: Set<String>) -> [JSONValue] {
        var pods: [JSONValue] = []
        for uid in DirectoryReader.entries(directory).sorted() where !stored.contains(uid) {
            guard case .value(let object) = read("\(directory)/\(uid)/object.json"),
                object[path: "metadata", "uid"]?.string == uid
            else { continue }
            // With the defaults that those of the store have.
            var pod = observed(ObjectDefaults.complete(object))
            if pod[path: "metadata", "creationTimestamp"] == nil {
                pod[path: "metadata", "creationTimestamp"] = pod[path: "status", "startTime"]
            }
            pods.append(pod)
        }
        return pods
    }

    /// What the pod's supervisor has told, as objects.
    func events(of pod: JSONValue) -> [JSONValue] {
        guard let uid = pod[path: "metadata", "uid"]?.string, Self.isDirectoryName(uid),
            let lines = try? StateDirectory.read("\(directory)/\(uid)/events", limit: 16 << 20)
        else { return [] }
        let node = pod[path: "spec", "nodeName"]?.string ?? ""
        return lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let told = try? JSONValue(parsing: line), told["reason"]?.string != nil else { return nil }
            return PodEventObject.make(told, of: pod, node: node)
        }
    }

    private enum Content {
        case value(JSONValue)
        case missing
        case damaged
    }

    /// A damaged file is moved out of the way, so that it is looked at once.
    private func read(_ path: String) -> Content {
        let raw = swl_open(path, O_RDONLY | O_NOFOLLOW, 0)
        if raw < 0 { return .missing }
        let file = OwnedFD(raw)
        if let bytes = try? MemoryFile.read(file.raw, limit: 16 << 20), let value = try? JSONValue(parsing: bytes),
            case .object = value
        {
            return .value(value)
        }
        rename(path, path + ".bad")
        return .damaged
    }

    private static func isDirectoryName(_ uid: String) -> Bool {
        !uid.isEmpty && !uid.hasPrefix(".") && !uid.contains("/") && !uid.utf8.contains(0)
    }
}
