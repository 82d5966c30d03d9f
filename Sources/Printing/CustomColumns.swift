import PodAPI

/// `-o custom-columns`: titles, each with a path.
public struct CustomColumns: Sendable {
    private let titles: [String]
    private let paths: [JSONPath]

    /// - Parameter specification: `NAME:.metadata.name,IMAGE:.spec.containers[*].image`
    public init(_ specification: String) throws(JSONPathError) {
        guard !specification.isEmpty else {
            throw JSONPathError("custom-columns format specified but no custom columns given")
        }
        var titles: [String] = []
        var paths: [JSONPath] = []
        for part in specification.split(separator: ",", omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: ":") else {
                throw JSONPathError("unexpected custom-columns spec: \(part), expected <header>:<json-path-expr>")
            }
            titles.append(String(part[..<colon]))
            paths.append(try JSONPath(relaxed: String(part[part.index(after: colon)...])))
        }
        self.titles = titles
        self.paths = paths
    }

    /// - Parameter template: Two lines, of titles and of paths, divided by blanks.
    public init(template: String) throws(JSONPathError) {
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
        func words(_ index: Int, _ what: String) throws(JSONPathError) -> [String] {
            guard index < lines.count, !(index == lines.count - 1 && lines[index].isEmpty) else {
                throw JSONPathError(
                    "invalid template, missing \(what) line. Expected format is one line of space separated headers, one line "
                        + "of space separated column specs.")
            }
            return lines[index].split { $0.isWhitespace }.map(String.init)
        }
        titles = try words(0, "header")
        let specifications = try words(1, "spec")
        guard titles.count == specifications.count else {
            throw JSONPathError(
                "number of headers (\(titles.count)) and field specifications (\(specifications.count)) don't match")
        }
        var paths: [JSONPath] = []
        for path in specifications { paths.append(try JSONPath(relaxed: path)) }
        self.paths = paths
    }

    /// The lines of the table.
    public func text(of objects: [JSONValue], hidesHeaders: Bool) throws(JSONPathError) -> String {
        var lines = hidesHeaders ? "" : titles.map(ScreenText.line).joined(separator: "\t") + "\n"
        for object in objects {
            var cells: [String] = []
            for path in paths {
                let results = try path.results(in: object)
                var values = results.flatMap { $0 }.map { ScreenText.line(Self.text($0)) }
                if results.first?.isEmpty ?? true { values.insert(Words.none, at: 0) }
                cells.append(values.joined(separator: ","))
            }
            lines += cells.joined(separator: "\t") + "\n"
        }
        return TabWriter.tables.aligned(lines)
    }

    /// As Go's fmt.Sprint.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "<nil>"
        case .bool(let value): value ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let number): GoNumber.text(number)
        case .string(let text): text
        case .array(let items): "[" + items.map(text).joined(separator: " ") + "]"
        case .object(let members):
            "map[" + members.sorted { $0.key < $1.key }.map { $0.key + ":" + text($0.value) }.joined(separator: " ")
                + "]"
        }
    }
}
