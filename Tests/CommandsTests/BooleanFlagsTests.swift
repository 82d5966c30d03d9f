import Testing

@testable import Commands

@Suite struct BooleanFlagsTests {
    @Test(arguments: [
        (["get", "pods", "--watch=true", "-A"], ["get", "pods", "--watch", "-A"]),
        (["get", "pods", "--no-headers=false"], ["get", "pods"]),
        (["describe", "pod", "--show-events=false"], ["describe", "pod", "--no-show-events"]),
        (["get", "pods", "--watch=maybe"], ["get", "pods", "--watch=maybe"]),
        (["get", "--sort-by=true"], ["get", "--sort-by=true"]),
        (["run", "--watch=true"], ["run", "--watch=true"]),
    ])
    func flagsWithValues(written: [String], parsed: [String]) { #expect(BooleanFlags.plain(written) == parsed) }
}
