/// Aligns lines that all have the same number of cells. What comes later is as wide as what came before, as in kubectl's
/// tables of what is watched.
struct ColumnWidths: Sendable {
    private var widths: [Int] = []

    /// The lines, each with a line feed. Blanks come after all cells but the last.
    mutating func aligned(_ lines: [[String]]) -> String {
        let count = max((lines.first?.count ?? 1) - 1, 0)
        widths += repeatElement(TabWriter.tables.minimum, count: max(count - widths.count, 0))
        for line in lines {
            for column in 0..<count {
                widths[column] = max(widths[column], line[column].unicodeScalars.count + TabWriter.tables.padding)
            }
        }
        var text = ""
        for line in lines {
            for column in 0..<count {
                text += line[column]
                text += String(repeating: " ", count: widths[column] - line[column].unicodeScalars.count)
            }
            text += line[count] + "\n"
        }
        return text
    }
}
