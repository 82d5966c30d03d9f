import Foundation

/// Text as a double-quoted YAML (and JSON) scalar.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case let other where other.value < 0x20: result += String(format: "\\u%04x", other.value)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

/// Runs until its SIGTERM. (A first process without a handler does not hear of it: the kernel protects PID 1.)
let idle = "trap 'exit 0' TERM; while :; do sleep 0.02; done"

/// One container in flow style, running `script` in the host's shell. `more` is further fields: `env: [...], ...`.
func container(_ name: String, _ script: String, _ more: String = "") -> String {
    let tail = more.isEmpty ? "" : ", " + more
    return "{name: \(name), image: \"host:/\", command: [sh, -c, \(quoted(script))]\(tail)}"
}

/// A sidecar in flow style.
func sidecar(_ name: String, _ script: String, _ more: String = "") -> String {
    container(name, script, "restartPolicy: Always" + (more.isEmpty ? "" : ", " + more))
}

/// A pod of such containers. `spec` is further lines of the spec, without indentation.
func pod(
    _ containers: String..., initContainers: [String] = [], policy: String = "Never", name: String = "p",
    spec: String = ""
) -> String {
    var text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name)}
        spec:
          restartPolicy: \(policy)

        """
    for line in spec.split(separator: "\n") { text += "  \(line)\n" }
    if !initContainers.isEmpty {
        text += "  initContainers:\n" + initContainers.map { "  - \($0)\n" }.joined()
    }
    return text + "  containers:\n" + containers.map { "  - \($0)\n" }.joined()
}

/// Several documents as one stream.
func documents(_ list: String...) -> String { list.joined(separator: "---\n") }

func configMap(_ name: String, _ data: String, kind: String = "ConfigMap") -> String {
    "apiVersion: v1\nkind: \(kind)\nmetadata: {name: \(name)}\n\(kind == "Secret" ? "stringData" : "data"): \(data)\n"
}
