import Foundation
import Glibc
import PodAPI
import Testing

extension HostTests {
    /// `get`, `events`, `api-resources` and `explain`, of pods that really run.
    @Suite struct GetTests {
        private let web = pod(
            container("a", "echo up; \(idle)"), container("b", idle), initContainers: [container("i", "true")],
            name: "test"
        ).replacing("{name: test}", with: "{name: test, labels: {app: web, tier: front}}")

        @Test func aRunningPodInAllForms() throws {
            try withWorld { world in
                try world.whileRunning(web) { _ in
                    let table = try world.verb("get", "pods")
                    #expect(table.code == 0 && table.stderr.isEmpty, "\(table)")
                    #expect(table.lines.first == "NAME   READY   STATUS    RESTARTS   AGE", "\(table)")
                    #expect(table.lines.count == 2)
                    #expect(
                        table.lines.last?.contains(#/^test   2\/2     Running   0          \d+s$/#) == true, "\(table)")
                    #expect(
                        try world.verb("get", "po", "test", "-L", "tier", "--no-headers").stdout
                            .contains(#/^test   2\/2   Running   0     \d+s +front\n$/#))
                    #expect(
                        try world.verb("get", "pod/test", "-A", "--show-labels").stderr
                            == "error: a resource cannot be retrieved by name across all namespaces\n")
                    #expect(
                        try world.verb("get", "pods", "-A", "--show-labels").lines.last?.hasSuffix("app=web,tier=front")
                            == true)
                    for form in [["-o", "name"], ["-oname"], ["-o=name"], ["--output=name"], ["-lapp=web", "-oname"]] {
                        let outcome = try world.command(
                            ["get", "pods"] + form, environment: ["SWIFTLET_ROOT=\(world.root)"]
                        ).wait()
                        #expect(outcome.stdout == "pod/test\n", "\(form): \(outcome)")
                    }
                    #expect(try world.verb("get", "pods", "--no-headers=true", "-ndefault").lines.count == 1)
                    #expect(
                        try world.verb("get", "pod/test", "-o", "jsonpath={.spec.containers[*].name} {.status.phase}")
                            .stdout
                            == "a b Running")
                    #expect(
                        try world.verb("get", "pods", "-o", "custom-columns=N:.metadata.name,P:.status.phase").stdout
                            == "N      P\ntest   Running\n")
                    let json = try JSONValue(parsing: world.verb("get", "pod", "test", "-o", "json").stdout.utf8)
                    #expect(json["kind"] == .string("Pod") && json[path: "status", "podIP"] != nil)
                    let list = try JSONValue(parsing: world.verb("get", "pods", "-o", "json").stdout.utf8)
                    #expect(list["kind"] == .string("List") && list["items"] == .array([json]))
                    let yaml = try world.verb("get", "pod", "test", "-o", "yaml").stdout
                    #expect(yaml.hasPrefix("apiVersion: v1\nkind: Pod\nmetadata:\n"), "\(yaml)")

                    #expect(try world.verb("get", "pods", "-l", "app=web", "-o", "name").stdout == "pod/test\n")
                    let none = try world.verb("get", "pods", "-l", "app!=web")
                    #expect(
                        none.stdout.isEmpty && none.stderr == "No resources found in default namespace.\n"
                            && none.code == 0)
                    #expect(
                        try world.verb("get", "pods", "--field-selector", "status.phase=Running", "-o", "name").stdout
                            == "pod/test\n")
                    #expect(
                        try world.verb("get", "pods", "-n", "other").stderr
                            == "No resources found in other namespace.\n")
                }
            }
        }

        @Test func whatIsNotThere() throws {
            try withWorld { world in
                let missing = try world.verb("get", "pod", "x")
                #expect(missing.code == 1 && missing.stderr == "Error from server (NotFound): pods \"x\" not found\n")
                #expect(try world.verb("get", "pod", "x", "--ignore-not-found").code == 0)
                let kind = try world.verb("get", "things")
                #expect(kind.stderr == "error: the server doesn't have a resource type \"things\"\n" && kind.code == 1)
                #expect(
                    try world.verb("get", "pods", "-o", "go-template={{.}}").stderr.hasPrefix("error: Go templates"))
                let path = try world.verb("get", "pods", "-o", "jsonpath={.a")
                #expect(path.stderr == "error: error parsing jsonpath {.a, unclosed action\n", "\(path)")
                #expect(try world.verb("get", "node", "-o", "name").stdout.hasPrefix("node/"))
                #expect(try world.verb("get", "ns").lines.last?.hasPrefix("default   Active   ") == true)
                let resources = try world.verb("api-resources", "--no-headers").stdout
                #expect(resources.contains(#/(?m)^pods +po +v1 +true +Pod$/#), "\(resources)")
            }
        }

        @Test func changesAreShownAsTheyHappen() throws {
            try withWorld { world in
                let watch = try world.command(["get", "pods", "-w", "--root", world.root])
                defer { watch.interrupt() }
                usleep(200_000)
                let outcome = try world.run(pod(container("a", "sleep 0.5; exit 3")))
                #expect(outcome.code == 3)
                try watch.waitForLine("Running")
                let lines = watch.stdout.split(separator: "\n")
                #expect(lines.first?.hasPrefix("NAME   READY   STATUS ") == true, "\(lines)")
                #expect(lines.contains { $0.contains("Running") }, "\(lines)")
                #expect(lines.filter { $0.hasPrefix("NAME") }.count == 1)
                watch.interrupt()
                _ = try watch.wait()
            }
        }

        @Test func orderAndFiles() throws {
            try withWorld { world in
                let manifest = documents(
                    pod(container("a", idle), name: "one"), pod(container("a", idle), name: "two"))
                try world.whileRunning(manifest) { _ in
                    try eventually("both run") {
                        try world.verb("get", "pods", "-o", "name").lines == ["pod/one", "pod/two"]
                    }
                    let sorted = try world.verb(
                        "get", "pods", "--sort-by", ".metadata.uid", "-o", "custom-columns=U:.metadata.uid")
                    #expect(
                        sorted.lines.count == 3
                            && sorted.lines.dropFirst().elementsEqual(sorted.lines.dropFirst().sorted()))
                    let unknown = try world.verb("get", "pods", "--sort-by", ".spec.none")
                    #expect(
                        unknown.stderr
                            == "error: couldn't find any field with path \"{.spec.none}\" in the list of objects\n")
                    let file = try world.write("two.yaml", pod(container("a", idle), name: "two"))
                    #expect(try world.verb("get", "-f", file, "-o", "name").stdout == "pod/two\n")
                    let some = try world.verb("get", "pod", "one", "x", "two", "-o", "name")
                    #expect(some.stdout == "pod/one\npod/two\n" && some.code == 1)
                    #expect(some.stderr == "Error from server (NotFound): pods \"x\" not found\n")
                    #expect(
                        try world.verb("get", "all", "--no-headers").lines.map { $0.prefix(7) } == [
                            "pod/one", "pod/two",
                        ])
                }
            }
        }

        /// Security rule S43: annotations, variables and last words that would move the cursor.
        @Test func nothingOfAPodActsOnTheTerminal() throws {
            try withWorld { world in
                let words = #"sh -c 'printf "\033[31m\302\233\r" >/dev/termination-log; exit 1'"#
                let manifest = pod(
                    container("a", idle, #"env: [{name: A, value: "x\e]0;t\x07\x9b\r"}]"#), container("b", words),
                    name: "test"
                ).replacing("{name: test}", with: #"{name: test, annotations: {note: "\e[2J\x9b"}}"#)
                try world.whileRunning(manifest) { _ in
                    try eventually("b has ended") {
                        try world.verb("get", "pods", "-o", "jsonpath={..terminated.exitCode}").stdout == "1"
                    }
                    for arguments in [
                        ["get", "pods", "-o", "yaml"], ["get", "pods", "-o", "json"], ["describe", "pod"], ["tree"],
                        ["events"],
                        [
                            "get", "pods", "-o",
                            "custom-columns=A:.metadata.annotations,E:.spec.containers[*].env,S:..message",
                        ],
                        ["get", "pods", "-o", "jsonpath={.items}{..value}{..message}"],
                    ] {
                        let run = try world.command(
                            arguments, environment: ["SWIFTLET_ROOT=\(world.root)", "NO_COLOR=1"], terminal: true)
                        let outcome = try run.wait()
                        let acting = outcome.stdout.unicodeScalars.filter {
                            ["\u{1B}", "\u{9B}", "\u{7}"].contains($0)
                        }
                        #expect(outcome.code == 0 && acting.isEmpty, "\(arguments): \(outcome)")
                        #expect(!outcome.stdout.isEmpty)
                    }
                }
            }
        }

        @Test func eventsInTheOrderOfTime() throws {
            try withWorld { world in
                try world.whileRunning(web) { _ in
                    try eventually("three have started") {
                        try world.verb("events").lines.filter { $0.contains("Started container") }.count == 3
                    }
                    let events = try world.verb("events", "--for", "pod/test")
                    #expect(events.lines.first == "LAST SEEN   TYPE     REASON    OBJECT     MESSAGE", "\(events)")
                    #expect(
                        events.lines.contains { $0.contains(#/ Normal   Started   Pod\/test   Started container a$/#) },
                        "\(events)")
                    #expect(
                        try world.verb("events", "--types", "Warning").stderr
                            == "No events found in default namespace.\n")
                    #expect(try world.verb("get", "events").lines.dropFirst().allSatisfy { $0.contains("pod/test") })
                }
            }
        }
    }
}
