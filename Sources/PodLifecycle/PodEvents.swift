import PodPlan

/// A pod's events as Kubernetes has them: the same one told again only counts up. A bounded number; the one that was told
/// least recently goes first.
///
/// In a file, each is a JSON object on a line of its own, with its members in this order:
///
///     {"type":"Normal","reason":"Started","message":"Started container web","fieldPath":"spec.containers{web}",
///      "count":1,"firstTimestamp":"…","lastTimestamp":"…"}
public struct PodEvents: Sendable, Equatable {
    public static let limit = 200
    /// Bytes of a message, as in Kubernetes.
    public static let longestMessage = 1024

    public struct Event: Sendable, Equatable {
        public var isWarning: Bool
        public var reason: String
        public var message: String
        /// `spec.containers{name}`; empty: it is about the pod.
        public var fieldPath: String
        public var count: Int64 = 1
        /// As `metav1.Time` prints it.
        public var firstTimestamp = ""
        public var lastTimestamp = ""
    }

    /// In the order in which they were first told.
    public private(set) var list: [Event] = []
    /// Positions in `list`, from the one that was told least recently on.
    private var recency: [Int] = []

    public init() {}

    public mutating func record(
        _ reason: String, _ message: String, isWarning: Bool = false, fieldPath: String = "", at now: Moment
    ) {
        var bytes = message.utf8.prefix(Self.longestMessage)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        let message = String(Substring(bytes))
        let timestamp = now.timestamp
        let same = list.firstIndex {
            $0.reason == reason && $0.message == message && $0.fieldPath == fieldPath && $0.isWarning == isWarning
        }
        if let same {
            list[same].count += 1
            list[same].lastTimestamp = timestamp
            recency.removeAll { $0 == same }
            recency.append(same)
            return
        }
        if list.count >= Self.limit, let oldest = recency.first {
            list.remove(at: oldest)
            recency.removeFirst()
            recency = recency.map { $0 > oldest ? $0 - 1 : $0 }
        }
        recency.append(list.count)
        list.append(
            Event(
                isWarning: isWarning, reason: reason, message: message, fieldPath: fieldPath, firstTimestamp: timestamp,
                lastTimestamp: timestamp))
    }

    public var text: String {
        var text = ""
        for event in list {
            var members: [JSON.Member] = [
                .init("type", .string(event.isWarning ? "Warning" : "Normal")), .init("reason", .string(event.reason)),
                .init("message", .string(event.message)),
            ]
            if !event.fieldPath.isEmpty { members.append(.init("fieldPath", .string(event.fieldPath))) }
            members += [
                .init("count", .number(event.count)), .init("firstTimestamp", .string(event.firstTimestamp)),
                .init("lastTimestamp", .string(event.lastTimestamp)),
            ]
            text += JSON.object(members).text + "\n"
        }
        return text
    }

    /// What an earlier supervisor has written. Lines that are not such are left out.
    public init(text: String) {
        for line in text.split(separator: "\n") {
            guard list.count < Self.limit, let members = FlatJSON.members(line), let type = members["type"],
                let reason = members["reason"], let message = members["message"]
            else { continue }
            recency.append(list.count)
            list.append(
                Event(
                    isWarning: type == "Warning", reason: reason, message: message,
                    fieldPath: members["fieldPath"] ?? "", count: members["count"].flatMap { Int64($0) } ?? 1,
                    firstTimestamp: members["firstTimestamp"] ?? "", lastTimestamp: members["lastTimestamp"] ?? ""))
        }
        recency.sort { (list[$0].lastTimestamp, $0) < (list[$1].lastTimestamp, $1) }
    }
}

/// Reads an object of strings and integers, as `JSON` writes it; numbers come as their digits.
enum FlatJSON {
    static func members(_ line: Substring) -> [String: String]? {
        var rest = line.unicodeScalars[...]
        func take(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }
        var members: [String: String] = [:]
        guard take("{") else { return nil }
        repeat {
            guard take("\""), let key = string(&rest), take(":") else { return nil }
            if take("\"") {
                guard let value = string(&rest) else { return nil }
                members[key] = value
            } else {
                let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "-" }
                rest = rest.dropFirst(digits.count)
                members[key] = String(String.UnicodeScalarView(digits))
            }
        } while take(",")
        return take("}") && rest.isEmpty ? members : nil
    }

    /// After the opening quotation mark, up to and with the closing one.
    private static func string(_ rest: inout Substring.UnicodeScalarView.SubSequence) -> String? {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\":
                switch rest.popFirst() {
                case "n": text.append("\n")
                case "r": text.append("\r")
                case "t": text.append("\t")
                case "u":
                    let digits = rest.prefix(4)
                    rest = rest.dropFirst(4)
                    guard let code = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
                        let value = Unicode.Scalar(code)
                    else { return nil }
                    text.append(value)
                case let other?: text.append(other)
                case nil: return nil
                }
            default: text.append(scalar)
            }
        }
        return nil
    }
}
