import Printing
import Testing

@Suite struct TableColumnTests {
    @Test func hasATitle() { #expect(TableColumn("NAME").title == "NAME") }
}
