import PodAPI
import Testing

@testable import Commands

@Suite struct WaitConditionTests {
    private static let pod = #"""
        {"metadata":{"name":"x","generation":2},"status":{"phase":"Running","podIPs":[{"ip":"a"},{"ip":"b"}],"conditions":[
        {"type":"Ready","status":"True"},{"type":"Old","status":"True","observedGeneration":1},
        {"type":"Initialized","status":"False"}],"containerStatuses":[{"name":"c","restartCount":3,"ready":true}]}}
        """#

    @Test(arguments: [
        ("condition=Ready", true), ("condition=ready", true), ("condition=Ready=true", true),
        ("condition=Ready=False", false), ("condition=Initialized", false), ("condition=Initialized=false", true),
        ("condition=None", false), ("condition=Old", false), ("Create", true), ("delete", false),
        ("jsonpath={.status.phase}=Running", true), ("jsonpath='{.status.phase}'=Running", false),
        ("jsonpath={.status.phase}=Pending", false), ("jsonpath={.status.phase}", true),
        ("jsonpath={.status.x}", false),
        ("jsonpath={.status.phase}='Running'", true), ("jsonpath=.status.phase=Running", true),
        ("jsonpath=status.phase=Running", true), ("jsonpath={.status.containerStatuses[0].restartCount}=3", true),
        ("jsonpath={.status.containerStatuses[0].ready}=true", true),
        (#"jsonpath={.status.conditions[?(@.type=="Ready")].status}=True"#, true),
        ("jsonpath={.status.conditions[?(@.type=='Ready')].status}=False", false),
    ])
    func conditions(_ text: String, _ holds: Bool) throws {
        let pod = try JSONValue(parsing: Self.pod.utf8)
        let condition = try? WaitCondition(text)
        // With the shell's quotation marks it is no path.
        if text.contains("'{") { return #expect(condition == nil) }
        #expect(try #require(condition).holds(for: pod) == holds)
    }

    @Test(arguments: ["", "ready", "jsonpath=", "jsonpath={.a}=", "jsonpath={.a}x", "jsonpath={.a"])
    func whatIsNone(_ text: String) {
        #expect(throws: CommandError.self) { try WaitCondition(text) }
    }

    @Test(arguments: ["jsonpath={.status.podIPs[*].ip}=a", "jsonpath={.status}=x"])
    func whatHasNoSingleValue(_ text: String) throws {
        let pod = try JSONValue(parsing: Self.pod.utf8)
        #expect(throws: CommandError.self) { try WaitCondition(text).holds(for: pod) }
    }

    @Test(
        arguments: [
            ("30s", 30_000_000_000), ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000), ("-1s", -1_000_000_000),
            ("0", 0), ("250ms", 250_000_000),
        ] as [(String, Int64)])
    func durations(_ text: String, _ nanoseconds: Int64) {
        #expect(DurationArgument(argument: text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "5", "s", "1x", "1m30", "--1s"])
    func whatIsNoDuration(_ text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }
}
