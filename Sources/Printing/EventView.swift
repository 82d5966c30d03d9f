import PodAPI

/// An event as tables and descriptions show it: of core/v1, with or without a series.
public struct EventView: Sendable {
    public let firstSeen: String
    public let lastSeen: String
    public let count: Int64
    /// `pod/web`
    public let target: String
    /// `swiftlet, host-1`
    public let source: String
    public let message: String
    public let type: String
    public let reason: String
    /// When it was seen last, in nanoseconds since 1970; events are put in order by it.
    public let time: Int64

    public init(_ event: JSONValue, now: Int64) {
        func age(_ time: JSONValue?) -> String? {
            Words.nanoseconds(time).map { Words.age(nanoseconds: now - $0) }
        }
        firstSeen = age(event["firstTimestamp"]) ?? age(event["eventTime"]) ?? Words.unknown
        if let series = event["series"], !series.isNull {
            lastSeen = age(series["lastObservedTime"]) ?? Words.unknown
            count = series["count"]?.integer ?? 0
        } else {
            lastSeen = age(event["lastTimestamp"]) ?? firstSeen
            count = max(event["count"]?.integer ?? 0, 1)
        }
        let object = event["involvedObject"] ?? .null
        let kind = (object["kind"]?.string ?? "").lowercased()
        let name = object["name"]?.string ?? ""
        target = name.isEmpty ? kind : kind + "/" + name
        let component =
            event[path: "source", "component"]?.string?.nonEmpty ?? event["reportingComponent"]?.string ?? ""
        let instance = event[path: "source", "host"]?.string?.nonEmpty ?? event["reportingInstance"]?.string ?? ""
        source = instance.isEmpty ? component : component + ", " + instance
        message = Self.trimmed(event["message"]?.string ?? "")
        type = event["type"]?.string ?? ""
        reason = event["reason"]?.string ?? ""
        let times = [
            event[path: "series", "lastObservedTime"], event["lastTimestamp"], event["eventTime"],
            event["firstTimestamp"],
        ]
        time = times.lazy.compactMap(Words.nanoseconds).first ?? 0
    }

    private static func trimmed(_ text: String) -> String {
        var part = Substring(text)
        while let first = part.first, first.isWhitespace { part.removeFirst() }
        while let last = part.last, last.isWhitespace { part.removeLast() }
        return String(part)
    }
}
