/// Prints tables of one kind, one after the other, as `get --watch` does: headers come once, and columns do not shrink.
public struct TablePrinter: Sendable {
    private let options: TableOptions
    private var widths = ColumnWidths()
    private var hasPrintedHeaders = false

    public init(_ options: TableOptions) { self.options = options }

    /// The lines of a table; empty where it has no rows.
    ///
    /// - Parameter event: The first column, where there is one: `ADDED`, with `--output-watch-events`.
    public mutating func text(of table: Table, event: String? = nil) -> String {
        guard !table.rows.isEmpty else { return "" }
        let shown = table.columns.indices.filter { options.isWide || !table.columns[$0].isWide }
        var lines: [[String]] = []
        if !options.hidesHeaders, !hasPrintedHeaders {
            var titles = shown.map { table.columns[$0].title.uppercased() }
            if options.showsNamespace { titles.insert("NAMESPACE", at: 0) }
            titles += options.labelColumns.map(Self.title)
            if options.showsLabels { titles.append("LABELS") }
            if event != nil { titles.insert("EVENT", at: 0) }
            lines.append(titles.map(ScreenText.cell))
        }
        hasPrintedHeaders = true
        let nameColumn = table.columns.firstIndex { $0.title == "Name" }
        for row in table.rows {
            var cells: [String] = []
            cells.reserveCapacity(shown.count + 3)
            if let event { cells.append(Self.padded(event)) }
            if options.showsNamespace { cells.append(ScreenText.cell(row.namespace)) }
            for column in shown {
                let cell = ScreenText.cell(row.cells[column])
                if column == nameColumn, let prefix = options.kindPrefix {
                    cells.append(prefix + "/" + cell)
                } else {
                    cells.append(cell)
                }
            }
            for label in options.labelColumns { cells.append(ScreenText.cell(row.labels[label] ?? "")) }
            if options.showsLabels { cells.append(ScreenText.cell(Words.labels(row.labels))) }
            lines.append(cells)
        }
        return widths.aligned(lines)
    }

    /// The last part of a label's name, in capitals: `app.kubernetes.io/name` has the title NAME.
    private static func title(_ label: String) -> String {
        String(label.split(separator: "/", omittingEmptySubsequences: false).last ?? "").uppercased()
    }

    private static func padded(_ event: String) -> String {
        event + String(repeating: " ", count: max(8 - event.count, 0))
    }
}
