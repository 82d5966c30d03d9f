/// Aligns cells as Go's text/tabwriter does it, which all of kubectl's tables and descriptions go through: a column is as wide as
/// its widest cell in an unbroken run of lines that have the column, and the last cell of a line belongs to none.
struct TabWriter {
    /// Cells are at least this wide, blanks included.
    var minimum: Int
    /// Blanks after the widest cell.
    var padding: Int

    /// As kubectl's tables (cli-runtime, `printers/tabwriter.go`).
    static let tables = TabWriter(minimum: 6, padding: 3)
    /// As kubectl's descriptions.
    static let descriptions = TabWriter(minimum: 0, padding: 2)

    /// Lines of cells divided by tabs; each line ends with a line feed.
    func aligned(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
        if lines.last?.count == 1, lines.last?[0].isEmpty == true { lines.removeLast() }
        var state = State(lines: lines, writer: self)
        state.format(0..<lines.count)
        return state.text
    }

    private struct State {
        let lines: [[Substring]]
        let writer: TabWriter
        var widths: [Int] = []
        var text = ""

        init(lines: [[Substring]], writer: TabWriter) {
            self.lines = lines
            self.writer = writer
        }

        mutating func format(_ range: Range<Int>) {
            let column = widths.count
            var first = range.lowerBound
            var index = range.lowerBound
            while index < range.upperBound {
                if column >= lines[index].count - 1 {
                    index += 1
                    continue
                }
                write(first..<index)
                first = index
                var width = writer.minimum
                while index < range.upperBound, column < lines[index].count - 1 {
                    width = max(width, lines[index][column].unicodeScalars.count + writer.padding)
                    index += 1
                }
                widths.append(width)
                format(first..<index)
                widths.removeLast()
                first = index
            }
            write(first..<range.upperBound)
        }

        private mutating func write(_ range: Range<Int>) {
            for index in range {
                for (column, cell) in lines[index].enumerated() {
                    text += cell
                    if column < widths.count {
                        let blanks = widths[column] - cell.unicodeScalars.count
                        if blanks > 0 { text += String(repeating: " ", count: blanks) }
                    }
                }
                text += "\n"
            }
        }
    }
}
