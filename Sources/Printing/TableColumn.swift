/// A column of a table, as kubectl prints it.
public struct TableColumn: Sendable, Equatable {
    public var title: String
    /// Only shown with `-o wide`.
    public var isWide: Bool

    public init(_ title: String, isWide: Bool = false) {
        self.title = title
        self.isWide = isWide
    }
}
