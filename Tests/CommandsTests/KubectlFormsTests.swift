import Testing

@testable import Commands

@Suite struct KubectlFormsTests {
    @Test(arguments: [
        (["get", "pods", "--watch=true", "-A"], ["get", "pods", "--watch", "-A"]),
        (["get", "pods", "--no-headers=false"], ["get", "pods"]),
        (["describe", "pod", "--show-events=false"], ["describe", "pod", "--no-show-events"]),
        (["get", "pods", "--watch=maybe"], ["get", "pods", "--watch=maybe"]),
        (["get", "--sort-by=true"], ["get", "--sort-by=true"]),
        (["run", "--watch=true"], ["run", "--watch=true"]),
        (["get", "po", "-ojsonpath={.a}", "-lapp=web"], ["get", "po", "-o", "jsonpath={.a}", "-l", "app=web"]),
        (["get", "-n=x", "-o", "-f-", "-", "-Aw"], ["get", "-n", "x", "-o", "-f", "-", "-", "-Aw"]),
    ])
    func flagsWithValues(written: [String], parsed: [String]) { #expect(KubectlForms.plain(written) == parsed) }
}
