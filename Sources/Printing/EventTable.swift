import PodAPI

/// The table of `kubectl events`; that of `kubectl get events` is a `Table`.
public struct EventTable: Sendable {
    private let showsNamespace: Bool
    private let hidesHeaders: Bool
    private var hasPrintedHeaders = false
    private var widths = ColumnWidths()

    public init(showsNamespace: Bool, hidesHeaders: Bool = false) {
        self.showsNamespace = showsNamespace
        self.hidesHeaders = hidesHeaders
    }

    /// In the order of their times; nothing where there are none.
    ///
    /// - Parameter now: Nanoseconds since 1970.
    public mutating func text(of events: [JSONValue], now: Int64) -> String {
        if events.isEmpty { return "" }
        var lines: [[String]] = []
        if !hidesHeaders, !hasPrintedHeaders {
            lines.append((showsNamespace ? ["NAMESPACE"] : []) + ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])
        }
        hasPrintedHeaders = true
        for event in Self.ordered(events) {
            let view = EventView(event, now: now)
            let object = event["involvedObject"] ?? .null
            let target = (object["kind"]?.string ?? "") + "/" + (object["name"]?.string ?? "")
            var cells = [Self.interval(event, now: now), view.type, view.reason, target, view.message]
            if showsNamespace { cells.insert(event[path: "metadata", "namespace"]?.string ?? "", at: 0) }
            lines.append(cells.map(ScreenText.line))
        }
        return widths.aligned(lines)
    }

    /// By when they were seen last; events of one time stay in order.
    public static func ordered(_ events: [JSONValue]) -> [JSONValue] {
        events.enumerated().map { (EventView($1, now: 0).time, $0, $1) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// `12s`, or `5s (x3 over 2m)` of one that was repeated.
    static func interval(_ event: JSONValue, now: Int64) -> String {
        let time = event["eventTime"].flatMap { $0.isNull ? nil : $0 } ?? event["firstTimestamp"]
        let first = Words.age(since: time, now: now)
        if let series = event["series"], !series.isNull {
            let count = series["count"]?.integer ?? 0
            return "\(Words.age(since: series["lastObservedTime"], now: now)) (x\(count) over \(first))"
        }
        if let count = event["count"]?.integer, count > 1 {
            return "\(Words.age(since: event["lastTimestamp"], now: now)) (x\(count) over \(first))"
        }
        return first
    }
}
