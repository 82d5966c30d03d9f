/// The tables of `kubectl top`.
public struct UsageTable: Sendable {
    public struct Row: Sendable, Equatable {
        public var namespace: String
        public var pod: String
        /// Empty: of the pod as a whole.
        public var container: String
        /// Nanoseconds of CPU time a second.
        public var cpu: Int64
        /// Bytes.
        public var memory: Int64

        public init(namespace: String, pod: String, container: String, cpu: Int64, memory: Int64) {
            self.namespace = namespace
            self.pod = pod
            self.container = container
            self.cpu = cpu
            self.memory = memory
        }

        fileprivate var cells: [String] { ["\((cpu + 999_999) / 1_000_000)m", "\(memory / (1024 * 1024))Mi"] }
    }

    /// - Parameter total: A last line with the sum.
    public static func pods(
        _ rows: [Row], showsNamespace: Bool, showsContainers: Bool, hidesHeaders: Bool, total: Bool
    ) -> String {
        if rows.isEmpty { return "" }
        var lines: [[String]] = []
        let titles =
            (showsNamespace ? ["NAMESPACE"] : []) + (showsContainers ? ["POD"] : [])
            + ["NAME", "CPU(cores)", "MEMORY(bytes)"]
        if !hidesHeaders { lines.append(titles) }
        for row in rows {
            let names = (showsNamespace ? [row.namespace] : []) + [row.pod] + (showsContainers ? [row.container] : [])
            lines.append(names.map(ScreenText.line) + row.cells)
        }
        if total {
            let sum = Row(
                namespace: "", pod: "", container: "", cpu: rows.reduce(0) { $0 + $1.cpu },
                memory: rows.reduce(0) { $0 + $1.memory })
            let blanks = [String](repeating: "", count: titles.count - 2)
            lines.append(blanks + ["________", "________"])
            lines.append(blanks + sum.cells)
        }
        return aligned(lines)
    }

    /// - Parameters:
    ///   - cpu: Nanoseconds of CPU time a second.
    ///   - memory: Bytes.
    ///   - processors: What there is of each, in nanoseconds a second and bytes.
    public static func node(
        _ name: String, cpu: Int64, memory: Int64, processors: Int64, capacity: Int64, hidesHeaders: Bool
    ) -> String {
        func percent(_ part: Int64, _ whole: Int64) -> String {
            "\(whole == 0 ? 0 : Int64(Double(part) / Double(whole) * 100))%"
        }
        let cells = Row(namespace: "", pod: "", container: "", cpu: cpu, memory: memory).cells
        let line = [
            ScreenText.line(name), cells[0], percent(cpu, processors), cells[1], percent(memory, capacity),
        ]
        return aligned((hidesHeaders ? [] : [["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]]) + [line])
    }

    /// Each cell ends its column here, as with kubectl.
    private static func aligned(_ lines: [[String]]) -> String {
        TabWriter.tables.aligned(lines.map { $0.map { $0 + "\t" }.joined() + "\n" }.joined())
    }
}
