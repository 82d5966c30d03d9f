import PodPlan
import Testing

@Suite struct EnvFileTests {
    @Test(
        arguments: [
            ("", [:]), ("A='1'", ["A": "1"]), ("A='1'\nB='two words'\n", ["A": "1", "B": "two words"]),
            ("# c\n\n  \t\n A=''  \n", ["A": ""]), ("A='1'\nA='2'\n", ["A": "2"]),
            ("A='line\nnext # no comment'\nB='$X \\n \"q\"'", ["A": "line\nnext # no comment", "B": "$X \\n \"q\""]),
            ("a.b-c='x=y'", ["a.b-c": "x=y"]),
        ] as [(String, [String: String])])
    func values(_ text: String, _ expected: [String: String]) throws {
        #expect(try EnvFile.parse(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("A=1", "line 1: a value must be in single quotes"), ("\nA=\"1\"", "line 2: a value must be in single quotes"),
        ("A='1''2'", "line 1: nothing may follow the closing single quote"),
        ("A='1' # c", "line 1: nothing may follow the closing single quote"),
        ("A='x\ny'\nB='", "line 3: the closing single quote is missing"), ("A", "line 1: must be NAME='value'"),
        ("export A='1'", "line 1: a name consists of printable ASCII characters other than blanks and '='"),
        ("='1'", "line 1: a name consists of printable ASCII characters other than blanks and '='"),
        ("A='\0'", "line 1: a value must be UTF-8 without NUL"),
        (String(repeating: "n", count: 129) + "=''", "line 1: a name has no more than 128 characters"),
        ("A='" + String(repeating: "v", count: 32769) + "'", "line 1: a value has no more than 32768 bytes"),
        (String(repeating: "#", count: 65537), "is larger than 65536 bytes"),
    ])
    func failures(_ text: String, _ message: String) {
        #expect(throws: EnvFile.Failure(message: message)) { try EnvFile.parse(Array(text.utf8)) }
    }

    @Test func stepsAreTakenInOrder() throws {
        var late = LateEnvironment(
            defaults: ["PATH=/bin", "A=default"],
            steps: [
                .value(name: "S", value: "service"), .file(name: "A", volume: 1, path: "f", key: "K", optional: false),
                .text(name: "B", text: "$(A)-$(S)-$(NO)-$$(A)"),
                .file(name: "C", volume: 1, path: "f", key: "none", optional: true),
                .file(name: "D", volume: 2, path: "absent", key: "K", optional: true), .value(name: "E", value: "$(A)"),
            ])
        late.argv = [.init("$(A)", isExpanded: false), .init("$(B)", isExpanded: true)]
        let resolved = try late.resolve { volume, path in volume == 1 && path == "f" ? Array("K='v'".utf8) : nil }
        #expect(resolved.environment == ["PATH=/bin", "S=service", "A=v", "B=v-service-$(NO)-$(A)", "E=$(A)"])
        #expect(resolved.argv == ["$(A)", "v-service-$(NO)-$(A)"])
        #expect(try LateEnvironment(packet: late.packet) == late)
    }

    @Test(
        arguments: [
            (nil, "file \"f\": no such file"), ("X='1'", "file \"f\": environment variable key \"K\" not found"),
            ("K=1", "file \"f\": line 1: a value must be in single quotes"),
        ] as [(String?, String)])
    func whatIsMissingIsNamed(_ content: String?, _ message: String) {
        let late = LateEnvironment(
            defaults: [], steps: [.file(name: "A", volume: 1, path: "f", key: "K", optional: false)])
        #expect(throws: EnvFile.Failure(message: message)) {
            try late.resolve { _, _ in content.map { Array($0.utf8) } }
        }
    }
}
