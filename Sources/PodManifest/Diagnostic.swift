import PodAPI

/// One line for the user: `pod.yaml:14:9: spec.containers[0].name: required`.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    public var file: String
    /// Both count from 1; nil where it is the file as a whole.
    public var line: Int?
    public var column: Int?
    public var path: FieldPath?
    /// Lower case, without a full stop.
    public var message: String

    public init(file: String, line: Int? = nil, column: Int? = nil, path: FieldPath? = nil, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }

    /// Control characters are escaped, so that a manifest cannot write to the terminal.
    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let column { text += ":\(column)" }
        if let path, !path.components.isEmpty { text += ": " + cutOff(path.description, at: 400) }
        return escapingControls(text + ": " + message)
    }
}

/// C0, C1, DEL, line separators and the bidirectional controls as `\u{1b}`.
func escapingControls(_ text: String) -> String {
    var result = ""
    result.unicodeScalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x00...0x1f, 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A name or value in a message: in quotes, and cut off where it is long.
func quoted(_ text: String) -> String {
    "\"" + cutOff(text, at: 80) + "\""
}

func cutOff(_ text: String, at limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    let head = text.unicodeScalars.prefix(limit)
    return head.endIndex == text.unicodeScalars.endIndex ? text : String(String.UnicodeScalarView(head)) + "…"
}
