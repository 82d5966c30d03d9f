import PodAPI
import PodManifest

/// The pod object as `-o json` prints it: the identity that it was given, what it was asked to be, and the status that its
/// supervisor observed last.
enum PodJSON {
    /// One pod, or a List where there are several.
    static func text(of preparation: Preparation, statuses: [String]) -> String {
        let pods = zip(preparation.pods, statuses).map { object(of: $0.pod, preparation, status: $1) }
        if pods.count == 1 { return JSONText.indented(pods[0]) }
        return JSONText.indented(
            JSONText.object([
                ("apiVersion", "\"v1\""), ("kind", "\"List\""), ("items", "[" + pods.joined(separator: ",") + "]"),
            ]))
    }

    private static func object(of pod: Pod, _ preparation: Preparation, status: String) -> String {
        var metadata: [(key: String, json: String)] = [
            ("name", JSONText.string(pod.metadata.name)), ("namespace", JSONText.string(pod.metadata.namespace)),
            ("uid", JSONText.string(pod.metadata.uid)),
        ]
        if !pod.metadata.labels.isEmpty { metadata.append(("labels", JSONText.strings(pod.metadata.labels))) }
        if !pod.metadata.annotations.isEmpty {
            metadata.append(("annotations", JSONText.strings(pod.metadata.annotations)))
        }
        return JSONText.object([
            ("apiVersion", "\"v1\""), ("kind", "\"Pod\""), ("metadata", JSONText.object(metadata)),
            ("spec", JSONText.value(preparation.spec(of: pod))), ("status", status.isEmpty ? "{}" : status),
        ])
    }
}
