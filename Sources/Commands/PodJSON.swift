import Foundation
import PodAPI
import PodManifest
import PodPlan

/// The pod object as `-o json` prints it: the identity that it was given, what it was asked to be, and the status that its
/// supervisor observed last.
enum PodJSON {
    /// One pod, or a List where there are several.
    static func text(of preparation: Preparation, statuses: [String]) -> String {
        let pods = zip(preparation.pods, statuses).map { object(of: $0.pod, preparation, status: $1) }
        let whole = pods.count == 1 ? pods[0] : ["apiVersion": "v1", "kind": "List", "items": pods]
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: whole, options: options) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func object(of pod: Pod, _ preparation: Preparation, status: String) -> [String: Any] {
        var metadata: [String: Any] = [
            "name": pod.metadata.name, "namespace": pod.metadata.namespace, "uid": pod.metadata.uid,
        ]
        if !pod.metadata.labels.isEmpty { metadata["labels"] = pod.metadata.labels }
        if !pod.metadata.annotations.isEmpty { metadata["annotations"] = pod.metadata.annotations }
        var object: [String: Any] = ["apiVersion": "v1", "kind": "Pod", "metadata": metadata]
        object["spec"] = any(preparation.spec(of: pod))
        if let parsed = try? JSONSerialization.jsonObject(with: Data(status.utf8)) { object["status"] = parsed }
        return object
    }

    private static func any(_ value: ManifestValue) -> Any {
        switch value {
        case .null: NSNull()
        case .bool(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .string(let value): value
        case .list(let items): items.map(any)
        case .mapping(let entries):
            Dictionary(entries.map { ($0.key, any($0.value)) }, uniquingKeysWith: { first, _ in first })
        }
    }
}
