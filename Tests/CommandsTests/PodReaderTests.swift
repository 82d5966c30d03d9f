import ObjectStore
import PodAPI
import Testing

@testable import Commands

@Suite struct PodReaderTests {
    private let directory: TemporaryDirectory
    private let host: Host

    init() throws {
        directory = try TemporaryDirectory()
        host = Host(Roots(directory.path))
        for name in ["lib", "lib/pods"] { directory.make(name) }
    }

    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    private func store(_ name: String, _ uid: String, namespace: String = "default", labels: String = "{}") throws {
        let object = try json(
            #"{"kind":"Pod","metadata":{"name":"\#(name)","namespace":"\#(namespace)","labels":\#(labels)},"spec":{}}"#)
        try host.write { (transaction) throws(ObjectStoreError) in _ = try transaction.create(object, uid: uid) }
        directory.make("lib/pods/\(uid)")
    }

    private func phase(_ name: String, namespace: String? = nil) throws -> String? {
        try host.get(.pod, name, namespace: namespace)[path: "status", "phase"]?.string
    }

    @Test func statusIsTheSupervisors() throws {
        try store("x", "u1")
        #expect(try phase("x") == "Pending")
        directory.write("lib/pods/u1/status.json", Array(#"{"version":1,"status":{"phase":"Running"}}"#.utf8))
        #expect(try phase("x") == "Running")
        #expect(
            try host.objects(.pod, namespace: nil, fields: FieldSelector(parsing: "status.phase=Running")).count == 1)
        #expect(try host.objects(.pod, namespace: "other").isEmpty)
    }

    @Test(arguments: ["", "{", "[1]", "\u{0}\u{1}", #"{"phase":"Run"#])
    func aDamagedStatusIsKeptAside(_ content: String) throws {
        try store("x", "u1")
        directory.write("lib/pods/u1/status.json", Array(content.utf8))
        for _ in 0..<2 { #expect(try phase("x") == "Unknown") }
        #expect(try host.get(.pod, "x")[path: "status", "message"]?.string?.contains("status.json.bad") == true)
        directory.write("lib/pods/u1/status.json", Array(#"{"status":{"phase":"Succeeded"}}"#.utf8))
        #expect(try phase("x") == "Succeeded")
    }

    @Test func podsOfRunAreAmongThem() throws {
        try store("b", "u1")
        directory.make("lib/pods/u2")
        directory.write(
            "lib/pods/u2/object.json",
            Array(
                #"{"kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u2","labels":{"app":"web"}}}"#.utf8)
        )
        directory.write("lib/pods/u2/status.json", Array(#"{"terminating":true,"status":{"phase":"Running"}}"#.utf8))
        directory.make("lib/pods/u3")
        directory.write("lib/pods/u3/object.json", Array(#"{"kind":"Pod","metadata":{"uid":"other"}}"#.utf8))
        #expect(try host.objects(.pod, namespace: "default").map { ObjectKey($0).name } == ["a", "b"])
        #expect(try phase("a") == "Running")
        #expect(try host.get(.pod, "a")[path: "metadata", "deletionTimestamp"] != nil)
        let selected = try host.objects(.pod, namespace: nil, labels: LabelSelector(parsing: "app=web"))
        #expect(selected.map { ObjectKey($0).name } == ["a"])
    }

    @Test func whatIsMissingIsNamedInKubectlsWords() throws {
        try store("x", "u1")
        let error = #expect(throws: CommandError.self) { try phase("y") }
        #expect(error?.line == "Error from server (NotFound): pods \"y\" not found")
        #expect(error?.code == 1)
        let resolved = try host.resolve(try ResourceArguments(["pods", "x", "y"]), namespace: "default")
        #expect(resolved.found.map { ObjectKey($0.object).name } == ["x"])
        #expect(resolved.missing.map(\.line) == ["Error from server (NotFound): pods \"y\" not found"])
        #expect(throws: CommandError.self) {
            try host.resolve(try ResourceArguments(["pod/x"]), namespace: nil)
        }
    }

    @Test func namespacesAreThoseInUse() throws {
        try store("x", "u1", namespace: "web")
        #expect(try host.objects(.namespace, namespace: nil).map { ObjectKey($0).name } == ["default", "web"])
        #expect(try host.find(.namespace, "none") == nil)
    }

    @Test func theHostIsANode() throws {
        let node = try #require(try host.objects(.node, namespace: nil).first)
        #expect(node[path: "metadata", "name"]?.string?.isEmpty == false)
        #expect(node[path: "status", "capacity", "cpu"]?.string != nil)
    }

    @Test(arguments: [
        (
            ObjectStoreError.alreadyExists(ObjectKey(kind: "Pod", namespace: "", name: "x")),
            "Error from server (AlreadyExists): pods \"x\" already exists"
        ),
        (
            .conflict(ObjectKey(kind: "ConfigMap", namespace: "", name: "c")),
            "Error from server (Conflict): Operation cannot be fulfilled on configmaps \"c\": the object has been modified; please apply your changes to the latest version and try again"
        ),
        (
            .invalid(ObjectKey(kind: "Pod", namespace: "", name: "x"), problem: "spec: no"),
            "The Pod \"x\" is invalid: spec: no"
        ),
        (.unusable(path: "/a", problem: "b"), "swiftlet: /a: b"),
    ])
    func errorsOfTheStore(_ error: ObjectStoreError, _ line: String) {
        #expect(CommandError(error).line == line)
    }
}
