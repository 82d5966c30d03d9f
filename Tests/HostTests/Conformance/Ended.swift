import Foundation
import Glibc

/// A pod that has been run to its end: its object, as `-o json` prints it, and its logs.
struct Ended: CustomStringConvertible {
    let outcome: Outcome
    let pod: JSON
    private let world: World

    init(_ world: World, _ outcome: Outcome) {
        (self.world, self.outcome) = (world, outcome)
        pod = JSON(text: outcome.stdout)
    }

    var status: JSON { pod["status"] }
    var phase: String { status["phase"].string }
    var description: String { "\(outcome)" }

    func container(_ name: String) -> JSON {
        let found = status["containerStatuses"].element(name)
        return found.exists ? found : status["initContainerStatuses"].element(name)
    }

    func terminated(_ name: String) -> JSON { container(name)["state"]["terminated"] }

    func condition(_ type: String) -> JSON { status["conditions"].element(type, by: "type") }

    /// What a container wrote, as its log in CRI's format has it.
    func log(_ container: String, attempt: Int = 0) -> String {
        let metadata = pod["metadata"]
        let directory = "\(metadata["namespace"].string)_\(metadata["name"].string)_\(metadata["uid"].string)"
        return logText(at: "\(world.root)/log/pods/\(directory)/\(container)/\(attempt).log")
    }

    /// The same without its last line feed.
    func line(_ container: String) -> String {
        let text = log(container)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Its one line `name=value`.
    func variable(_ name: String, of container: String = "c") -> String? {
        log(container).split(separator: "\n").first { $0.hasPrefix(name + "=") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}

extension World {
    /// Runs a pod to its end.
    func ended(_ manifest: String, _ arguments: [String] = [], timeout: Double = 30) throws -> Ended {
        Ended(self, try run(manifest, ["-o", "json"] + arguments, timeout: timeout))
    }

    /// Runs a pod to its end, which has to be a success.
    func succeeded(_ manifest: String, _ arguments: [String] = [], timeout: Double = 30) throws -> Ended {
        let ended = try ended(manifest, arguments, timeout: timeout)
        try check(ended.phase == "Succeeded" && ended.outcome.code == 0, "the pod has not succeeded: \(ended)")
        return ended
    }

    /// Stops what `start` has started, as Ctrl-C does.
    func stopped(_ run: Run, timeout: Double = 40) throws -> Ended {
        run.interrupt()
        return Ended(self, try run.wait(timeout))
    }

    /// A manifest that has to be refused before anything runs: the errors.
    func refused(_ manifest: String, _ arguments: [String] = []) throws -> String {
        let outcome = try run(manifest, arguments)
        try check(outcome.code == 2 && outcome.stdout.isEmpty && pods().isEmpty, "was not refused: \(outcome)")
        return outcome.stderr
    }
}

/// The text of a container's log without times and streams.
func logText(at path: String) -> String {
    var result = ""
    for line in text(at: path).split(separator: "\n") {
        let fields = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4 else { continue }
        result += fields[3] + (fields[2] == "F" ? "\n" : "")
    }
    return result
}

/// Whether the text is an address, and not that of the unspecified host.
func isAddress(_ text: String) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16)
    return [AF_INET, AF_INET6].contains { inet_pton($0, text, &buffer) == 1 } && buffer.contains { $0 != 0 }
}

/// A ConfigMap or Secret with the three keys that upstream's tests use.
func config(_ kind: String, _ name: String = "conf", namespace: String = "default") -> String {
    object(kind, name, "{data-1: value-1, data-2: value-2, data-3: value-3}", namespace: namespace)
}

/// A ConfigMap or Secret in one document.
func object(
    _ kind: String, _ name: String, _ data: String, namespace: String = "default", _ more: String = ""
) -> String {
    let field = kind == "Secret" ? "stringData" : "data"
    return
        "apiVersion: v1\nkind: \(kind)\nmetadata: {name: \(name), namespace: \(namespace)}\n\(field): \(data)\n\(more)"
}

/// A container that runs `container-probe` with these words; its pod has `probeVolume` in its spec.
func probe(_ name: String, _ words: [String], _ more: String = "", mounts: String...) -> String {
    let list = ["{name: probe, mountPath: /probe, readOnly: true}"] + mounts
    let command = (["/probe"] + words).map(quoted).joined(separator: ", ")
    let tail = more.isEmpty ? "" : ", " + more
    return
        "{name: \(name), image: \"host:/\", command: [\(command)], volumeMounts: [\(list.joined(separator: ", "))]\(tail)}"
}
