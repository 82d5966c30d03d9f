import Printing
import Testing

@Suite struct UsageTableTests {
    private let rows = [
        UsageTable.Row(namespace: "default", pod: "web", container: "a", cpu: 1_500_001, memory: 5 << 20),
        UsageTable.Row(namespace: "default", pod: "web", container: "b", cpu: 0, memory: (3 << 20) + 5),
    ]

    /// The last column has blanks after it, as kubectl's.
    @Test func columnsAreThoseOfKubectl() {
        let text = UsageTable.pods(
            rows, showsNamespace: true, showsContainers: true, hidesHeaders: false, total: true)
        #expect(
            text.split(separator: "\n").map(String.init) == [
                "NAMESPACE   POD   NAME   CPU(cores)   MEMORY(bytes)   ",
                "default     web   a      2m           5Mi             ",
                "default     web   b      0m           3Mi             ",
                "                         ________     ________        ",
                "                         2m           8Mi             ",
            ])
    }

    @Test func nodes() {
        let text = UsageTable.node(
            "here", cpu: 500_000_000, memory: 1 << 30, processors: 2_000_000_000, capacity: 4 << 30, hidesHeaders: false
        )
        #expect(
            text.split(separator: "\n").map(String.init) == [
                "NAME   CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   ",
                "here   500m         25%      1024Mi          25%         ",
            ])
    }
}
