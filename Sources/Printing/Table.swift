import PodAPI

/// Rows of objects of one kind, as an API server gives them to kubectl.
public struct Table: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// One for each column, those of `-o wide` included.
        public var cells: [String]
        public var namespace: String
        public var labels: [String: String]

        public init(_ cells: [String], namespace: String = "", labels: [String: String] = [:]) {
            self.cells = cells
            self.namespace = namespace
            self.labels = labels
        }
    }

    public var columns: [TableColumn]
    public var rows: [Row]

    public init(columns: [TableColumn], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }
}
