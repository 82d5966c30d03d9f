import PodAPI

/// An event of a pod as an object of kind Event (core/v1), from the line that the pod's supervisor keeps of it.
enum PodEventObject {
    /// Name and uid are the same each time.
    static func make(_ told: JSONValue, of pod: JSONValue, node: String) -> JSONValue {
        let metadata = pod["metadata"] ?? .object([])
        func text(_ value: JSONValue?) -> String { value?.string ?? "" }
        let name = text(metadata["name"])
        let uid = text(metadata["uid"])
        let fieldPath = text(told["fieldPath"])
        let reason = text(told["reason"])
        let identity = [uid, text(told["type"]), reason, text(told["message"]), fieldPath].joined(separator: "\0")
        let first = hash(identity, 0xcbf2_9ce4_8422_2325)
        let space = JSONValue.string(text(metadata["namespace"]))
        var involved: [JSONValue.Member] = [.init("apiVersion", .string("v1"))]
        if !fieldPath.isEmpty { involved.append(.init("fieldPath", .string(fieldPath))) }
        involved += [.init("kind", .string("Pod")), .init("name", .string(name)), .init("namespace", space)]
        involved.append(.init("uid", .string(uid)))
        var source: [JSONValue.Member] = [.init("component", .string("kubelet"))]
        if !node.isEmpty { source.append(.init("host", .string(node))) }
        return .object([
            .init("apiVersion", .string("v1")), .init("count", told["count"] ?? .integer(1)),
            .init("eventTime", .null), .init("firstTimestamp", told["firstTimestamp"] ?? .null),
            .init("involvedObject", .object(involved)), .init("kind", .string("Event")),
            .init("lastTimestamp", told["lastTimestamp"] ?? .null), .init("message", .string(text(told["message"]))),
            .init(
                "metadata",
                .object([
                    .init("creationTimestamp", told["firstTimestamp"] ?? .null),
                    .init("name", .string("\(name).\(hexadecimal(first))")), .init("namespace", space),
                    .init("uid", .string(eventUID(first, hash(identity, first)))),
                ])),
            .init("reason", .string(reason)), .init("reportingComponent", .string("kubelet")),
            .init("reportingInstance", .string(node)), .init("source", .object(source)),
            .init("type", .string(told["type"]?.string ?? "Normal")),
        ])
    }

    /// FNV-1a: the same event has the same name, whoever reads it.
    private static func hash(_ text: String, _ start: UInt64) -> UInt64 {
        text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A UUID of version 8 (RFC 9562), whose bits are the maker's own.
    private static func eventUID(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array(hexadecimal(high & ~0xf000 | 0x8000) + hexadecimal(low & ~(3 << 62) | 1 << 63))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }
}
