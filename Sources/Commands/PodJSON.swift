import PodAPI
import PodManifest

/// The pod object as `-o json` prints it: the identity that it was given, what it was asked to be, and the status that its
/// supervisor observed last.
enum PodJSON {
    /// As the manifest has it, with what the API server would fill in: priority, overhead.
    ///
    /// - Parameter node: Where it runs; empty: it is left out.
    private static func spec(of pod: Pod, _ written: JSONValue, node: String) -> String {
        guard case .object(let entries) = written else { return JSONText.value(written) }
        var members = entries.map { (key: $0.key, json: JSONText.value($0.value)) }
        func fill(_ key: String, _ json: String) {
            if !members.contains(where: { $0.key == key }) { members.append((key, json)) }
        }
        if !node.isEmpty { fill("nodeName", JSONText.string(node)) }
        let scheduling = pod.spec.scheduling
        if !scheduling.overhead.isEmpty {
            fill("overhead", JSONText.strings(scheduling.overhead.mapValues { "\($0)" }))
        }
        if !scheduling.priorityClassName.isEmpty, let priority = scheduling.priority {
            fill("priorityClassName", JSONText.string(scheduling.priorityClassName))
            fill("priority", "\(priority)")
        }
        return JSONText.object(members)
    }

    /// One pod, or a List where there are several.
    static func text(of preparation: Preparation, statuses: [String]) -> String {
        let pods = zip(preparation.pods, statuses).map { object(of: $0.pod, preparation, status: $1) }
        if pods.count == 1 { return JSONText.indented(pods[0]) }
        return JSONText.indented(
            JSONText.object([
                ("apiVersion", "\"v1\""), ("kind", "\"List\""), ("items", "[" + pods.joined(separator: ",") + "]"),
            ]))
    }

    /// What a running `swiftlet run` lets other commands see of its pod: the object without its status.
    static func object(of pod: Pod, _ preparation: Preparation) -> String {
        object(of: pod, preparation, status: nil)
    }

    private static func object(of pod: Pod, _ preparation: Preparation, status: String?) -> String {
        var metadata: [(key: String, json: String)] = [
            ("name", JSONText.string(pod.metadata.name)), ("namespace", JSONText.string(pod.metadata.namespace)),
            ("uid", JSONText.string(pod.metadata.uid)),
        ]
        if !pod.metadata.labels.isEmpty { metadata.append(("labels", JSONText.strings(pod.metadata.labels))) }
        if !pod.metadata.annotations.isEmpty {
            metadata.append(("annotations", JSONText.strings(pod.metadata.annotations)))
        }
        var members = [
            ("apiVersion", "\"v1\""), ("kind", "\"Pod\""), ("metadata", JSONText.object(metadata)),
            (
                "spec",
                spec(
                    of: pod, preparation.spec(of: pod),
                    node: status == nil ? preparation.placement?.node.name ?? "" : "")
            ),
        ]
        if let status { members.append(("status", status.isEmpty ? "{}" : status)) }
        return JSONText.object(members)
    }
}
