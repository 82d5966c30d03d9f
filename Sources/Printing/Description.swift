import PodAPI

/// Objects in words, as `kubectl describe` shows them (kubectl, `pkg/describe/describe.go`).
public struct Description {
    /// What belongs to an object beside itself.
    public struct Context: Sendable {
        /// Those of the object; nil: they are not shown.
        public var events: [JSONValue]?
        /// Pods of the object's namespace, or of all for a node.
        public var pods: [JSONValue]
        /// Nanoseconds since 1970.
        public var now: Int64

        public init(events: [JSONValue]?, pods: [JSONValue] = [], now: Int64) {
            self.events = events
            self.pods = pods
            self.now = now
        }
    }

    let object: JSONValue
    let view: ObjectView
    let context: Context
    var writer = DescriptionWriter()

    /// The lines of the description.
    public static func text(of object: JSONValue, _ context: Context) -> String {
        var description = Description(object, context)
        switch object["kind"]?.string {
        case "Pod": description.pod()
        case "PersistentVolume": description.persistentVolume()
        case "PersistentVolumeClaim": description.persistentVolumeClaim()
        case "ConfigMap": description.configMap()
        case "Secret": description.secret()
        case "Service": description.service()
        case "Node": description.node()
        case "Namespace": description.namespace()
        case "PriorityClass": description.priorityClass()
        case "StorageClass": description.storageClass()
        default: description.anything()
        }
        return description.writer.text
    }

    private init(_ object: JSONValue, _ context: Context) {
        self.object = object
        self.context = context
        view = ObjectView(object, now: context.now)
    }

    mutating func field(_ level: Int, _ title: String, _ value: String) { writer.field(level, title, value) }

    /// Left out where it is empty.
    mutating func optional(_ level: Int, _ title: String, _ value: String?) {
        if let value, !value.isEmpty { writer.field(level, title, value) }
    }

    /// Name, namespace, labels and annotations.
    mutating func identity(hasNamespace: Bool = true) {
        field(0, "Name", view.name)
        if hasNamespace { field(0, "Namespace", view.namespace) }
        writer.labels(0, "Labels", view.labels)
        writer.annotations(0, view.annotations)
    }

    static func quantity(_ value: JSONValue?) -> String {
        let text = value.flatMap(ObjectView.scalar) ?? "0"
        return Quantity(text)?.description ?? text
    }

    mutating func events() {
        guard let events = context.events else { return }
        guard !events.isEmpty else { return writer.line(0, "Events:\t" + Words.none) }
        writer.line(0, "Events:")
        writer.line(1, "Type\tReason\tAge\tFrom\tMessage")
        writer.line(1, "----\t------\t----\t----\t-------")
        let sorted = events.enumerated().map { ($0, $1, Words.nanoseconds($1["lastTimestamp"]) ?? 0) }
            .sorted { ($0.2, $0.0) < ($1.2, $1.0) }
        for (_, event, _) in sorted {
            let source =
                event[path: "source", "component"]?.string?.nonEmpty ?? event["reportingComponent"]?.string ?? ""
            let message = EventView(event, now: context.now).message
            let cells = [
                event["type"]?.string ?? "", event["reason"]?.string ?? "",
                EventTable.interval(event, now: context.now), source,
            ]
            writer.line(1, cells.map(ScreenText.line).joined(separator: "\t") + "\t" + ScreenText.lines(message))
        }
    }
}
