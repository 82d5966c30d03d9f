import PodAPI

/// Collects the lines of a description, whose columns are aligned at the end. All text of others goes through `ScreenText`.
struct DescriptionWriter {
    private var lines = ""

    var text: String { TabWriter.descriptions.aligned(lines) }

    /// A line as it is: its own words, with tabs between columns.
    mutating func line(_ level: Int, _ text: String) {
        lines += String(repeating: "  ", count: level) + text + "\n"
    }

    /// `Name:` and a value. Values of several lines and with tabs are as with kubectl.
    mutating func field(_ level: Int, _ title: String, _ value: String) {
        line(level, ScreenText.line(title) + ":\t" + ScreenText.lines(value))
    }

    /// A value per line, in the second column.
    ///
    /// - Parameter indent: Blanks before each value.
    mutating func list(_ level: Int, _ title: String, _ values: [String], indent: Int = 0) {
        let blanks = String(repeating: " ", count: indent)
        guard !values.isEmpty else { return line(level, title + ":\t" + blanks + Words.none) }
        for (index, value) in values.enumerated() {
            line(level, (index == 0 ? title + ":\t" : "\t") + blanks + ScreenText.line(value))
        }
    }

    mutating func labels(_ level: Int, _ title: String, _ labels: [String: String], indent: Int = 0) {
        list(level, title, labels.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }, indent: indent)
    }

    /// Long values and those of several lines come below their names, and are cut.
    mutating func annotations(_ level: Int, _ annotations: [String: String]) {
        let limit = 140
        let shown = annotations.filter { $0.key != "kubectl.kubernetes.io/last-applied-configuration" }
            .sorted { $0.key < $1.key }
        guard !shown.isEmpty else { return line(level, "Annotations:\t" + Words.none) }
        for (index, annotation) in shown.enumerated() {
            let start = index == 0 ? "Annotations:\t" : "\t"
            let key = ScreenText.line(annotation.key)
            var value = annotation.value
            if value.hasSuffix("\n") { value.removeLast() }
            if value.utf8.count + annotation.key.utf8.count + 2 > limit || value.contains("\n") {
                line(level, start + key + ":")
                for part in value.split(separator: "\n", omittingEmptySubsequences: false) {
                    line(level, "\t  " + ScreenText.line(Self.shortened(String(part), limit - 2)))
                }
            } else {
                line(level, start + key + ": " + ScreenText.line(value))
            }
        }
    }

    static func shortened(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        return String(decoding: text.utf8.prefix(bytes), as: UTF8.self) + "..."
    }
}
