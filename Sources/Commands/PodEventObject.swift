import PodAPI

/// An event of a pod as an object of kind Event (core/v1), from the line that the pod's supervisor has written.
enum PodEventObject {
    /// The name is the same each time, and another for each event of the pod.
    static func make(_ event: JSONValue, of pod: JSONValue, node: String) -> JSONValue {
        let metadata = pod["metadata"] ?? .null
        let name = metadata["name"] ?? .string("")
        let namespace = metadata["namespace"] ?? .string("")
        let fieldPath = event["fieldPath"]?.string ?? ""
        let key = [event["type"], event["reason"], event["message"]].map { $0?.string ?? "" } + [fieldPath]
        var subject: [JSONValue.Member] = [.init("apiVersion", .string("v1"))]
        if !fieldPath.isEmpty { subject.append(.init("fieldPath", .string(fieldPath))) }
        subject += [.init("kind", .string("Pod")), .init("name", name), .init("namespace", namespace)]
        if let uid = metadata["uid"] { subject.append(.init("uid", uid)) }
        let first = event["firstTimestamp"] ?? .null
        return .object([
            .init("apiVersion", .string("v1")), .init("count", event["count"] ?? .integer(1)),
            .init("firstTimestamp", first), .init("involvedObject", .object(subject)), .init("kind", .string("Event")),
            .init("lastTimestamp", event["lastTimestamp"] ?? first), .init("message", event["message"] ?? .string("")),
            .init(
                "metadata",
                .object([
                    .init("creationTimestamp", first),
                    .init("name", .string((name.string ?? "") + "." + digest(key.joined(separator: "\0")))),
                    .init("namespace", namespace),
                ])), .init("reason", event["reason"] ?? .string("")),
            .init("reportingComponent", .string("swiftlet")), .init("reportingInstance", .string(node)),
            .init("source", .object([.init("component", .string("swiftlet")), .init("host", .string(node))])),
            .init("type", event["type"] ?? .string("Normal")),
        ])
    }

    /// FNV-1a, as 16 hexadecimal digits.
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
