/// A column of a table, as kubectl prints it.
public struct TableColumn: Sendable, Equatable {
    public var title: String

    public init(_ title: String) {
        self.title = title
    }
}
