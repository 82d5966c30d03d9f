import PodAPI

/// Access to what all objects have.
struct ObjectView {
    let object: JSONValue
    /// Nanoseconds since 1970.
    let now: Int64

    init(_ object: JSONValue, now: Int64) {
        self.object = object
        self.now = now
    }

    var name: String { text("metadata", "name") }
    var namespace: String { text("metadata", "namespace") }
    var isTerminating: Bool { object[path: "metadata", "deletionTimestamp"]?.string != nil }
    var age: String { Words.age(since: object[path: "metadata", "creationTimestamp"], now: now) }
    var annotations: [String: String] { object[path: "metadata", "annotations"]?.dictionary ?? [:] }
    var labels: [String: String] { object[path: "metadata", "labels"]?.dictionary ?? [:] }

    /// A string member; `default` where there is none, or an empty one.
    func text(_ path: String..., default value: String = "") -> String {
        let member = object[path: path[...]]
        return member.flatMap(Self.scalar)?.nonEmpty ?? value
    }

    /// Of a claim or a volume; the annotation is older than the field, and comes first.
    var storageClass: String {
        annotations["volume.beta.kubernetes.io/storage-class"] ?? text("spec", "storageClassName")
    }

    /// A number or string as text: quantities and ports may be either.
    static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): GoNumber.text(number)
        case .bool(let value): "\(value)"
        case .null, .array, .object: nil
        }
    }
}
